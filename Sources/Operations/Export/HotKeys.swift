import Bytes
import Keyspace

/// Finds the keys that are used most: by how often where the server counts that, else by how lately.
struct HotKeys: KeyVisitor {
  /// A key with its heat.
  struct Entry {
    let key: [UInt8]
    /// The larger the more it is used.
    let heat: Int
    /// What was left of the key when it was met, in milliseconds; -1 for ever.
    fileprivate let ttl: Int64
    fileprivate let met: ContinuousClock.Instant

    /// What is left of it now.
    var ttlNow: Int64 {
      guard ttl >= 0 else { return -1 }
      return max(1, ttl - Int64((ContinuousClock.now - met) / .milliseconds(1)))
    }
  }

  private let request: ExportRequest
  private let limit: Int
  private let usesFrequency: Bool
  private var chooser: KeyChooser
  private var entries: [Entry] = []
  private var met = ContinuousClock.now

  init(_ request: ExportRequest, superseded: SupersededChoice?, limit: Int, usesFrequency: Bool) {
    self.request = request
    self.limit = limit
    self.usesFrequency = usesFrequency
    chooser = KeyChooser(request.walk, superseded: superseded, readsNames: false)
  }

  func fork() -> HotKeys {
    var other = self
    other.chooser = chooser.fork()
    other.entries = []
    return other
  }

  mutating func startOver() { entries = [] }

  mutating func merge(_ other: HotKeys) {
    entries += other.entries
    cut()
  }

  mutating func beginPage() { met = .now }

  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice {
    var choice = KeyPage.Choice()
    choice.isChosen = chooser.admits(key)
    choice.measurements = request.walk.selection.neededMeasurements.union([
      .ttl, usesFrequency ? .frequency : .idle,
    ])
    if request.walk.selection.type != nil { choice.measurements.insert(.type) }
    return choice
  }

  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: KeyMeasurer.Outcome) {
    guard case .measured(let measure) = outcome, request.walk.selection.admits(measure),
      request.admits(ttl: measure.ttlMilliseconds)
    else { return }
    if let type = request.walk.selection.type, measure.type != type { return }
    let heat = usesFrequency ? measure.frequency ?? 0 : -(measure.idleSeconds ?? 1 << 40)
    entries.append(Entry(key: Array(copying: key), heat: heat, ttl: measure.ttlMilliseconds ?? -1, met: met))
    if entries.count >= 2 * limit + 1000 { cut() }
  }

  /// The keys, the hottest first.
  mutating func hottest() -> [Entry] {
    cut()
    return entries
  }

  private mutating func cut() {
    entries.sort { $0.heat > $1.heat }
    entries.removeLast(max(0, entries.count - limit))
  }
}
