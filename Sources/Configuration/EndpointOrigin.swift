import Bytes
import RedisClient

/// The source a value came from, for errors that lead back to it.
enum EndpointOrigin: Sendable, Hashable {
  case commandLine
  case environment(variable: String)
  case profile(name: String?)

  /// The class of a mistake made there: only the command line is a matter of usage.
  var errorKind: EndpointError.Kind {
    self == .commandLine ? .usage : .configuration
  }

  /// The place in words, with the setting that is meant; nil for several at once.
  ///
  /// Nil where no place needs to be named: on the command line the message names the options itself.
  func label(_ setting: ConnectionSetting? = nil) -> SettingText? {
    switch self {
    case .commandLine: return setting.map { "\($0)" }
    case .environment(let variable): return "\(variable)"
    case .profile(let name):
      let profile = name.map { "profile " + KeyText.inQuotes($0, atMost: 80) } ?? "profile"
      return setting.map { "\(profile), \(key: $0)" } ?? "\(profile)"
    }
  }
}

extension EndpointError {
  /// The same error, led by where the value came from and classed by that place.
  ///
  /// A missing file stays a missing file wherever its name was written.
  func placed(in origin: EndpointOrigin, _ setting: ConnectionSetting? = nil) -> EndpointError {
    let placed = origin.label(setting).map { place -> SettingText in "\(place): \(message)" } ?? message
    return EndpointError(kind == .inputMissing ? kind : origin.errorKind, placed, hint: hint)
  }
}
