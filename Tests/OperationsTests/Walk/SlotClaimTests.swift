import RedisClient
import Testing

@testable import Operations

/// What nodes say of their own slots, against what the others have heard.
struct SlotClaimTests {
  private static let nodes = """
    aa 127.0.0.1:7001@17001 master - 0 1 2 connected 0-99
    bb 127.0.0.1:7002@17002,one.example myself,master - 0 0 3 connected 100 102-104 [93-<-aa] [104->-cc]
    cc 127.0.0.1:7003@17003 slave bb 0 1 3 connected
    """

  @Test func aNodeTellsOfItsOwnSlotsAlone() throws {
    let motion = SlotMotion(nodes: SlotClaimTests.nodes)
    #expect(motion.nodeID == "bb" && motion.epoch == 3)
    #expect(motion.owned == slots(100...100, 102...104))
    #expect(motion.importing == slots(93...93) && motion.migrating == slots(104...104))
    let replica = SlotMotion(nodes: "cc 127.0.0.1:7003@17003 myself,slave bb 0 1 3 connected")
    #expect(replica.nodeID == "cc" && replica.owned == nil)
    let empty = SlotMotion(nodes: "dd 127.0.0.1:7004@17004 myself,master - 0 1 3 connected")
    #expect(empty.owned == SlotSet())
    #expect(SlotMotion(nodes: "").owned == nil)
  }

  @Test func whoHasNewSlotsIsBelieved() throws {
    let topology = try topology(["aa": slots(0...99), "bb": slots(100...199)])
    // The target says so already; the source does not know yet, or does.
    for source in [slots(0...99), slots(0...49)] {
      let corrected = topology.corrected(by: ["aa": source, "bb": slots(50...199)])
      #expect(corrected.owner(of: slot(49))?.primary?.id == "aa")
      #expect(corrected.owner(of: slot(50))?.primary?.id == "bb")
      #expect(corrected.moved(since: topology) == slots(50...99))
    }
  }

  @Test func whatNobodyClaimsStaysWhereItIsSaidToBe() throws {
    let topology = try topology(["aa": slots(0...99), "bb": slots(100...199)])
    #expect(topology.corrected(by: [:]) == topology)
    #expect(topology.corrected(by: ["aa": slots(0...9), "stranger": slots(0...199)]) == topology)
  }

  @Test func twoWhoClaimTheSameSlotDoNotShareIt() throws {
    let topology = try topology(["aa": slots(0...99), "bb": slots(100...199), "cc": slots(200...299)])
    let corrected = topology.corrected(by: ["aa": slots(0...99, 250...299), "bb": slots(100...260)])
    #expect(corrected.owner(of: slot(255))?.primary?.id == "aa")
    #expect(corrected.owner(of: slot(249))?.primary?.id == "bb")
    #expect(corrected.uncovered == topology.uncovered)
  }

  private func topology(_ owners: [String: SlotSet]) throws -> ClusterTopology {
    try ClusterTopology(
      owners.map { id, slots in
        let node = ClusterTopology.Node(id: id, address: .tcp(host: id, port: 6379))
        return ClusterTopology.Shard(primary: node, slots: slots)
      })
  }

  private func slots(_ ranges: ClosedRange<Int>...) -> SlotSet {
    var set = SlotSet()
    for range in ranges { set.insert(slot(range.lowerBound)...slot(range.upperBound)) }
    return set
  }

  private func slot(_ number: Int) -> HashSlot { HashSlot(exactly: number) ?? .last }
}
