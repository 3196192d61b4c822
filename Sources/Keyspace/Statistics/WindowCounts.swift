/// What was counted in short windows of time, window by window; windows without anything take no room.
package struct WindowCounts: Sendable, Equatable {
  /// What was counted in one window.
  package struct Cell: Sendable, Equatable {
    /// The window's number.
    package fileprivate(set) var window: Int
    /// How much was counted in it.
    package fileprivate(set) var count: Int
  }

  /// The windows in which anything was counted, in order.
  package private(set) var cells: [Cell] = []

  /// Nothing counted yet.
  package init() {}

  /// All that was counted.
  package var total: Int { cells.reduce(0) { $0 + $1.count } }

  /// Counts in a window; quick where it is the last one.
  package mutating func add(_ count: Int, in window: Int) {
    guard count != 0 else { return }
    if let last = cells.last, last.window == window {
      cells[cells.count - 1].count += count
    } else if cells.last.map({ $0.window < window }) ?? true {
      cells.append(Cell(window: window, count: count))
    } else {
      merge(WindowCounts(cells: [Cell(window: window, count: count)]))
    }
  }

  /// Adds what another one has counted in the same windows.
  package mutating func merge(_ other: WindowCounts) {
    guard !other.cells.isEmpty else { return }
    var (merged, mine, theirs) = ([Cell](), cells[...], other.cells[...])
    while let first = mine.first, let second = theirs.first {
      if first.window <= second.window { mine.removeFirst() }
      if second.window <= first.window { theirs.removeFirst() }
      let count =
        first.window == second.window
        ? first.count + second.count : first.window < second.window ? first.count : second.count
      merged.append(Cell(window: min(first.window, second.window), count: count))
    }
    cells = merged + mine + theirs
  }

  /// What is left of each window without what another one has counted in it; never less than nothing.
  package func minus(_ other: WindowCounts) -> WindowCounts {
    var theirs = other.cells[...]
    var left = WindowCounts()
    for cell in cells {
      while let first = theirs.first, first.window < cell.window { theirs.removeFirst() }
      let count =
        theirs.first.map { $0.window == cell.window ? cell.count - $0.count : cell.count } ?? cell.count
      left.add(max(0, count), in: cell.window)
    }
    return left
  }

  /// What was counted in some of the windows.
  package func within(_ windows: Range<Int>) -> WindowCounts {
    WindowCounts(cells: cells.filter { windows.contains($0.window) })
  }

  private init(cells: [Cell]) { self.cells = cells }
}

/// A group's share of what happened, estimated from random windows of time, with a 95 % interval.
///
/// A ratio estimator: the group's counts over all counts, windows being drawn at random (W. Cochran, Sampling Techniques,
/// chapter 6). What windows differ by more than chance would make them differ (bursts) widens the interval as if so many
/// fewer had been counted. The bounds are those of a Poisson count in the approximation of Wilson and Hilferty, so that a
/// group of which little was seen, or nothing, has an honest interval too.
package struct WindowShare: Sendable, Equatable {
  /// The estimate, 0 to 1.
  package let value: Double
  /// The lower end of the interval.
  package let low: Double
  /// The upper end of the interval.
  package let high: Double

  /// Estimates the share of `part` in `whole`; `windows` is the number of windows drawn, those without anything included.
  ///
  /// Where nothing was counted at all the share is anything from 0 to 1.
  package init(of part: WindowCounts, in whole: WindowCounts, windows: Int) {
    let all = Double(whole.total)
    guard all > 0 else {
      (value, low, high) = (0, 0, 1)
      return
    }
    let count = Double(part.total)
    let share = min(1, count / all)
    value = share
    let spread = WindowShare.spread(part, whole, share, windows: windows)
    // The smaller side is the one whose counts are nearly a Poisson process.
    let isSmall = share <= 0.5
    let bounds = WindowShare.bounds(
      of: isSmall ? count : all - count, spread: spread, windows: windows)
    let (lower, upper) = (max(0, bounds.lowerBound / all), min(1, bounds.upperBound / all))
    (low, high) = isSmall ? (lower, max(share, upper)) : (min(share, 1 - upper), 1 - lower)
  }

  /// How much more the windows differ than chance alone explains, at least 1.
  private static func spread(
    _ part: WindowCounts, _ whole: WindowCounts, _ share: Double, windows: Int
  ) -> Double {
    let expected = Double(part.total) * (1 - share)
    guard windows > 1, expected > 0 else { return 1 }
    var squares = 0.0
    var parts = part.cells[...]
    for cell in whole.cells {
      var count = 0
      if let first = parts.first, first.window == cell.window {
        count = first.count
        parts.removeFirst()
      }
      let difference = Double(count) - share * Double(cell.count)
      squares += difference * difference
    }
    let spread = max(1, squares * Double(windows) / Double(windows - 1) / expected)
    // Bursts that were seen tell that others may not have been: few windows find the spread of rare bursts too small.
    return 1 + (spread - 1) * varianceBound(Double(windows - 1))
  }

  /// By how much a variance may be larger than was found, at nine chances in ten: the degrees of freedom over the lower
  /// quantile of the chi-squared distribution, in the approximation of Wilson and Hilferty.
  private static func varianceBound(_ degrees: Double) -> Double {
    let part = 2 / (9 * degrees)
    let root = max(0.1, 1 - part - 1.2816 * part.squareRoot())
    return 1 / (root * root * root)
  }

  private static func bounds(of count: Double, spread: Double, windows: Int) -> ClosedRange<Double> {
    let quantile = SampleShare.studentQuantile(Double(max(2, windows - 1)))
    func bound(_ size: Double, _ sign: Double) -> Double {
      let root = max(0, 1 - 1 / (9 * size) + sign * quantile / (3 * size.squareRoot()))
      return size * root * root * root
    }
    let effective = count / spread
    let low = effective > 0 ? spread * bound(effective, -1) : 0
    return min(low, count)...max(count, spread * bound(effective + 1, 1))
  }
}
