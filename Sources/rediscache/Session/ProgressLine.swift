import Operations
import Quantities
import Reporting
import Synchronization

/// One line on standard error that shows how far a run is; drawn ten times a second at most.
final class ProgressLine: Sendable {
  private let lastTenth = Atomic(-1)

  /// Draws the line again if a tenth of a second has passed.
  func update(_ progress: RunContext.Progress) {
    let seconds = progress.elapsed / .seconds(1)
    let tenth = Int(seconds * 10)
    guard tenth > 2, lastTenth.exchange(tenth, ordering: .relaxed) != tenth else { return }
    var parts = [NumberText.count(progress.keys) + " keys", NumberText.rate(Double(progress.keys) / seconds)]
    if let share = progress.share, share > 0 {
      parts.insert("\(Int(min(1, share) * 100))%", at: 1)
      if share < 1 { parts.append("ETA " + NumberText.elapsed(seconds * (1 - share) / share)) }
    }
    let width = StandardError.width - 1
    StandardError.write(
      "\r\u{1b}[K" + TextWidth.truncatedEnd(parts.joined(separator: "  "), to: max(10, width)))
  }

  /// Says that the next reading, or the end of what is done meanwhile, comes after a time.
  func announce(_ interval: Duration, _ action: String = "reading again in") {
    lastTenth.store(0, ordering: .relaxed)
    StandardError.write("\r\u{1b}[K\(action) \(NumberText.elapsed(interval / .seconds(1)))")
  }

  /// Removes the line.
  func clear() {
    if lastTenth.exchange(-1, ordering: .relaxed) >= 0 { StandardError.write("\r\u{1b}[K") }
  }
}
