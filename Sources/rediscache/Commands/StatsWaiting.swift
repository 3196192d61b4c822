import Quantities

/// A word on the terminal while the time between two readings passes.
enum StatsWaiting {
  static func begin(_ interval: Duration?, _ output: OutputOptions) {
    guard let interval, output.showsProgress else { return }
    StandardError.write("\r\u{1b}[Kreading again in \(NumberText.elapsed(interval / .seconds(1)))")
  }

  static func end(_ interval: Duration?, _ output: OutputOptions) {
    guard interval != nil, output.showsProgress else { return }
    StandardError.write("\r\u{1b}[K")
  }
}
