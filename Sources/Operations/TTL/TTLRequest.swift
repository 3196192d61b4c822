import Keyspace
import RedisClient
package import Reporting

/// What `ttl` is asked to do.
package struct TTLRequest: Sendable {
  /// Which keys, and how hard the server is worked.
  package var walk = WalkRequest()
  /// What the groups are.
  package var grouping = ScanGrouping.version
  /// Templates are cut to this many segments; nil keeps them whole.
  package var depth: Int?
  /// How many keys are measured.
  package var measuring = ScanRequest.Measuring.automatic
  /// The upper edges of the bars in milliseconds, ascending; nil fits them to the data.
  package var buckets: [Int64]?
  /// Whether bars that are not named are fitted to the data; programs that compare runs want the same every
  /// time.
  package var fitsBuckets = true
  /// The length of the windows in which waves are looked for, in seconds.
  package var waveWindow = 60
  /// How far ahead waves are looked for, in seconds.
  package var horizon = 24 * 3600
  /// How many groups a table shows.
  package var top = 40
  /// The bound on groups held in memory.
  package var maximumGroups = 10_000
  /// The options that lead back to the same server and keys, for suggested commands.
  package var commandContext: [SuggestedOption] = []

  /// The defaults.
  package init() {}

  /// The edges, in milliseconds, where they are neither named nor fitted.
  static let fixedEdges = [60, 600, 3600, 21_600, 86_400, 604_800, 2_592_000].map { Int64($0) * 1000 }
  /// More bars than these are no longer seen at a glance.
  static let mostBars = 8
  /// The most bytes that timelines by the second take together.
  private static let timelineBytes = 14 << 20

  /// The walk is a scan's that asks for TTLs only.
  var scan: ScanRequest {
    var scan = ScanRequest()
    scan.walk = walk
    scan.grouping = grouping
    scan.depth = depth
    scan.measuring = measuring
    scan.top = top
    scan.maximumGroups = maximumGroups
    scan.isAudit = false
    scan.expiry.edges = buckets ?? TTLBuckets.fineEdges.map { Int64($0) * 1000 }
    scan.expiry.horizon = horizon
    let size = max(1, horizon) * MemoryLayout<UInt32>.size
    scan.expiry.fineTimelines = max(1, TTLRequest.timelineBytes / size)
    scan.expiry.timelines = max(1, min(500, 2 * TTLRequest.timelineBytes * 30 / size))
    return scan
  }
}
