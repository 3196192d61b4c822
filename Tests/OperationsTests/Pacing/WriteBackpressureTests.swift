import RedisClient
import Testing

@testable import Operations

struct WriteBackpressureTests {
  static let mebibyte = 1 << 20

  static let cases: [(info: [String], reason: String?)] = [
    ([], nil),
    (["lazyfree_pending_objects:10000"], nil),
    (["lazyfree_pending_objects:10001"], "10,001 values wait to be freed"),
    (["lazyfree_pending_objects:many"], nil),
    (["connected_slaves:1", "slave0:ip=h,port=1,state=online,offset=0,lag=5"], nil),
    (
      ["connected_slaves:1", "slave0:ip=h,port=1,state=online,offset=0,lag=6"],
      "the replica h:1 has not reported for 6 s"
    ),
    (["connected_slaves:0", "slave0:ip=h,port=1,state=online,offset=0,lag=6"], nil),
    (["connected_slaves:1", "slave0:ip=h,port=1,state=send_bulk,offset=0,lag=600"], nil),
    (["connected_slaves:3", "slave0:ip=h,port=1,state=online,offset=7,lag=0", "master_repl_offset:7"], nil),
    (
      [
        "connected_slaves:2", "slave0:ip=h,port=1,state=online,offset=\(33 * mebibyte),lag=0",
        "slave1:ip=::1,port=2,state=online,offset=1,lag=1", "master_repl_offset:\(1 + 33 * mebibyte)",
      ], "the replica ::1:2 is 33 MiB behind"
    ),
    (
      [
        "connected_slaves:1", "slave0:ip=h,port=1,state=online,offset=0,lag=0",
        "master_repl_offset:\(32 * mebibyte)",
      ], nil
    ),
    (["connected_slaves:1", "slave0:garbage", "master_repl_offset:999999999999"], nil),
    (["connected_slaves:1", "slave0:state=online,lag=9"], "the replica ?:? has not reported for 9 s"),
    (["connected_slaves:-1"], nil),
    (["connected_slaves:9223372036854775807"], nil),
    (
      [
        "connected_slaves:1", "slave0:ip=h,port=1,state=online,offset=-9223372036854775808,lag=0",
        "master_repl_offset:9223372036854775807",
      ], nil
    ),
    (
      ["connected_slaves:1", "slave0:ip=\u{1B}[2J,port=1,state=online,lag=9"],
      "the replica \\x1b[2J:1 has not reported for 9 s"
    ),
  ]

  @Test(arguments: cases.indices) func infoTellsWhetherToSlowDown(index: Int) {
    let (info, reason) = Self.cases[index]
    let found = ServerBacklog(ServerInfo(text: info.joined(separator: "\r\n"))).reason
    if reason?.contains("\\x1b") == true {
      #expect(found != nil && found?.contains("\u{1B}") == false)
    } else {
      #expect(found == reason)
    }
  }

  @Test func theBacklogIsAskedForOnceASecond() {
    let start = ContinuousClock.now
    let clock = Clock(start)
    var backpressure = WriteBackpressure(now: { clock.moment })
    let moments = [0, 1, 500, 999, 1000, 1001, 2001]
    let turns = moments.map { millisecond in
      clock.moment = start + .milliseconds(millisecond)
      return backpressure.isTimeToAsk()
    }
    #expect(turns == [true, false, false, false, true, false, true], "at once, then by the second")
  }

  @Test func backpressureHoldsUntilTheBacklogIsGone() {
    let (heavy, light) = (backlog("lazyfree_pending_objects:20000"), backlog("lazyfree_pending_objects:1"))
    var backpressure = WriteBackpressure()
    #expect(backpressure.reason == nil && backpressure.warnings.isEmpty)
    backpressure.note(light)
    #expect(backpressure.reason == nil)
    backpressure.note(heavy)
    #expect(backpressure.reason == "20,000 values wait to be freed")
    #expect(backpressure.warnings.isEmpty, "nothing is said before there was a wait")
    backpressure.noteRest()
    backpressure.note(backlog("lazyfree_pending_objects:30000"))
    backpressure.noteRest()
    #expect(backpressure.warnings == ["slowed down for 2 s in all: 20,000 values wait to be freed"])
    backpressure.note(light)
    #expect(backpressure.reason == nil && backpressure.warnings.count == 1, "what was is still said")
    for _ in 0..<20 {
      backpressure.note(heavy)
      backpressure.note(light)
    }
    #expect(backpressure.warnings.count <= 5)
  }

  private func backlog(_ info: String) -> ServerBacklog { ServerBacklog(ServerInfo(text: info)) }

  private final class Clock {
    var moment: ContinuousClock.Instant
    init(_ moment: ContinuousClock.Instant) { self.moment = moment }
  }
}
