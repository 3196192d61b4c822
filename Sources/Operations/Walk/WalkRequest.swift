package import Keyspace

/// How key names are read.
package struct KeyNaming: Sendable {
  /// What stands between two segments.
  package var separator = ":"
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

/// Which keys a command walks, and how hard it works the server meanwhile.
package struct WalkRequest: Sendable {
  /// Which keys.
  package var selection = KeySelection()
  /// How their names are read.
  package var naming = KeyNaming()
  /// How hard the server is worked.
  package var pace = Pace.auto
  /// The bound on keys a second.
  package var rate: Int?
  /// The COUNT of each SCAN, where the user fixes it.
  package var count: Int?
  /// What the command cannot do without, beside what the selection needs.
  var required: KeyMeasurements = []
  /// True where only this server is asked for, although it may be part of a cluster.
  package var nodeOnly = false

  /// Every key, at the default pace.
  package init() {}

  /// The bound on keys a page, where what follows must keep up with it.
  var largestPage = Int.max

  /// The pace of one of so many nodes that are walked side by side.
  func makePace(sharedBy nodes: Int = 1) -> PaceController {
    PaceController(pace, rate: rate.map { max(1, $0 / nodes) }, count: count, limit: largestPage)
  }
}
