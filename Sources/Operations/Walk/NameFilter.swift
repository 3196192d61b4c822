import Bytes
import Keyspace
import RedisClient

/// Lets each of the names that a node gives through once, and only where the node is the one to ask about it.
struct NameFilter {
  /// A name that was let through: its slot in the lowest bits, and a hash above.
  typealias Entry = UInt64

  /// So many names are remembered by a run; 8 bytes each.
  static let most = 4_000_000

  /// The slots whose keys count; nil where all do. Keys of other slots are ghosts: what a resharding left behind, or
  /// has already brought.
  var slots: SlotSet?
  /// Names that other walks, or an earlier attempt at this one, have let through.
  var known: Set<Entry> = []
  private let seed: UInt64
  private var recent = RecentKeys()
  private let most: Int
  private(set) var log: [Entry] = []
  private(set) var retracted: Set<Entry> = []
  /// True where names were let through that are not in the log.
  private(set) var isFull = false

  /// All filters of a run share a `seed`; `most` bounds the log, 0 keeps none.
  init(slots: SlotSet? = nil, seed: UInt64, most: Int = 0) {
    self.slots = slots
    self.seed = seed
    self.most = most
  }

  /// Decides about the names of a page, one after the other; `bytes` holds them.
  ///
  /// Their hashes are computed first: what remembers names is larger than a core's nearest caches, and a loop that does
  /// little else awaits several of its rows at once.
  mutating func admit(_ names: [Range<Int>], of bytes: [UInt8]) -> [Bool] {
    let hashes = names.map { KeyHash.tableValue(bytes.span.extracting($0), seed: seed) }
    guard slots != nil || most > 0 else { return recent.insert(hashes) }
    return zip(names, hashes).map { admits(bytes.span.extracting($0), $1) }
  }

  private mutating func admits(_ key: Span<UInt8>, _ hash: UInt64) -> Bool {
    let slot = slot(of: key)
    if let slots, !slots.contains(slot) { return false }
    guard recent.insert(hash) else { return false }
    let entry = NameFilter.entry(hash, slot)
    if !known.isEmpty, known.contains(entry) { return false }
    if log.count < most { log.append(entry) } else { isFull = most > 0 || isFull }
    return true
  }

  /// Takes back that a name was let through: its key has moved to another node, where it will be met again.
  mutating func retract(_ key: Span<UInt8>) {
    let hash = KeyHash.tableValue(key, seed: seed)
    recent.remove(hash)
    if most > 0 { retracted.insert(NameFilter.entry(hash, slot(of: key))) }
  }

  /// Outside of clusters all names are of one slot.
  private func slot(of key: Span<UInt8>) -> HashSlot { slots == nil ? .first : HashSlot(key: key) }

  /// Begins anew; names let through so far are known ones from now on, or forgotten.
  mutating func startOver(remembering: Bool) {
    recent = RecentKeys()
    if remembering { known.formUnion(entries()) }
    log.removeAll()
    retracted.removeAll()
  }

  /// The slots of the keys that were taken back.
  var retractedSlots: SlotSet {
    var slots = SlotSet()
    for entry in retracted { slots.insert(NameFilter.slot(of: entry)) }
    return slots
  }

  /// The names let through whose slots are in a set; nil takes all.
  func entries(in slots: SlotSet? = nil) -> Set<Entry> {
    var entries = Set<Entry>()
    for entry in log where slots?.contains(NameFilter.slot(of: entry)) ?? true { entries.insert(entry) }
    return entries.subtracting(retracted)
  }

  private static func entry(_ hash: UInt64, _ slot: HashSlot) -> Entry {
    hash << 14 | UInt64(slot.rawValue)
  }

  private static func slot(of entry: Entry) -> HashSlot {
    HashSlot(rawValue: UInt16(truncatingIfNeeded: entry & 0x3fff)) ?? .first
  }
}

extension NameFilter {
  /// Adds the names to what is saved; slots and seed are kept elsewhere.
  func write(to writer: inout CheckpointWriter) {
    writer.add(recent)
    writer.add(isFull)
    writer.add(log.count)
    for entry in log { writer.add(fixed: entry) }
    writer.add(retracted.count)
    for entry in retracted { writer.add(fixed: entry) }
  }

  /// Makes a filter that has let nothing through, of the same slots and seed, what the saved one was.
  mutating func read(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    recent = try reader.value()
    isFull = try reader.flag()
    for _ in 0..<(try reader.count()) { log.append(try reader.fixed()) }
    for _ in 0..<(try reader.count()) { retracted.insert(try reader.fixed()) }
  }
}
