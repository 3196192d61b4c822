import Keyspace
import RedisClient
import Reporting

/// What the keys of each group take, from a sampled scan before listening.
struct HitsMemory {
  /// The names that tell a group from others.
  private struct Names: Hashable {
    let namespace: [UInt8]?
    let version: [UInt8]?
    let entity: [UInt8]?
    let template: [UInt8]?
    let isOverflow: Bool

    init(_ group: ScanGroup) {
      (namespace, version, entity) = (group.namespace, group.version, group.entity)
      (template, isOverflow) = (group.template, group.isOverflow)
    }
  }

  /// Keys measured per group: bytes a MiB need no more.
  private static let sample = 500

  private var groups: [Names: ScanGroup] = [:]
  /// What a reader must know of the figures.
  private(set) var warnings: [String] = []
  /// False where some of the keys were not looked at.
  private(set) var isComplete = true

  /// Walks the keys that are chosen.
  ///
  /// Throws where the user asks to stop; where nothing can be scanned a warning says why.
  init(
    _ request: HitsRequest, of target: WalkTarget<Connection>, context: RunContext
  ) throws(ClientError) {
    var scan = ScanRequest()
    scan.walk = request.walk
    scan.walk.nodeOnly = request.nodeOnly
    scan.grouping = request.grouping
    scan.measuring = .sample(HitsMemory.sample)
    scan.maximumGroups = request.maximumGroups
    do throws(ClientError) {
      let outcome = try ScanOperation(scan, of: target, context: context).run()
      if let failure = outcome.failure, failure.kind == .interrupted { throw failure }
      take(outcome.report)
    } catch {
      guard error.kind != .interrupted, error.kind != .unreachable else { throw error }
      isComplete = false
      warnings = ["what the keys take is not known: \(error.message)"]
    }
  }

  private mutating func take(_ report: ScanReport) {
    for group in report.groups { groups[Names(group)] = group }
    isComplete = report.header.isComplete
    warnings = report.header.warnings
  }

  /// Sets what the keys of a group take, where they were seen; nil where none was seen, because none is there.
  func measure(_ group: inout HitsGroup) {
    guard let found = groups[Names(group.names)] else { return }
    group.memoryBytes = found.memoryBytes
    group.memoryError = found.memoryError
    group.keys = found.keys
  }

  /// The groups that are there and are not among those that were heard of.
  func unheard(besides heard: [HitsGroup]) -> [ScanGroup] {
    // The same keys may be read in other ways where other keys were seen beside them: a group whose namespace was heard of
    // is not called unread.
    let known = Set(heard.map(\.names.namespace))
    let star = UInt8(ascii: "*")
    guard !known.contains(where: { $0?.first == star }) else { return [] }
    return groups.filter { !known.contains($0.key.namespace) && $0.key.namespace?.first != star }.map(\.value)
  }
}
