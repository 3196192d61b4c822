import Testing

@testable import Operations

@Suite struct MonitorPlanTests {
  @Test(arguments: [
    (1.0, 0.05, 1), (10, 0.05, 1), (60, 0.05, 1), (60, 0.05, 6), (86_400, 0.05, 1), (60, 0.5, 1),
    (60, 0.05, 200),
  ])
  func windowsKeepTheirDutyAndTheirLength(_ seconds: Double, _ duty: Double, _ nodes: Int) {
    let plan = MonitorPlan(duration: .seconds(seconds), duty: duty, nodes: nodes)
    #expect(plan.length >= MonitorPlan.shortestWindow && plan.length <= MonitorPlan.longestWindow)
    #expect(plan.length / plan.period <= duty * 1.0001)
    let cells = Int(Duration.seconds(seconds) / plan.period) / plan.windowsOfCell
    #expect(cells <= MonitorPlan.mostCells, "memory does not grow with time: \(cells)")
    // One node at a time: a window ends before the next node's share begins.
    for place in 0..<nodes {
      let (first, last) = (plan.start(of: place, draw: 0), plan.start(of: place, draw: 1))
      let share = plan.period / nodes
      #expect(first >= share * place - .microseconds(1))
      #expect(last + plan.length <= share * (place + 1) + .microseconds(1))
    }
  }

  @Test func aShortRunHasShortWindowsAndALongOneUsualOnes() {
    let short = MonitorPlan(duration: .seconds(10), duty: 0.05, nodes: 1)
    // A twentieth is no binary fraction.
    #expect((24.9...25.1).contains(short.length / .milliseconds(1)))
    #expect(Int((Duration.seconds(10) / short.period).rounded()) == MonitorPlan.fewestWindows)
    let long = MonitorPlan(duration: .seconds(600), duty: 0.05, nodes: 1)
    #expect((149...150.1).contains(long.length / .milliseconds(1)))
    #expect(long.windowsOfCell == 2)
  }
}
