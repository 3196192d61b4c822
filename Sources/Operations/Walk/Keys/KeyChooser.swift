import Keyspace
import Quantities

/// Decides by a key's name whether it is chosen, the cheapest question first.
struct KeyChooser {
  private let selection: KeySelection
  private let checksPattern: Bool
  private let readsNames: Bool
  /// True where a key must fit one of the schemas by which names are read.
  private let wantsSchema: Bool
  /// Keys that fit no schema and were left out for that.
  private(set) var strangers = 0
  private var superseded: SupersededChoice?
  private(set) var reader: KeyReader
  private let naming: KeyNaming

  /// `superseded` has learned what all names show together; without it each name decides for itself. `readsNames` reads every
  /// name. Keys that fit no schema are never chosen, but where `showsStrangers` is true and nothing is chosen by what names say.
  init(
    _ request: WalkRequest, superseded: SupersededChoice?, readsNames: Bool,
    showsStrangers: Bool = false
  ) {
    selection = request.selection
    checksPattern = !selection.pattern.matchesEverything || !selection.excluded.isEmpty
    wantsSchema = !request.naming.schemas.isEmpty && (selection.readsNames || !showsStrangers)
    self.readsNames = readsNames || selection.readsNames || wantsSchema
    self.superseded = superseded
    naming = request.naming
    reader = naming.makeReader()
  }

  /// The same for another thread: each needs a reader of its own.
  func fork() -> KeyChooser {
    var other = self
    other.reader = naming.makeReader()
    other.strangers = 0
    return other
  }

  /// Goes on with the keys of a database.
  mutating func begin(database: Int) { superseded?.database = database }

  /// True where the name fits; what was read of it is in `reader` then.
  mutating func admits(_ key: Span<UInt8>) -> Bool {
    // The server has matched the pattern already; it is matched here as well, so that a faulty proxy changes
    // nothing.
    if checksPattern, !selection.admits(key) { return false }
    guard readsNames else { return true }
    read(key)
    guard !wantsSchema || reader.reading.matchesSchema else {
      strangers += 1
      return false
    }
    guard superseded != nil else { return selection.admitsAlone(reader.reading) }
    return selection.admits(reader.reading) && superseded?.contains(reader.reading) ?? false
  }

  /// Reads a name again, when it is to be counted.
  mutating func read(_ key: Span<UInt8>) { reader.read(key) }
}

extension KeyChooser {
  /// What a report says of keys that fit no schema and were left out.
  static func warnings(strangers: Int) -> [String] {
    guard strangers > 0 else { return [] }
    return ["\(NumberText.keys(strangers)) left out: \(strangers == 1 ? "it fits" : "they fit") no schema"]
  }
}
