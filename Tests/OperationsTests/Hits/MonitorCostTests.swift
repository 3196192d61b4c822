import RedisClient
import Testing

@testable import Operations

@Suite struct MonitorCostTests {
  /// Windows of 100 ms, each after a second outside of them; `working` is the part of the time that the server works.
  static func cost(outside: Int, inside: Int, working: Double?, windows: Int = 4) -> MonitorCost {
    var cost = MonitorCost()
    var (commands, processor, now) = (0, 0.0, ContinuousClock.now)
    func facts() -> ServerInfo {
      let work = working == nil ? "" : "\r\nused_cpu_user:\(processor / 2)\r\nused_cpu_sys:\(processor / 2)"
      return ServerInfo(text: "total_commands_processed:\(commands)\(work)")
    }
    func pass(_ duration: Duration, _ rate: Int) {
      now += duration
      commands += Int(Double(rate) * (duration / .seconds(1)))
      processor += (working ?? 0) * (duration / .seconds(1))
    }
    cost.note(facts(), isBeginning: false, now: now)
    for _ in 0..<windows {
      pass(.seconds(1), outside)
      cost.note(facts(), isBeginning: true, now: now)
      pass(.milliseconds(100), inside)
      cost.note(facts(), isBeginning: false, now: now)
    }
    return cost
  }

  @Test(arguments: [
    (50_000, 25_000, 0.95, true), (50_000, 45_000, 0.95, false), (50_000, 25_000, nil, true),
    (5_000, 1_000, 0.1, false), (800, 100, 0.95, false),
  ])
  func endsWhatSlowsABusyServer(_ outside: Int, _ inside: Int, _ working: Double?, _ ends: Bool) {
    let cost = Self.cost(outside: outside, inside: inside, working: working)
    #expect((cost.verdict != nil) == ends)
    let rates = [cost.outside.rate ?? 0, cost.inside.rate ?? 0].map { Int($0.rounded()) }
    #expect(rates == [outside, inside])
  }

  @Test func twoSlowWindowsAreChance() {
    #expect(Self.cost(outside: 50_000, inside: 1000, working: 1, windows: 2).verdict == nil)
  }
}
