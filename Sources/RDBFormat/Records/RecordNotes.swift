/// What a record says, gathered step by step.
struct RecordNotes {
  /// The key and its value. The expiry and the use come in records of their own before.
  private(set) var entry = RDBEntry()
  /// The kind of the value; nil for a record that is no key.
  private(set) var value: RecordLayouts.Value?
  /// Whether the string that begins is an integer.
  var isInteger = false
  /// Estimates the memory that the value took.
  var meter = MemoryMeter(RDBMemoryModel())

  private(set) var fact: (name: [UInt8], value: [UInt8]) = ([], [])
  /// The length of the last string that is no part of a key.
  private(set) var length = 0

  /// The strings of a node of a stream count for its largest one only.
  static let streamNode = RecordLayouts.Value(type: .stream, encoding: .stream, stride: 1, measured: 1)

  mutating func begin(_ value: RecordLayouts.Value?) {
    self.value = value
    guard let value else { return }
    entry.key.type = value.type
    entry.elements = 0
    entry.largestElement = 0
    entry.expiringFields = 0
    meter.begin()
  }

  mutating func beginValue(at offset: Int) { entry.payloadOffset = offset }

  /// Completes the entry of a key whose value has passed.
  mutating func endValue(at offset: Int, payload: [UInt8]?) {
    entry.payloadLength = offset &- entry.payloadOffset
    entry.payload = payload
    entry.encoding = encoding
    entry.memoryBytes = meter.total(
      of: entry.encoding, name: entry.key.name.count, elements: entry.elements, stored: entry.payloadLength)
  }

  /// Forgets what came before a key and belongs to it alone.
  mutating func endKey() {
    entry.key.expiresAt = nil
    entry.key.idleSeconds = nil
    entry.key.frequency = nil
    entry.payload = nil
  }

  // MARK: - Numbers

  mutating func note(_ number: UInt64, _ role: NumberRole) throws(RDBError.Kind) {
    switch role {
    case .ignored, .container: break
    case .database: entry.key.database = try RecordNotes.bounded(number, by: UInt64(Int32.max))
    case .expirySeconds: entry.key.expiresAt = Int64(Int32(truncatingIfNeeded: number)) * 1000
    case .expiry: entry.key.expiresAt = try RecordNotes.time(number)
    case .idle: entry.key.idleSeconds = try RecordNotes.bounded(number, by: RDBLimits.longest)
    case .frequency: entry.key.frequency = Int(number)
    case .entries: entry.elements = try RecordNotes.bounded(number, by: RDBLimits.longest)
    case .module: entry.module = number
    case .fieldExpiry: noteField(expires: number != 0)
    case .signedFieldExpiry: noteField(expires: number != .max)
    }
  }

  private mutating func noteField(expires: Bool) {
    guard expires else { return }
    entry.expiringFields &+= 1
    meter.addFieldExpiry()
  }

  private static func bounded(_ number: UInt64, by limit: UInt64) throws(RDBError.Kind) -> Int {
    guard number <= limit else { throw .badLength }
    return Int(number)
  }

  /// A moment in milliseconds; servers take none that is further away than a few million years.
  private static func time(_ number: UInt64) throws(RDBError.Kind) -> Int64 {
    let time = Int64(bitPattern: number)
    guard time.magnitude <= UInt64.max >> 2 else { throw .damaged("an expiry that cannot be") }
    return time
  }

  mutating func note(loop times: Int, _ role: LoopRole) {
    switch role {
    case .elements: entry.elements = times
    case .groups: meter.add(groups: times)
    case .pending: meter.add(pending: times, ofConsumer: false)
    case .consumerPending: meter.add(pending: times, ofConsumer: true)
    case .other, .nodes: break
    }
  }

  // MARK: - Strings

  mutating func collect(_ bytes: [UInt8], _ role: TextRole) {
    switch role {
    case .factName: fact.name = bytes
    case .fact: fact.value = bytes
    default:
      // The bytes of the last name make room for those of the next.
      entry.key.name.removeAll(keepingCapacity: true)
      entry.key.name.append(contentsOf: bytes)
    }
  }

  /// Notes a string of a value, or one that is no part of a key.
  mutating func note(_ length: Int, _ role: TextRole) {
    self.length = length
    switch role {
    case .string:
      entry.elements = 1
      entry.largestElement = length
    case .item where value?.encoding == .quicklist:
      entry.elements &+= 1
      entry.largestElement = max(entry.largestElement, length)
      meter.add(plainNode: length)
      return
    case .item, .member, .scored, .field, .fieldValue:
      entry.largestElement = max(entry.largestElement, length)
    default: break
    }
    meter.add(length, role, isInteger: isInteger)
  }

  /// Notes a pack of a length.
  mutating func note(_ pack: PackCount, length: Int) {
    entry.largestElement = max(entry.largestElement, pack.longest)
    if value?.type != .stream { entry.elements &+= pack.texts / pack.stride }
    for _ in 0..<pack.expiries { noteField(expires: true) }
    meter.add(pack: length)
  }

  private var encoding: RDBEncoding {
    guard let value else { return .raw }
    switch value.encoding {
    case .raw:
      return isInteger ? .int : entry.largestElement <= RDBMemoryModel.longestEmbedded ? .embstr : .raw
    case .quicklist where meter.isOnePack: return .listpack
    default: return value.encoding
    }
  }
}
