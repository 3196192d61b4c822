package import Keyspace

/// How key names are read.
package struct KeyNaming: Sendable {
  /// What separates two segments; nil where each name shows its own separator.
  package var separator: String?
  /// How versions are recognised.
  package var versionRule = VersionRule.standard
  /// Schemas by which keys are read; where none is given the general rules hold.
  package var schemas: [KeySchema] = []

  /// The general rules.
  package init() {}

  func makeReader() -> KeyReader {
    KeyReader(separator: separator, versionRule: versionRule, schemas: schemas)
  }
}

/// Which keys a command walks, and how much of the server's time it takes.
package struct WalkRequest: Sendable {
  /// Which keys.
  package var selection = KeySelection()
  /// How their names are read.
  package var naming = KeyNaming()
  /// The elements of a collection that MEMORY USAGE measures; 0 for all, nil for the server's default of five.
  package var memorySamples: Int?
  /// How much of the server's time the walk takes.
  package var pace = Pace.auto
  /// The bound on keys a second.
  package var rate: Int?
  /// The COUNT of each SCAN, where the user fixes it.
  package var count: Int?
  /// The measurements that the command needs, beside those of the selection.
  var required: KeyMeasurements = []
  /// The measurements without which a run goes on and is not complete.
  var expected: KeyMeasurements = []
  /// True where only this server is meant, even if it is part of a cluster.
  package var nodeOnly = false

  /// Every key, at the default pace.
  package init() {}

  /// The bound on keys a page, for commands that cannot process more at a time.
  var largestPage = Int.max

  /// The pace of one of several nodes that are walked side by side and share the rate.
  func makePace(sharedBy nodes: Int = 1) -> PaceController {
    PaceController(pace, rate: rate.map { max(1, $0 / nodes) }, count: count, limit: largestPage)
  }
}
