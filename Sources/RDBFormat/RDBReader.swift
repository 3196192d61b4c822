/// Reads a dump of a server piece by piece: bytes in, entries out.
///
///     var reader = RDBReader()
///     reader.feed(chunk)  // as often as there is something to read
///     while let item = try reader.next() { … }
///     reader.finish()  // then drain once more
///
/// No value is held: strings are skipped, and packed elements are counted as they pass. The memory used is that of the
/// chunk and of the longest name. The items do not depend on how the file is cut into chunks.
package struct RDBReader {
  private enum Phase {
    case magic
    case between
    case record
    case checksum
    case ended
  }

  /// The version of the dump; nil until it is read.
  package private(set) var version: RDBVersion?
  /// The keys read so far.
  package private(set) var keys = 0
  /// Whether ``RDBItem/key(_:)`` comes before each entry.
  package var announcesKeys = false

  /// The key, and its value, of the last item.
  package var entry: RDBEntry { walker.notes.entry }
  /// How memory is estimated: by the server that the dump names.
  package private(set) var model = RDBMemoryModel()

  private let limits: RDBLimits
  private let checks: Bool
  private var input: RDBInput
  private var walker: RecordWalker
  private var phase = Phase.magic
  private var first: UInt8 = 0
  private var recordOffset = 0
  private var endsKey = false
  private var failure: RDBError?

  /// Creates a reader, which checks the checksum at the end unless told not to.
  package init(limits: RDBLimits = RDBLimits(), checksChecksum: Bool = true) {
    self.limits = limits
    checks = checksChecksum
    input = RDBInput(size: limits.size, sums: checksChecksum)
    walker = RecordWalker(
      RecordLayouts(RDBVersion(.redis, 0)), longestName: limits.longestName, model: RDBMemoryModel())
  }

  /// The bytes of the file that are consumed.
  package var offset: Int { input.offset }

  /// Takes the next bytes of the file.
  ///
  /// Drain the items with ``next()`` before you feed more, or the bytes pile up.
  package mutating func feed(_ chunk: [UInt8]) {
    guard failure == nil, !isAtEnd else { return }
    input.append(chunk)
  }

  /// Marks the end of the file.
  package mutating func finish() { input.complete() }

  /// True once the dump is read to its end; bytes that follow are none of it.
  package var isAtEnd: Bool { if case .ended = phase { true } else { false } }

  /// Keeps the value of the key that ``RDBItem/key(_:)`` has just announced, for ``RDBEntry/payload``.
  package mutating func keepPayload() { input.beginCapture(after: first) }

  /// The next item, or nil where more bytes are needed or everything is read.
  ///
  /// Once it has thrown, it throws the same error again.
  package mutating func next() throws(RDBError) -> RDBItem? {
    if let failure { throw failure }
    do { return try advance() } catch {
      let error = RDBError(kind: error, offset: faultOffset(error), keys: keys)
      failure = error
      throw error
    }
  }

  /// What is wrong with the beginning of a record or string is wrong there; the rest where the reader is.
  private func faultOffset(_ kind: RDBError.Kind) -> Int {
    switch kind {
    case .unknownType, .unknownOpcode, .oldModule, .wrongChecksum, .notADump, .unknownVersion: recordOffset
    case .damaged where walker.isPassing: walker.textOffset
    default: input.offset
    }
  }

  private mutating func advance() throws(RDBError.Kind) -> RDBItem? {
    while true {
      switch phase {
      case .magic: return try readMagic()
      case .between:
        guard try input.holds(1) else { return nil }
        try beginRecord()
      case .record:
        switch try walker.run(&input) {
        case .waiting:
          if input.capturedCount > limits.longestPayload { throw .longPayload }
          return nil
        case .named: if announcesKeys { return .key }
        case .whole:
          phase = .between
          if let item = finishRecord() { return item }
        }
      case .checksum: return try readChecksum()
      case .ended: return nil
      }
    }
  }

  private mutating func readMagic() throws(RDBError.Kind) -> RDBItem? {
    guard input.available >= RDBVersion.magicLength else {
      if input.isComplete { throw .notADump }
      return nil
    }
    let magic = Array(input.bytes[input.position..<input.position + RDBVersion.magicLength])
    guard let version = RDBVersion(magic: magic) else { throw .notADump }
    guard version.isReadable else { throw .unknownVersion(version) }
    input.skip(RDBVersion.magicLength)
    self.version = version
    walker = RecordWalker(
      RecordLayouts(version), longestName: limits.longestName, model: model)
    phase = .between
    return .version(version)
  }

  private mutating func beginRecord() throws(RDBError.Kind) {
    if endsKey {
      walker.endKey()
      endsKey = false
    }
    recordOffset = input.offset
    first = input.bytes[input.position]
    if first == RecordLayouts.end {
      input.skip(1)
      phase = .checksum
      return
    }
    guard walker.begin(first) else {
      if first == 6 { throw .oldModule }
      throw first < 240 ? .unknownType(Int(first)) : .unknownOpcode(Int(first))
    }
    input.skip(1)
    phase = .record
  }

  /// The item of a record that is read; nil where it only says something of the key that follows.
  private mutating func finishRecord() -> RDBItem? {
    switch first {
    case 250:
      let fact = walker.notes.fact
      chooseModel(fact)
      return .auxiliary(name: fact.name, value: fact.value)
    case 254: return .database(entry.key.database)
    case 245, 246: return .library(length: walker.notes.length)
    case _ where walker.notes.value != nil:
      walker.endValue(at: input.offset, payload: input.takeCapture())
      endsKey = true
      keys += 1
      return .entry
    default: return nil
    }
  }

  /// The dump says near its beginning which server wrote it.
  private mutating func chooseModel(_ fact: (name: [UInt8], value: [UInt8])) {
    let families: [[UInt8]: RDBVersion.Family] = [
      Array("redis-ver".utf8): .redis, Array("valkey-ver".utf8): .valkey,
    ]
    guard let family = families[fact.name] else { return }
    model = RDBMemoryModel(family, server: fact.value)
    walker.use(model)
  }

  private mutating func readChecksum() throws(RDBError.Kind) -> RDBItem? {
    guard version?.hasChecksum == true else {
      phase = .ended
      return .end(.absent)
    }
    let sum = input.available >= 8 ? input.sum() : nil
    guard let written = try input.fixed(8) else { return nil }
    phase = .ended
    if written == 0 { return .end(.absent) }
    guard let sum else { return .end(.unchecked) }
    guard sum == written else { throw .wrongChecksum }
    return .end(.verified)
  }
}
