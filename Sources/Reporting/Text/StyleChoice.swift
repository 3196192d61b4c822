extension Style {
  /// The value of `--color`.
  package enum ColorChoice: String, Sendable, CaseIterable {
    /// Colour on a terminal that shows it, unless the environment objects.
    case auto
    /// Colour even into a pipe.
    case always
    /// No colour.
    case never
  }

  /// Decides the style of one stream from what the user asked and where the stream goes.
  ///
  /// `auto` means colour on a terminal, unless `NO_COLOR` is set and not empty (no-color.org) or `TERM` is
  /// `dumb` or missing. Unicode follows the locale: the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set
  /// and not empty must name UTF-8.
  ///
  /// - Parameters:
  ///   - isTerminal: Whether this stream, not another one, is a terminal.
  ///   - environment: The variables of the process, handed in so that tests can choose them.
  package init(color choice: ColorChoice, isTerminal: Bool, environment: [String: String]) {
    let isSet: (String) -> Bool = { environment[$0].map { !$0.isEmpty } ?? false }
    let canColor = isTerminal && !isSet("NO_COLOR") && isSet("TERM") && environment["TERM"] != "dumb"
    let color =
      switch choice {
      case .auto: canColor
      case .always: true
      case .never: false
      }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].first(where: isSet).flatMap { environment[$0] } ?? ""
    let charset = locale.lowercased()
    self.init(color: color, unicode: charset.contains("utf-8") || charset.contains("utf8"))
  }
}
