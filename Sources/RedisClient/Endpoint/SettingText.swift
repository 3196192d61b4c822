/// A sentence that names settings of the connection without spelling them.
///
/// Interpolating a `ConnectionSetting` names it as an option, `\(key: setting)` as a key of a profile.
package struct SettingText: Sendable, Hashable {
  /// A piece of the sentence.
  package enum Part: Sendable, Hashable {
    /// Words, and values that are safe to show.
    case words(String)
    /// An option of the command line.
    case option(ConnectionSetting)
    /// A key of a profile.
    case key(ConnectionSetting)
  }

  /// The pieces in their order.
  package private(set) var parts: [Part]
}

extension SettingText: ExpressibleByStringInterpolation {
  /// A sentence under construction.
  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var parts: [Part] = []

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ literal: String) { appendInterpolation(literal) }

    package mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      if !value.description.isEmpty { parts.append(.words(value.description)) }
    }

    package mutating func appendInterpolation(_ setting: ConnectionSetting) { parts.append(.option(setting)) }

    package mutating func appendInterpolation(key setting: ConnectionSetting) { parts.append(.key(setting)) }

    package mutating func appendInterpolation(_ text: SettingText) { parts += text.parts }
  }

  package init(stringLiteral words: String) { parts = words.isEmpty ? [] : [.words(words)] }

  package init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }
}

extension SettingText: CustomStringConvertible {
  /// The sentence with each setting's own name in brackets, for logs of tests.
  package var description: String {
    parts.map { part in
      switch part {
      case .words(let words): words
      case .option(let setting): "[\(setting)]"
      case .key(let setting): "\(setting)"
      }
    }.joined()
  }
}
