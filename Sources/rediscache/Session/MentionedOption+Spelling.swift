import Operations

extension MentionedOption {
  /// The option as it is typed.
  var spelled: String {
    switch self {
    case .keyLimit: "--max-keys"
    case .expectedCount: "--expect"
    case .evictionStop: "--stop-on-eviction"
    case .envelope: "--envelope"
    case .dump: "--dump"
    }
  }
}
