import Bytes
import Keyspace
import RedisClient

/// Admits each of the names that a node gives once, and only where the node is the one to ask about it.
struct NameFilter {
  /// An admitted name: its slot in the lowest 14 bits, and a hash above.
  struct Entry: Hashable {
    fileprivate let bits: UInt64

    fileprivate init(bits: UInt64) { self.bits = bits }

    fileprivate init(hash: UInt64, slot: HashSlot) { bits = hash << 14 | UInt64(slot.rawValue) }

    fileprivate var slot: HashSlot { HashSlot(rawValue: UInt16(truncatingIfNeeded: bits & 0x3fff)) ?? .first }
  }

  /// The bound on the names that a run remembers; 8 bytes each.
  static let most = 4_000_000

  /// The slots whose keys count; nil where all do. Keys of other slots are those that a resharding left behind, or has
  /// already brought.
  var slots: SlotSet?
  /// Names that other walks, or an earlier attempt at this one, have admitted.
  var known: Set<Entry> = []
  private let seed: UInt64
  private var recent = RecentKeys()
  private let most: Int
  private var admitted: [Entry] = []
  private var retracted: Set<Entry> = []
  /// True where more names were admitted than are remembered.
  private(set) var isFull = false

  /// All filters of a run share a `seed`; `most` bounds the names that are remembered, 0 remembers none.
  init(slots: SlotSet? = nil, seed: UInt64, most: Int = 0) {
    self.slots = slots
    self.seed = seed
    self.most = most
  }

  /// Decides about the names of a page, one after the other; `bytes` holds them.
  ///
  /// Computes their hashes first: the table of names is larger than a core's nearest caches, and a loop that does little
  /// else waits for several of its rows at once.
  mutating func admit(_ names: [Range<Int>], of bytes: [UInt8]) -> [Bool] {
    let hashes = names.map { KeyHash.tableValue(bytes.span.extracting($0), seed: seed) }
    guard slots != nil || most > 0 else { return recent.insert(hashes) }
    return zip(names, hashes).map { admits(bytes.span.extracting($0), $1) }
  }

  private mutating func admits(_ key: Span<UInt8>, _ hash: UInt64) -> Bool {
    let slot = slot(of: key)
    if let slots, !slots.contains(slot) { return false }
    guard recent.insert(hash) else { return false }
    let entry = Entry(hash: hash, slot: slot)
    if !known.isEmpty, known.contains(entry) { return false }
    if admitted.count < most { admitted.append(entry) } else { isFull = most > 0 || isFull }
    return true
  }

  /// Takes back that a name was admitted: its key has moved to another node, where it will be named again.
  mutating func retract(_ key: Span<UInt8>) {
    let hash = KeyHash.tableValue(key, seed: seed)
    recent.remove(hash)
    if most > 0 { retracted.insert(Entry(hash: hash, slot: slot(of: key))) }
  }

  /// Outside of clusters all names are of one slot.
  private func slot(of key: Span<UInt8>) -> HashSlot { slots == nil ? .first : HashSlot(key: key) }

  /// Notes that nothing more is walked which may repeat a name: half a megabyte for each database would be kept otherwise.
  mutating func endWalk() { recent = RecentKeys() }

  /// Starts over: the names admitted so far are known ones from now on, or forgotten.
  mutating func startOver(remembering: Bool) {
    recent = RecentKeys()
    if remembering { known.formUnion(entries()) }
    admitted.removeAll()
    retracted.removeAll()
  }

  /// The slots of the keys that were taken back.
  var retractedSlots: SlotSet {
    var slots = SlotSet()
    for entry in retracted { slots.insert(entry.slot) }
    return slots
  }

  /// The admitted names whose slots are in a set; nil takes all.
  func entries(in slots: SlotSet? = nil) -> Set<Entry> {
    var entries = Set<Entry>()
    for entry in admitted where slots?.contains(entry.slot) ?? true { entries.insert(entry) }
    return entries.subtracting(retracted)
  }
}

extension NameFilter {
  /// Writes the names to a checkpoint; slots and seed are kept elsewhere.
  func write(to writer: inout CheckpointWriter) {
    writer.add(recent)
    writer.add(isFull)
    writer.add(admitted.count)
    for entry in admitted { writer.add(fixed: entry.bits) }
    writer.add(retracted.count)
    for entry in retracted { writer.add(fixed: entry.bits) }
  }

  /// Reads the names into a filter that has admitted none, of the same slots and seed.
  mutating func read(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    recent = try reader.value()
    isFull = try reader.flag()
    for _ in 0..<(try reader.count()) { admitted.append(Entry(bits: try reader.fixed())) }
    for _ in 0..<(try reader.count()) { retracted.insert(Entry(bits: try reader.fixed())) }
  }
}
