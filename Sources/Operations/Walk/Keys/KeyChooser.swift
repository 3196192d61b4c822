import Keyspace

/// Decides by a key's name whether it is chosen, the cheapest question first.
struct KeyChooser {
  private let selection: KeySelection
  private let checksPattern: Bool
  private let readsNames: Bool
  private let rendersTail: Bool
  private var superseded: SupersededChoice?
  private(set) var reader: KeyReader
  private let naming: KeyNaming

  /// `readsNames` reads every name, `rendersTail` also the part after namespace and version.
  init(_ request: WalkRequest, superseded: SupersededChoice?, readsNames: Bool, rendersTail: Bool) {
    selection = request.selection
    checksPattern = !selection.pattern.matchesEverything || !selection.excluded.isEmpty
    self.readsNames = readsNames || selection.readsNames
    self.rendersTail = rendersTail
    self.superseded = superseded
    naming = request.naming
    reader = naming.makeReader()
  }

  /// The same for another thread: each needs a reader of its own.
  func fork() -> KeyChooser {
    var other = self
    other.reader = naming.makeReader()
    return other
  }

  /// True where the name fits; what was read of it is in `reader` then.
  mutating func admits(_ key: Span<UInt8>) -> Bool {
    // The server has matched the pattern already; it is matched here as well, so that a faulty proxy changes
    // nothing.
    if checksPattern, !selection.admits(key) { return false }
    guard readsNames else { return true }
    read(key)
    return selection.admits(reader.reading) && (superseded?.contains(reader.reading) ?? true)
  }

  /// Reads a name again, when it is to be counted.
  mutating func read(_ key: Span<UInt8>) { reader.read(key, renderTail: rendersTail) }
}
