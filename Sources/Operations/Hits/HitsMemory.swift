import Keyspace
import RedisClient
import Reporting

/// What the keys of each group take, from a walk before listening.
struct HitsMemory {
  /// The keys that were found; none where nothing could be walked.
  private(set) var census: HitsCensus
  /// How the keys that were used lately were found; nil where reads are listened to.
  private(set) var use: HitsUse?
  /// What a reader must know of the figures.
  private(set) var warnings: [String] = []
  /// What the walk has looked up itself; nil where nothing could be walked.
  private(set) var lookups: StatsLookupAccount?
  /// False where some of the keys were not looked at.
  private(set) var isComplete = true

  /// Walks the keys that are chosen; `samplesUse` also asks which were used lately.
  ///
  /// Throws where the user asks to stop and where no server can be reached; where nothing can be walked a warning says why.
  init(
    _ request: HitsRequest, of target: WalkTarget<Connection>, samplesUse: Bool, context: RunContext
  ) throws(ClientError) {
    census = HitsCensus(request)
    var walk = request.walk
    walk.nodeOnly = request.nodeOnly
    do throws(ClientError) {
      var keyspace = try KeyspaceWalk(walk, of: target, context: context)
      if samplesUse {
        use = HitsUse(keyspace.nodes.map(\.facts).filter { !$0.isEmpty })
        census = HitsCensus(request, use: use)
      }
      keyspace.walk(&census)
      lookups = keyspace.account()
      if let failure = keyspace.result.failure, failure.kind == .interrupted { throw failure }
      let header = keyspace.header(schema: "rediscache.hits/1")
      (warnings, isComplete) = (header.warnings, header.isComplete)
    } catch {
      guard error.kind != .interrupted, error.kind != .unreachable else { throw error }
      (warnings, isComplete) = (["what the keys take is not known: \(error.message)"], false)
    }
  }
}
