import Bytes
package import RedisClient
package import Reporting

/// Counts up a generation key: readers that build it into their keys' names leave the old ones behind at once.
package struct BumpOperation<Channel: CommandChannel> {
  private let key: [UInt8]
  private let isDryRun: Bool
  private let target: WalkTarget<Channel>
  private let context: RunContext

  /// Prepares a bump.
  package init(key: [UInt8], isDryRun: Bool, of target: WalkTarget<Channel>, context: RunContext) {
    self.key = key
    self.isDryRun = isDryRun
    self.target = target
    self.context = context
  }

  /// What a bump ended with.
  package struct Outcome {
    /// What was done, or would be.
    package var report: BumpReport
    /// The failure that left it open whether the key was counted up.
    package var failure: ClientError?
    /// True where the user was asked and did not say yes.
    package var isDeclined = false
  }

  /// Reads the key, asks `confirm`, and counts up.
  ///
  /// Throws where nothing was changed: the server cannot be reached or refuses, or the key holds no number.
  package func run(confirm: (BumpReport) -> Bool) throws(ClientError) -> Outcome {
    var keyspace = try KeyspaceWalk(WalkRequest(), of: target, context: context)
    let channel = try keyspace.router()
    let from = try read(channel)
    guard from != Int.max else {
      throw ClientError(
        .usage, "\(KeyText.quoted(key)) holds the largest number there is: nothing was changed")
    }
    var report = BumpReport(
      header: header(keyspace), key: key, isDryRun: isDryRun, from: from, to: (from ?? 0) + 1)
    if isDryRun { return Outcome(report: report) }
    guard confirm(report) else {
      report.to = from
      report.header.isComplete = false
      return Outcome(report: report, isDeclined: true)
    }
    do {
      report.to = Int(clamping: try count(channel))
    } catch {
      // Only an answer says that nothing was done: a lost one leaves it open, and is not asked for again.
      guard [.closed, .timeout, .runOver, .interrupted].contains(error.kind) else { throw error }
      report.isUnknown = true
      report.to = nil
      report.header.isComplete = false
      return Outcome(report: report, failure: error)
    }
    return Outcome(report: report)
  }

  private func header(_ keyspace: KeyspaceWalk<Channel>) -> ReportHeader {
    var header = keyspace.header(schema: "rediscache.invalidate/1")
    // One key was asked for: that no other was looked at is no lack.
    header.isComplete = true
    header.warnings = []
    return header
  }

  private func read(_ channel: some CommandChannel) throws(ClientError) -> Int? {
    let reply = try ask("GET", channel)
    if reply.isNull { return nil }
    guard let text = try? reply.decode(String.self), let number = Int(text) else {
      throw ClientError(.usage, "\(KeyText.quoted(key)) holds no whole number: nothing was changed")
    }
    return number
  }

  private func count(_ channel: some CommandChannel) throws(ClientError) -> Int64 {
    let reply = try ask("INCR", channel)
    guard let number = reply.integer else {
      throw ClientError(
        DecodeError(expected: "a number", found: reply.summary), to: "INCR", at: channel.endpoint)
    }
    return number
  }

  private func ask(_ command: String, _ channel: some CommandChannel) throws(ClientError) -> Reply {
    let reply = try channel.call([Array(command.utf8), key])
    if let error = reply.error {
      guard error.code != "WRONGTYPE" else {
        throw ClientError(
          .usage, "\(KeyText.quoted(key)) is no generation key, it holds another type: nothing was changed")
      }
      throw error.code == "READONLY"
        ? ClientError(refusing: error, command, channel.endpoint)
        : ClientError(error, to: command, at: channel.endpoint)
    }
    return reply
  }
}
