/// What every kind of record is made of, in one version of dumps.
struct RecordLayouts {
  /// A kind of record.
  struct Layout {
    /// Its steps, among those of all.
    var steps: Range<Int>
    /// What kind of value it is; nil for a record that is no key.
    var value: Value?
  }

  /// A kind of value.
  struct Value {
    let type: RDBType
    let encoding: RDBEncoding
    /// Strings of a pack that are one element.
    let stride: Int
    /// How many of them count for the largest element.
    let measured: Int
  }

  /// The steps of all kinds, one behind the other.
  private(set) var steps: [RecordStep] = []
  /// By the first byte of a record.
  private(set) var layouts = [Layout?](repeating: nil, count: 256)

  /// The layouts of a version.
  init(_ version: RDBVersion) {
    addOpcodes(version)
    addOldValues()
    addPackedValues()
    addStreams()
    addExpiringHashes(version)
  }

  private mutating func add(_ first: UInt8, _ record: [RecordStep], _ value: Value? = nil) {
    layouts[Int(first)] = Layout(steps: steps.count..<steps.count + record.count, value: value)
    steps += record
  }

  private mutating func add(
    _ first: UInt8, _ type: RDBType, _ encoding: RDBEncoding, _ record: [RecordStep], stride: Int = 1,
    measured: Int? = nil
  ) {
    add(
      first, [.text(.name)] + record,
      Value(type: type, encoding: encoding, stride: stride, measured: measured ?? stride))
  }

  // MARK: - Records that are no keys

  /// The first byte of the record that ends a dump.
  static let end: UInt8 = 255

  private mutating func addOpcodes(_ version: RDBVersion) {
    add(254, [.number(.database)])
    add(253, [.fixed(4, .expirySeconds)])
    add(252, [.fixed(8, .expiry)])
    add(251, [.number(.ignored), .number(.ignored)])
    add(250, [.text(.factName), .text(.fact)])
    add(249, [.fixed(1, .frequency)])
    add(248, [.number(.idle)])
    add(247, [.number(.module), .number(.ignored), .number(.ignored), .module])
    // Functions as the release candidates of Redis 7.0 wrote them: name, engine, perhaps a description, source.
    add(246, [.text(.ignored), .text(.ignored), .loop(1, .other), .text(.ignored), .text(.library)])
    add(245, [.text(.library)])
    add(244, [.number(.ignored), .number(.ignored), .number(.ignored)])
    guard version.family == .valkey else {
      // What Redis Enterprise knows of a key's use where values lie on disk: it comes before the key.
      add(107, [.number(.ignored)])
      return
    }
    // Slots on their way from another shard: the name of the job, and the first and last slot of each range.
    add(243, [.text(.ignored), .loop(2, .other), .number(.ignored), .number(.ignored)])
  }

  // MARK: - Values

  private mutating func addOldValues() {
    add(0, .string, .raw, [.text(.string)])
    add(1, .list, .linkedlist, [.loop(1, .elements), .text(.item)])
    add(2, .set, .hashtable, [.loop(1, .elements), .text(.member)])
    add(3, .zset, .skiplist, [.loop(2, .elements), .text(.scored), .score])
    add(4, .hash, .hashtable, [.loop(2, .elements), .text(.field), .text(.fieldValue)])
    add(5, .zset, .skiplist, [.loop(2, .elements), .text(.scored), .fixed(8, .ignored)])
    add(7, .module, .module, [.number(.module), .module])
  }

  private mutating func addPackedValues() {
    add(9, .hash, .zipmap, [.text(.pack(.zipmap))], stride: 2)
    add(10, .list, .ziplist, [.text(.pack(.ziplist))])
    add(11, .set, .intset, [.text(.pack(.intset))])
    add(12, .zset, .ziplist, [.text(.pack(.ziplist))], stride: 2, measured: 1)
    add(13, .hash, .ziplist, [.text(.pack(.ziplist))], stride: 2)
    add(14, .list, .quicklist, [.loop(1, .nodes), .text(.pack(.ziplist))])
    add(16, .hash, .listpack, [.text(.pack(.listpack))], stride: 2)
    add(17, .zset, .listpack, [.text(.pack(.listpack))], stride: 2, measured: 1)
    add(18, .list, .quicklist, [.loop(2, .nodes), .number(.container), .text(.node)])
    add(20, .set, .listpack, [.text(.pack(.listpack))])
  }

  private mutating func addStreams() {
    for (first, version) in [(UInt8(15), 1), (19, 2), (21, 3)] {
      let id: [RecordStep] = [.number(.ignored), .number(.ignored)]
      let consumer: [RecordStep] =
        [.text(.consumer), .fixed(8, .ignored)] + (version >= 3 ? [.fixed(8, .ignored)] : [])
        + [.loop(1, .consumerPending), .fixed(16, .ignored)]
      let pending: [RecordStep] = [
        .loop(3, .pending), .fixed(16, .ignored), .fixed(8, .ignored), .number(.ignored),
      ]
      let group: [RecordStep] =
        [.text(.ignored)] + id + (version >= 2 ? [.number(.ignored)] : []) + pending
        + [.loop(consumer.count, .other)] + consumer
      add(
        first, .stream, .stream,
        [.loop(2, .nodes), .text(.ignored), .text(.streamNode), .number(.entries)] + id
          + (version >= 2 ? id + id + [.number(.ignored)] : [])
          + [.loop(group.count, .groups)] + group)
    }
  }

  /// Hashes whose fields have times to live of their own: the two families use the same numbers for different records.
  private mutating func addExpiringHashes(_ version: RDBVersion) {
    guard version.family == .redis else {
      add(
        22, .hash, .hashtable,
        [.loop(3, .elements), .text(.field), .text(.fieldValue), .fixed(8, .signedFieldExpiry)])
      return
    }
    let fields: [RecordStep] = [
      .loop(3, .elements), .number(.fieldExpiry), .text(.field), .text(.fieldValue),
    ]
    let pack = RecordStep.text(.pack(.listpack))
    // Before the release of Redis 7.4 the least expiry did not come first.
    add(22, .hash, .hashtable, fields)
    add(23, .hash, .listpackEx, [pack], stride: 3, measured: 2)
    add(24, .hash, .hashtable, [.fixed(8, .ignored)] + fields)
    add(25, .hash, .listpackEx, [.fixed(8, .ignored), pack], stride: 3, measured: 2)
  }
}
