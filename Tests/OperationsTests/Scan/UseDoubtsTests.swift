import RedisClient
import Testing

@testable import Operations

/// What is said of uses that a server has not noted.
struct UseDoubtsTests {
  private func clauses(_ fields: [String], frequencies: [Int] = []) -> [String] {
    UseDoubts.clauses(of: [ServerInfo(text: fields.joined(separator: "\r\n"))], frequencies: frequencies)
  }

  @Test func whatSpeaksAgainstTheOrderIsNamed() {
    let plain = ["role:master", "maxmemory_policy:allkeys-lru", "rdb_bgsave_in_progress:0"]
    #expect(clauses(plain).isEmpty)
    #expect(clauses(["role:slave"]).first?.hasPrefix("a replica notes") == true)
    #expect(
      clauses(["role:master", "maxmemory_policy:allkeys-lrm"]) == ["allkeys-lrm notes changes, and no reads"])
    for field in ["rdb_bgsave_in_progress", "aof_rewrite_in_progress"] {
      #expect(
        clauses(["role:master", "\(field):1"]).first?.hasPrefix("a background save") == true, "\(field)")
    }
  }

  /// Twenty counters at 200 stand for hundreds of thousands of reads, twenty at 30 for some thousands.
  @Test func countersThatNobodyHasReadUpAreDoubted() {
    let few = ["role:master", "maxmemory_policy:allkeys-lfu", "keyspace_hits:10000"]
    let high = [Int](repeating: 200, count: 20)
    #expect(clauses(few, frequencies: high).first?.hasPrefix("the counters stand for more reads") == true)
    #expect(clauses(few, frequencies: [Int](repeating: 30, count: 20)).isEmpty)
    let many = ["role:master", "maxmemory_policy:allkeys-lfu", "keyspace_hits:900000"]
    #expect(clauses(many, frequencies: high).isEmpty)
    #expect(clauses(["role:master"], frequencies: high).isEmpty, "nothing is known of hits")
  }
}
