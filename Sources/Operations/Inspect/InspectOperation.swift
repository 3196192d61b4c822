import Bytes
import Keyspace
package import RedisClient
package import Reporting

/// What is to be known of which keys.
package struct InspectRequest: Sendable {
  /// The keys.
  package var keys: [[UInt8]] = []
  /// How their names are read.
  package var naming = KeyNaming()
  /// How the names of tags are made; nil where tags are not looked for.
  package var tagKey: TagKey?
  /// The number of bytes of a string, and of elements of a collection, that are shown; nil where no value is.
  package var valueLimit: InspectValueLimit?
  /// True where only this server is meant, even if it is part of a cluster.
  package var nodeOnly = false

  /// No keys yet.
  package init() {}
}

/// How much of a value is shown.
package struct InspectValueLimit: Sendable {
  /// Bytes of a string, or of a part of an element.
  package var bytes = 512
  /// Elements of a collection.
  package var elements = 10
  /// A collection larger than this, in bytes, is not read: one element may be most of it.
  package var largestCollection = 8 << 20

  /// As much as fits a screen.
  package init() {}
}

/// Asks for everything about single keys. It writes nothing.
package struct InspectOperation<Channel: CommandChannel> {
  private let request: InspectRequest
  private let target: WalkTarget<Channel>
  private let context: RunContext

  /// Prepares an inspection.
  package init(_ request: InspectRequest, of target: WalkTarget<Channel>, context: RunContext) {
    self.request = request
    self.target = target
    self.context = context
  }

  /// What an inspection ended with.
  package struct Outcome {
    /// What was found out.
    package let report: InspectReport
    /// The failure that ended it early.
    package let failure: ClientError?
  }

  /// Asks about the keys, and looks for their tags.
  ///
  /// Throws where nothing could be asked.
  package func run() throws(ClientError) -> Outcome {
    var walk = WalkRequest()
    walk.nodeOnly = request.nodeOnly
    walk.naming = request.naming
    if let tagKey = request.tagKey { walk.selection.pattern = tagKey.glob }
    var keyspace = try KeyspaceWalk(walk, of: target, context: context)
    var inspector = KeyInspector(request, try keyspace.router(), keyspace.clock)
    var keys: [InspectedKey] = []
    var failure: ClientError?
    do throws(ClientError) {
      for key in request.keys {
        if context.mustStop { throw context.stopError() }
        keys.append(try inspector.inspect(key))
      }
      if request.tagKey != nil { try findTags(&keys, &keyspace) }
    } catch {
      guard !keys.isEmpty else { throw error }
      failure = error
    }
    if let cluster = keyspace.cluster {
      let topology = cluster.directory.topology
      for index in keys.indices {
        let slot = HashSlot(exactly: keys[index].slot) ?? .first
        keys[index].node = topology.owner(of: slot)?.primary?.address.description
      }
    }
    var header = keyspace.header(schema: "rediscache.inspect/1")
    header.warnings += inspector.warnings
    if let failure { header.warnings.append(failure.message) }
    let isWhole = keys.count == request.keys.count && !keys.contains { $0.state == .forbidden }
    // Single keys were asked for: that others were not looked at is no lack.
    header.isComplete = failure == nil && keyspace.result.isComplete && isWhole && inspector.warnings.isEmpty
    return Outcome(report: InspectReport(header: header, keys: keys), failure: failure)
  }

  /// Walks over all tags and asks each whether it names the keys.
  private func findTags(
    _ keys: inout [InspectedKey], _ keyspace: inout KeyspaceWalk<Channel>
  ) throws(ClientError) {
    guard let tagKey = request.tagKey else { return }
    var names = SilentVisitor(TagNames(tagKey))
    keyspace.walk(&names)
    if let failure = keyspace.result.failure { throw failure }
    let channel = try keyspace.router()
    for index in keys.indices { keys[index].tags = [] }
    for tag in names.base.found.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      if context.mustStop { throw context.stopError() }
      try ask(tag, tagKey, about: &keys, channel)
    }
  }

  private func ask(
    _ tag: TagNames.Tag, _ tagKey: TagKey, about keys: inout [InspectedKey], _ channel: AnyChannel
  ) throws(ClientError) {
    let member = tag.isSorted ? tagKey.sortedMember : .same
    var commands = CommandBuffer()
    var asked: [Int] = []
    for (index, key) in keys.enumerated() {
      guard let member = member.member(of: key.key) else { continue }
      asked.append(index)
      commands.append([tag.isSorted ? CommandWord.score : CommandWord.isMember, tag.key, member])
    }
    guard !asked.isEmpty else { return }
    let replies = ReplyBuffer()
    try channel.send(commands)
    try channel.receive(asked.count, into: replies)
    for (place, index) in asked.enumerated() {
      let reply = replies[place]
      if let error = reply.error, error.code != "WRONGTYPE" {
        throw ClientError(error, to: tag.isSorted ? "ZSCORE" : "SISMEMBER", at: channel.endpoint)
      }
      let isMember = tag.isSorted ? (try? reply.decode(Double.self)) != nil : reply.integer == 1
      if isMember { keys[index].tags?.append(tag.key) }
    }
  }
}
