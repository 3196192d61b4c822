import Bytes
import Quantities
import Reporting

/// What happened between earlier readings and those of a round, server by server.
struct StatsIntervals {
  /// What happened before each reading; nil where its server was not read before.
  private(set) var spans: [StatsSpan?] = []
  /// What a reader must know.
  private(set) var warnings: [String] = []
  /// True where every server has an interval and none has gone, so that the totals have one.
  private(set) var isWhole = true

  /// Compares each reading with the earlier one of the same process, else of the same address. A target that is one
  /// server is compared with the one that was there before.
  init(_ round: StatsRound, since earlier: [StatsEarlier]) {
    let partners = StatsIntervals.partners(of: round, among: earlier)
    for (reading, partner) in zip(round.readings, partners) {
      let span = partner.map { StatsSpan(from: earlier[$0], to: reading) }
      spans.append(span)
      isWhole = isWhole && span?.window != nil
      warnings += [partner == nil ? StatsIntervals.newcomer(reading) : span?.warning].compactMap { $0 }
    }
    noteScans()
    guard round.isWholeCluster else { return }
    noteGone(from: earlier, in: round, met: Set(partners.compactMap(\.self)))
    if !isWhole {
      warnings.append("the totals have no interval, because not every node has one")
    } else if !StatsWindow.agree(spans.compactMap { $0?.window }) {
      warnings.append(
        "the intervals of the nodes differ in length (some were not read last time): the totals are counts without rates"
      )
    }
  }

  /// Says what nothing can tell apart: SCAN with TYPE counts every key that it draws as a lookup.
  private mutating func noteScans() {
    let most = spans.map { $0?.possibleScanLookups ?? 0 }.map(Int?.some).known ?? .max
    guard most > 0 else { return }
    warnings.append(
      "SCAN was called in between: if it named a type, up to \(NumberText.count(most)) of the hits and misses are its lookups, "
        + "and the server does not say which")
  }

  private static func newcomer(_ reading: StatsReading) -> String {
    "\(reading.address) is read for the first time (a failover, or it is new): it has no interval"
  }

  /// Notes servers that are read no more, other than those that should have been read and could not.
  private mutating func noteGone(from earlier: [StatsEarlier], in round: StatsRound, met: Set<Int>) {
    for (index, before) in earlier.enumerated() where !met.contains(index) {
      guard !round.faults.contains(where: { $0.address == before.address }) else { continue }
      isWhole = false
      warnings.append(
        "\(before.address) is no longer read (a failover, or it left): what it counted since the last reading is missing"
      )
    }
  }

  /// For each reading the place of the earlier one that it is compared with.
  private static func partners(of round: StatsRound, among earlier: [StatsEarlier]) -> [Int?] {
    var free = Set(earlier.indices)
    var partners = [Int?](repeating: nil, count: round.readings.count)
    func take(_ isSame: (StatsReading, StatsEarlier) -> Bool) {
      for (index, reading) in round.readings.enumerated() where partners[index] == nil {
        partners[index] = free.sorted().first { isSame(reading, earlier[$0]) }
        if let partner = partners[index] { free.remove(partner) }
      }
    }
    take { $0.sample.runID != nil && $0.sample.runID == $1.sample.runID }
    take { $0.address == $1.address }
    if !round.isWholeCluster, earlier.count == 1 { take { _, _ in true } }
    return partners
  }
}
