import Bytes

/// Adds up what a value takes in memory, while it passes.
struct MemoryMeter {
  let model: RDBMemoryModel
  /// What was handed out for strings, nodes and packs.
  private var bytes = 0
  private var packs = 0
  private var plainNodes = 0
  private var lastPack = 0
  private var isSet = false
  private var isSorted = false

  init(_ model: RDBMemoryModel) { self.model = model }

  mutating func begin() {
    bytes = 0
    packs = 0
    plainNodes = 0
    lastPack = 0
    isSet = false
    isSorted = false
  }

  // MARK: - Parts

  /// Adds a string of a value.
  mutating func add(_ length: Int, _ role: TextRole, isInteger: Bool) {
    switch role {
    case .string: bytes = string(length, isInteger: isInteger)
    case .item: bytes &+= MemoryMeter.listNode &+ string(length, isInteger: isInteger)
    case .member:
      isSet = true
      bytes &+= model.allocator.string(length) &+ (model.isCompact ? 0 : RDBMemoryModel.entry)
    case .scored:
      isSorted = true
      bytes &+= model.allocator.string(length) &+ RDBMemoryModel.entry &+ skipNode
    case .field: bytes &+= model.allocator.string(length) &+ RDBMemoryModel.entry
    case .fieldValue: bytes &+= model.allocator.string(length)
    case .consumer: bytes &+= model.consumer &+ length
    default: break
    }
  }

  /// Adds packed elements of a length.
  mutating func add(pack length: Int) {
    packs &+= 1
    lastPack = length
    bytes &+= model.allocator.size(for: length)
  }

  /// Adds a node of a list that holds one element.
  mutating func add(plainNode length: Int) {
    plainNodes &+= 1
    bytes &+= model.allocator.size(for: length)
  }

  mutating func addFieldExpiry() { bytes &+= MemoryMeter.fieldExpiry }

  /// Adds groups of consumers of a stream.
  mutating func add(groups count: Int) { bytes &+= count &* MemoryMeter.group }

  /// Adds the entries that a group, or one of its consumers, has not acknowledged: each is in both trees.
  mutating func add(pending count: Int, ofConsumer: Bool) {
    bytes &+= MemoryMeter.tree(count) &+ (ofConsumer ? 0 : count &* MemoryMeter.pending)
  }

  /// True for a list of one pack, which newer servers hold without nodes.
  var isOnePack: Bool { model.isCompact && packs == 1 && plainNodes == 0 }

  // MARK: - The sum

  /// The bytes of a key and its value.
  func total(of encoding: RDBEncoding, name: Int, elements: Int, stored: Int) -> Int {
    key(name) &+ value(of: encoding, elements: elements, stored: stored)
  }

  private func key(_ length: Int) -> Int {
    guard model.embedsNames else { return RDBMemoryModel.entry &+ model.allocator.string(length) }
    // Two pointers and the size of the string's head lie before the name; the head is never the shortest one.
    return model.allocator.size(for: 17 &+ max(3, AllocatorClasses.stringHead(length)) &+ length &+ 1)
  }

  private func string(_ length: Int, isInteger: Bool) -> Int {
    if isInteger { return RDBMemoryModel.object }
    guard length > RDBMemoryModel.longestEmbedded else {
      return model.allocator.size(for: RDBMemoryModel.object &+ 4 &+ length)
    }
    return RDBMemoryModel.object &+ model.allocator.string(length)
  }

  private func value(of encoding: RDBEncoding, elements: Int, stored: Int) -> Int {
    let object = RDBMemoryModel.object
    switch encoding {
    case .int, .embstr, .raw: return bytes
    case .ziplist, .listpack, .listpackEx, .zipmap, .intset: return object &+ bytes
    case .quicklist:
      return object &+ MemoryMeter.quicklist &+ (packs &+ plainNodes) &* MemoryMeter.quicklistNode &+ bytes
    case .linkedlist: return object &+ MemoryMeter.list &+ bytes
    case .hashtable:
      return object &+ table(elements) &+ bytes
        &+ (isSet && model.isCompact ? compactEntries(elements) : 0)
    case .skiplist: return object &+ MemoryMeter.sortedSet &+ table(elements) &+ skipHead &+ bytes
    case .stream:
      return object &+ MemoryMeter.stream &+ MemoryMeter.tree(packs) &+ bytes &+ roomBehindLastPack
    case .module: return object &+ stored
    }
  }

  /// A dictionary of elements: its table has a power of two of places.
  ///
  /// A table that has just doubled keeps the old one until all places have moved, a few with each access: those of an
  /// added member of a set are done at 81 % of the table, and a hash and a sorted set look each member up beforehand.
  private func table(_ elements: Int) -> Int {
    let places = MemoryMeter.places(elements)
    let isMoving = places > 4 && Double(elements) < (accessesOnce ? 0.81 : 0.7) * Double(places)
    return RDBMemoryModel.dictionary &+ 8 &* places &+ (isMoving ? 4 &* places : 0)
  }

  /// True where an addition looks at the table once.
  private var accessesOnce: Bool { isSet || model.isCompact && !isSorted }

  private static func places(_ elements: Int) -> Int {
    elements <= 4 ? 4 : 1 << (Int.bitWidth &- (elements &- 1).leadingZeroBitCount)
  }

  /// The entries of a compact set: members that do not come first in their place have one, evenly spread ones thus
  /// n - m (1 - (1 - 1/m)^n) of n in m places.
  private func compactEntries(_ members: Int) -> Int {
    let places = Double(MemoryMeter.places(members))
    let filled = places * (1 - exponential(-Double(members) / places))
    return 16 &* Int(Double(members) - filled)
  }

  /// The room that a stream keeps for more entries.
  private var roomBehindLastPack: Int {
    guard packs > 0, lastPack < MemoryMeter.streamNode else { return 0 }
    return model.allocator.size(for: MemoryMeter.streamNode) &- model.allocator.size(for: lastPack)
  }

  /// e to the power of x for x from -1 to 0, by its series: exact to a millionth.
  private func exponential(_ x: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    for index in 1..<10 {
      term *= x / Double(index)
      sum += term
    }
    return sum
  }

  /// A node of a skip list: 24 bytes, and 16 for each level, of which a quarter of the nodes of a level has another.
  private var skipNode: Int {
    model.allocator.quantum == 16 ? 53 : 47
  }

  private var skipHead: Int { model.allocator.size(for: 24 + 32 * 16) }

  /// A radix tree of ids of entries: two nodes for each, as MEMORY USAGE counts them.
  private static func tree(_ ids: Int) -> Int {
    let nodes = ids < 2 ? ids + 1 : 2 * ids + 2
    return ids * 16 + nodes * (4 + 30 * 8)
  }

  private static let listNode = 24
  private static let list = 48
  private static let quicklist = 40
  private static let quicklistNode = 32
  /// The structures of a sorted set and of its skip list.
  private static let sortedSet = 16 + 32
  private static let stream = 80
  private static let streamNode = 4096
  private static let group = 40
  private static let pending = 24
  private static let fieldExpiry = 24
}
