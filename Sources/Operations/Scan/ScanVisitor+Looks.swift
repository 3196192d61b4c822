import Bytes
import Keyspace
import RedisClient
import Reporting

/// The end of a walk: the largest keys are asked for their types, and some collections are sized again.
///
/// MEMORY USAGE takes five elements of a collection for all, and is off by as much as those differ from the others.
extension ScanVisitor {
  /// The elements by which a collection is sized again: one reply holds the server for about a millisecond at most.
  private static let closerSamples = 10_000

  mutating func endWalk(on channel: some CommandChannel) throws(ClientError) {
    let keys = tally.biggest.entries.map(\.key).filter { tally.biggestTypes[$0] == nil }
    // The first alone shows whether the server answers; the others follow in batches no larger than those of the walk.
    if try learnTypes(of: keys.prefix(1), on: channel) {
      for start in stride(from: 1, to: keys.count, by: 50) {
        _ = try learnTypes(of: keys[start..<min(keys.count, start + 50)], on: channel)
      }
    }
    // What was measured by as many elements needs no closer look.
    let isRough = request.walk.memorySamples.map { (1..<ScanVisitor.closerSamples).contains($0) } ?? true
    if request.isAudit, isRough { try lookAgain(on: channel) }
  }

  private mutating func lookAgain(on channel: some CommandChannel) throws(ClientError) {
    let collections = tally.collectionsToLookAt
    guard !collections.isEmpty else { return }
    for start in stride(from: 0, to: collections.count, by: 4) {
      let some = collections[start..<min(collections.count, start + 4)]
      let sizes = try ScanVisitor.sizes(of: some.map(\.key)[...], on: channel)
      for (collection, size) in zip(some, sizes) {
        guard let size, let group = groupAgain(of: collection.key) else { continue }
        tally.correct(collection.key, in: group, from: collection.bytes, to: size)
      }
    }
    tally.generalizeLooks()
  }

  /// The group in which a key was counted; nil where that is not known any more.
  private mutating func groupAgain(of key: [UInt8]) -> Int? {
    switch request.grouping {
    case .node: return tally.named[node]
    case .database: return tally.named[databaseName]
    case .type: return (tally.biggestTypes[key] ?? nil).flatMap { tally.named[$0] }
    case .segment(let number):
      chooser.read(key.span)
      return tally.group(ofSegment: chooser.reader.reading.segment(number))
    case .namespace, .version, .entity, .template, .role:
      chooser.read(key.span)
      return tally.group(for: chooser.reader.reading)
    }
  }

  /// Asks for the types of some keys; false where the server does not answer that.
  private mutating func learnTypes(
    of keys: ArraySlice<[UInt8]>, on channel: some CommandChannel
  ) throws(ClientError) -> Bool {
    guard !keys.isEmpty else { return false }
    var batch = CommandBuffer()
    for key in keys { batch.append([Array("TYPE".utf8), key]) }
    let replies = ReplyBuffer()
    try channel.send(batch)
    try channel.receive(keys.count, into: replies)
    for (index, key) in keys.enumerated() {
      let type = try? replies[index].decode(String.self)
      tally.biggestTypes[key] = .some(type == "none" ? nil : type)
      guard let type else { continue }
      bigKeyLookups[node, default: StatsLookups()].hits += type == "none" ? 0 : 1
      bigKeyLookups[node, default: StatsLookups()].misses += type == "none" ? 1 : 0
    }
    return replies[0].error.map { !$0.isUnknownCommand && !$0.isCommandForbidden } ?? true
  }

  /// The sizes of some keys; nil for one that is gone, or does not answer.
  private static func sizes(
    of keys: ArraySlice<[UInt8]>, on channel: some CommandChannel
  ) throws(ClientError) -> [Int?] {
    var batch = CommandBuffer()
    for key in keys {
      batch.append([
        Array("MEMORY".utf8), Array("USAGE".utf8), key, Array("SAMPLES".utf8),
        Array(String(closerSamples).utf8),
      ])
    }
    let replies = ReplyBuffer()
    try channel.send(batch)
    try channel.receive(keys.count, into: replies)
    return (0..<keys.count).map { index in
      replies.integer(at: index).flatMap { $0 >= 0 ? Int(min($0, 1 << 50)) : nil }
    }
  }
}
