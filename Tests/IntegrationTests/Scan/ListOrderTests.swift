import Foundation
import TestHarness
import Testing

/// `scan --list` with a limit and an order.
@Suite(.overlapping) struct ListOrderTests {
  private static func list(_ server: RedisServer, _ arguments: [String]) throws -> [String] {
    let result = try Rediscache.scan(server, ["--list"] + arguments)
    #expect(result.status == 0, "\(result)")
    return result.text.split(separator: "\n").map(String.init)
  }

  @Test("the first of all keys in an order, and no more than asked for") func order() throws {
    try RedisServer.with { server in
      // Sizes and times to live fall and rise with the number; the last never expire.
      try server.load(
        text: (0..<3_000).map { number in
          let value = String(repeating: "x", count: 10 * (3_000 - number))
          return ["SET", "k:\(String(format: "%04d", number))", value]
            + (number < 2_000 ? ["EX", "\(9_000 + number)"] : [])
        })
      let first = (0..<20).map { "k:" + String(format: "%04d", $0) }
      for order in ["ttl", "name"] {
        #expect(try Self.list(server, ["--sort", order, "--top", "20"]) == first, "\(order)")
      }
      // Allocations of neighbours may have one size; then names decide.
      let largest = try Self.list(server, ["--sort", "memory", "--top", "20"])
      #expect(
        largest.first == "k:0000" && largest.count == 20 && largest.allSatisfy { $0 < "k:0200" }, "\(largest)"
      )
      #expect(try Self.list(server, ["--top", "7"]).count == 7)
      #expect(try Self.list(server, ["--top", "5000"]).count == 3_000)
      #expect(try Self.list(server, ["--sort", "name", "--top", "5000"]).count == 3_000)
    }
  }

  @Test("the details have the names of other reports, and the count of a bounded list is in its last line")
  func details() throws {
    try RedisServer.with { server in
      try server.load(text: [["SET", "a", "x", "EX", "500"], ["SET", "b", "x"], ["SET", "c", "x"]])
      let result = try Rediscache.scan(
        server, ["--list", "--format", "jsonl", "--idle", "--sort", "ttl", "--top", "2"])
      let lines = try result.jsonLines()
      #expect(
        lines.count == 3 && lines[0]["key"] as? String == "a" && lines[2]["end"] as? Int == 2, "\(result)")
      #expect((lines[0]["ttl_seconds"] as? Double).map { (400...500).contains($0) } == true, "\(result)")
      #expect(lines[1]["ttl_seconds"] as? Int == -1 && lines[1]["memory_bytes"] is Int, "\(result)")
      #expect(lines[1]["idle_seconds"] is Int)
      let csv = try Rediscache.scan(server, ["--list", "--format", "csv", "--top", "1"])
      #expect(csv.text.hasPrefix("key,type,ttl_seconds,memory_bytes,db,encoding\n"), "\(csv)")
      #expect(
        csv.text.split(separator: "\n").count == 2 && csv.errorText.contains("there may be more"), "\(csv)")
    }
  }

  @Test(
    "what cannot be meant is refused",
    arguments: [
      (["--list", "--sort", "ttl"], "--top N"),
      (["--list", "--top", "0"], "--top"),
    ])
  func refused(_ arguments: [String], _ words: String) throws {
    let result = try Rediscache.run(["scan", "-s", "/nonexistent"] + arguments)
    #expect(result.status == 64 && result.errorText.contains(words), "\(result)")
  }
}
