import Keyspace

/// How often the keys of groups were found, by what the windows of MONITOR have shown, made to meet what INFO has counted.
struct ReadsEstimate {
  /// The hits of a group, with a 95 % interval.
  struct Hits: Sendable {
    var value = 0.0
    var low = 0.0
    var high = 0.0
  }

  /// One node's windows, and the hits, or reads, that INFO has counted there.
  private struct Stratum {
    let windows: Range<Int>
    let counted: Double
    let whole: WindowCounts
  }

  private let strata: [Stratum]
  /// True where misses are known, so that only hits are estimated; where they are not, the figures are reads.
  let isOfHits: Bool

  /// `windows` are those of each node and `counted` what INFO has counted there; `all` is what was counted of every group, those
  /// that are not shown among them. Nil where a node was not monitored, or does not count.
  init?(
    _ all: [HitsLedger.Figures], windows: [Int], counted: [Int?], isOfHits: Bool
  ) {
    self.isOfHits = isOfHits
    var sum = WindowCounts()
    for figures in all { sum.merge(ReadsEstimate.found(figures, isOfHits)) }
    var strata: [Stratum] = []
    for (node, (windows, counted)) in zip(windows, counted).enumerated() {
      guard let counted else { return nil }
      if counted == 0 { continue }
      guard windows > 1 else { return nil }
      let first = node * HitsLedger.windowsOfNode
      let range = first..<(first + windows)
      strata.append(Stratum(windows: range, counted: Double(counted), whole: sum.within(range)))
    }
    self.strata = strata
  }

  private static func found(_ figures: HitsLedger.Figures, _ isOfHits: Bool) -> WindowCounts {
    isOfHits ? figures.reads.minus(figures.missesInWindows) : figures.reads
  }

  /// The hits, or reads, of a group.
  func hits(of figures: HitsLedger.Figures) -> Hits {
    let found = ReadsEstimate.found(figures, isOfHits)
    var (hits, below, above) = (Hits(), 0.0, 0.0)
    for stratum in strata {
      let share = WindowShare(
        of: found.within(stratum.windows), in: stratum.whole, windows: stratum.windows.count)
      hits.value += stratum.counted * share.value
      // The nodes' errors are independent of each other.
      below += square(stratum.counted * (share.value - share.low))
      above += square(stratum.counted * (share.high - share.value))
    }
    hits.low = max(0, hits.value - below.squareRoot())
    hits.high = hits.value + above.squareRoot()
    return hits
  }

  private func square(_ value: Double) -> Double { value * value }
}
