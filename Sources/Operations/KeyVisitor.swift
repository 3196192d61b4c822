import Keyspace

/// What a command does with the keys that a walk brings it.
protocol KeyVisitor {
  /// Called before a walk, with the place of the server.
  mutating func beginWalk(at node: String)

  /// Called before the keys of a measured page are visited.
  mutating func beginPage()

  /// Decides about a key when SCAN has named it: whether it is wanted, and what to ask about it.
  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice

  /// Takes a chosen key with what it answered.
  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: MeasureOutcome)
}

extension KeyVisitor {
  mutating func beginWalk(at node: String) {}
  mutating func beginPage() {}
}

/// What became of a key between SCAN and its measuring.
enum MeasureOutcome {
  /// The key answered.
  case measured(KeyMeasure)
  /// The key had gone.
  case vanished
  /// The key did not let itself be measured: the user may not look at it, or it answered with an error.
  case forbidden
}
