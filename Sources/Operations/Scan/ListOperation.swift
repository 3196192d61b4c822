import Bytes
package import Keyspace
package import RedisClient
package import Reporting
import Synchronization

/// Streams the chosen keys one by one instead of grouping them.
package struct ListOperation<Channel: CommandChannel> {
  private let request: WalkRequest
  private let columns: KeyMeasurements
  private let context: RunContext
  private let target: WalkTarget<Channel>

  /// Prepares a list; `columns` says what is asked about each key beside its name.
  package init(
    _ request: WalkRequest, columns: KeyMeasurements, of target: WalkTarget<Channel>, context: RunContext
  ) {
    var request = request
    request.expected.formUnion(columns)
    self.request = request
    self.columns = columns
    self.target = target
    self.context = context
  }

  /// What a list ended with.
  package struct Outcome {
    /// The target, the time, and what is missing.
    package let header: ReportHeader
    /// Keys passed to the sink.
    package let keys: Int
    /// The failure that ended the list early.
    package let failure: ClientError?
    /// The lookups that the walk made, for `stats` to subtract.
    package let lookups: StatsLookupAccount?
  }

  /// Walks the keys and passes each chosen one to the sink; a sink that returns false ends the walk.
  ///
  /// Throws where nothing could be listed; a failure on the way is part of the outcome.
  package func run(_ sink: @escaping (ListedKey) -> Bool) throws(ClientError) -> Outcome {
    let stop = ListStop()
    var context = context
    let shouldStop = context.shouldStop
    context.shouldStop = { shouldStop() || stop.isRequested.load(ordering: .relaxed) }
    var keyspace = try KeyspaceWalk(request, of: target, context: context)
    let request = keyspace.request
    let chooser = KeyChooser(
      request, superseded: try keyspace.learnVersions(), readsNames: false)
    // Several nodes may find keys at the same time.
    let serial = SerialSink(sink)
    var visitor = ListVisitor(
      chooser: chooser, selection: request.selection, columns: columns, sink: { serial.put($0) },
      stop: stop)
    keyspace.walk(&visitor)
    var header = keyspace.header(schema: "rediscache.list/1", keys: visitor.listed)
    header.warnings += KeyChooser.warnings(strangers: visitor.strangers)
    return Outcome(
      header: header, keys: visitor.listed,
      failure: keyspace.result.failure,
      lookups: keyspace.account())
  }
}

/// A key as a list has it.
package struct ListedKey: Sendable {
  /// The key's bytes.
  package let key: [UInt8]
  /// The number of its database.
  package let database: Int
  /// What it answered.
  package let measure: KeyMeasure
}

/// Carries the stop that the sink asks for to all walks.
final class ListStop: Sendable {
  let isRequested = Atomic(false)
}

/// Passes each chosen key to a sink.
struct ListVisitor: KeyVisitor {
  let isIrrevocable = true
  var chooser: KeyChooser
  let selection: KeySelection
  let columns: KeyMeasurements
  let sink: (ListedKey) -> Bool
  let stop: ListStop
  private(set) var database = 0
  var listed = 0
  /// Keys that other nodes' visitors have left out because they fit no schema.
  private var strangersElsewhere = 0

  /// Keys that were left out because they fit no schema.
  var strangers: Int { chooser.strangers + strangersElsewhere }

  init(
    chooser: KeyChooser, selection: KeySelection, columns: KeyMeasurements,
    sink: @escaping (ListedKey) -> Bool, stop: ListStop
  ) {
    (self.chooser, self.selection, self.columns) = (chooser, selection, columns)
    (self.sink, self.stop) = (sink, stop)
  }

  func fork() -> ListVisitor {
    var other = self
    other.chooser = chooser.fork()
    (other.listed, other.strangersElsewhere) = (0, 0)
    return other
  }

  // A key that was passed on cannot be taken back.
  mutating func startOver() {}

  mutating func merge(_ other: ListVisitor) {
    listed += other.listed
    strangersElsewhere += other.strangers
  }

  mutating func beginWalk(of database: Int, at address: String, clock: ServerClock) {
    self.database = database
    chooser.begin(database: database)
  }

  mutating func choose(_ key: Span<UInt8>) -> KeyPage.Choice {
    var choice = KeyPage.Choice()
    choice.isChosen = chooser.admits(key)
    choice.measurements = columns.union(selection.neededMeasurements).union(selection.evidence)
    return choice
  }

  mutating func visit(_ key: Span<UInt8>, _ choice: KeyPage.Choice, _ outcome: KeyMeasurer.Outcome) {
    guard !stop.isRequested.load(ordering: .relaxed) else { return }
    let measure: KeyMeasure
    switch outcome {
    case .vanished, .moved: return
    // A key that may not be read is listed with empty cells, unless a condition depends on its answers.
    case .forbidden: measure = KeyMeasure()
    case .measured(let answer): measure = answer
    }
    guard selection.admits(measure) else { return }
    listed += 1
    if !sink(ListedKey(key: Array(copying: key), database: database, measure: measure)) {
      stop.isRequested.store(true, ordering: .relaxed)
    }
  }
}
