import Bytes

/// What natural form cannot keep of a value, so that the key becomes a dump record.
enum ValueLoss: Hashable {
  /// Fields of a hash expire.
  case fieldTimes
  /// A stream has consumer groups, or a last or deleted id that its entries do not show.
  case streamState
  /// A stream without entries.
  case emptyStream
  /// A type that has no natural form, by its name.
  case type(String)
  /// The value changed so much whenever it was read that elements may have been missed.
  case changing
  /// Whether anything is lost cannot be found out, because the server does not answer this command.
  case unknown(command: String)

  /// The word for it in JSON.
  var name: String {
    switch self {
    case .fieldTimes: "field_ttls"
    case .streamState: "stream_state"
    case .emptyStream: "empty_stream"
    case .type: "type"
    case .changing: "changing"
    case .unknown: "unknown"
    }
  }

  /// Why the key needs a dump, as the end of a sentence that begins with the key.
  var reason: String {
    switch self {
    case .fieldTimes: "is a hash whose fields expire"
    case .streamState: "is a stream with consumer groups or ids that its entries do not show"
    case .emptyStream: "is a stream without entries"
    case .type(let name): "is of type \(KeyText.sanitized(name))"
    case .changing: "changed every time it was read"
    case .unknown(let command): "may hold more than its elements: \(command) is not answered here"
    }
  }
}
