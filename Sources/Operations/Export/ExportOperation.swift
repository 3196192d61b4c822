import Keyspace
import Quantities
package import RedisClient
package import Reporting

/// Writes the chosen keys of a server as seed records.
package struct ExportOperation<Channel: CommandChannel> {
  private let request: ExportRequest
  private let context: RunContext
  private let target: WalkTarget<Channel>

  /// Prepares an export.
  package init(_ request: ExportRequest, of target: WalkTarget<Channel>, context: RunContext) {
    var request = request
    request.walk.required.insert(.ttl)
    if request.walk.selection.type != nil { request.walk.required.insert(.type) }
    self.request = request
    self.target = target
    self.context = context
  }

  /// What an export ended with.
  package struct Outcome {
    /// What was written, and what was not.
    package var report: ExportReport
    /// The failure that ended the export early.
    package var failure: ClientError?
  }

  /// Walks the keys and hands each record over as a line; a sink that answers false ends the export.
  ///
  /// Throws where nothing could be exported; a failure on the way is part of the outcome.
  package func run(_ sink: @escaping ([UInt8]) -> Bool) throws(ClientError) -> Outcome {
    let connected = try KeyspaceWalk(request.walk, of: target, context: context)
    var request = request
    let usesFrequency = connected.facts.fields["maxmemory_policy"]?.contains("lfu") ?? false
    if request.hottest != nil { request.walk.required.insert(usesFrequency ? .frequency : .idle) }
    var keyspace =
      try request.hottest == nil ? connected : KeyspaceWalk(request.walk, of: target, context: context)
    let superseded = try keyspace.learnVersions()
    // Several nodes may bring keys at the same time.
    let serial = SerialSink(sink)
    let context = context
    var exporter = KeyExporter(
      request, superseded: superseded,
      stop: { context.mustStop ? context.stopError() : nil }, sink: { serial.put($0) })
    var failure: ClientError?
    if let count = request.hottest {
      var ranking = HotKeys(request, superseded: superseded, limit: count, usesFrequency: usesFrequency)
      keyspace.walk(&ranking)
      failure = keyspace.result.failure
      if failure == nil { failure = export(ranking.hottest(), &exporter, with: &keyspace) }
    } else {
      keyspace.walk(&exporter)
      failure = keyspace.result.failure
    }
    var report = report(exporter, keyspace)
    if exporter.wantsStop || failure != nil { report.header.isComplete = false }
    return Outcome(report: report, failure: failure)
  }

  private func report(_ exporter: KeyExporter, _ keyspace: KeyspaceWalk<Channel>) -> ExportReport {
    let tally = exporter.tally
    var report = ExportReport(header: keyspace.header(schema: "rediscache.export/1"))
    (report.records, report.gone, report.notExported) = (tally.written, tally.gone, tally.unread)
    (report.unread, report.dumped) = (tally.named, tally.dumped)
    if tally.unread > 0 {
      report.header.isComplete = false
      report.header.warnings.append(
        "\(NumberText.keys(tally.unread)) not exported"
          + (tally.named.first.map { ", the first because: \($0.reason)" } ?? ""))
    }
    let hasCountedAsUse =
      tally.written > 0
      && keyspace.nodes.contains { node in (try? node.first()).map { !target.leavesUsageAlone($0) } ?? false }
    if hasCountedAsUse {
      report.header.warnings.append(
        "CLIENT NO-TOUCH is not available here: reading the values has counted as their last use")
    }
    return report
  }

  /// Exports keys in the order given; says what ended it early.
  private func export(
    _ keys: [HotKeys.Entry], _ exporter: inout KeyExporter, with keyspace: inout KeyspaceWalk<Channel>
  ) -> ClientError? {
    do throws(ClientError) {
      let channel = try keyspace.router()
      for start in stride(from: 0, to: keys.count, by: 20) {
        if context.mustStop { throw context.stopError() }
        guard !exporter.wantsStop else { break }
        for entry in keys[start..<min(keys.count, start + 20)] {
          exporter.enqueue(entry.key, ttl: entry.ttlNow)
        }
        try exporter.endWalk(on: channel)
        context.progress(
          RunContext.Progress(
            keys: exporter.tally.written, share: Double(start) / Double(max(1, keys.count)),
            elapsed: ContinuousClock.now - context.start))
      }
      return nil
    } catch {
      return error
    }
  }
}
