import Foundation
import TestHarness
import Testing

/// Records that the server refuses: they are named, kept, and the first of them says what is wrong with all.
@Suite(.overlapping) struct WarmRefusalTests {
  /// A record of a payload as DUMP gives it, with another version, and with the checksum that fits or not.
  private static func record(_ key: String, _ payload: [UInt8], version: UInt8, isWhole: Bool) -> String {
    var bytes = Array(payload.dropLast(10)) + [version, 0]
    let sum = Seeds.checksum(bytes) ^ (isWhole ? 0 : 1)
    bytes += (0..<8).map { UInt8(truncatingIfNeeded: sum >> (8 * UInt64($0))) }
    return #"{"key":"\#(key)","type":"dump","value":"\#(Data(bytes).base64EncodedString())"}"#
  }

  @Test(
    "a payload of a newer server and a damaged one are told apart by the checksum", arguments: [true, false])
  func dumps(isNewerFirst: Bool) throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      try server.load(text: [["SET", "k", "value"]])
      let payload = try #require(try server.connection().command("DUMP", "k").bytes)
      let newer = Self.record("newer", payload, version: 250, isWhole: true)
      let damaged = Self.record("damaged", payload, version: payload[payload.count - 10], isWhole: false)
      let lines = [#"{"key":"a","value":"x"}"#] + (isNewerFirst ? [newer, damaged] : [damaged, newer])
      let seed = (lines + [#"{"key":"b"}"#, #"{"key":"c","value":"x"}"#]).joined(separator: "\n") + "\n"
      let report = try Rediscache.warm(server, seed, ["--rejects", folder.file("rejects")], status: 1)
      #expect(report.counts == .init(written: 2, rejected: 1, failed: 2), "\(report)")
      #expect(report.refused.map(\.line) == [2, 3])
      let reasons = Dictionary(uniqueKeysWithValues: report.refused.map { ($0.key, $0.reason) })
      #expect(reasons["newer"]?.contains("is newer (its dumps have version 250)") == true, "\(reasons)")
      #expect(reasons["newer"]?.contains("--dump") == true, "\(reasons)")
      #expect(reasons["damaged"]?.contains("the payload is damaged") == true, "\(reasons)")
      #expect(report.warns(isNewerFirst ? "is newer" : "is damaged"), "the first decides: \(report.warnings)")
      #expect(!report.warns(isNewerFirst ? "is damaged" : "is newer"), "\(report.warnings)")
      // In the order of the seed, as they can be loaded again.
      let rejects = try Seeds.Reject.lines(folder.read("rejects"))
      #expect(rejects.map(\.line) == [2, 3, 4])
      #expect(rejects[0].bytes.starts(with: Array(lines[1].dropLast().utf8)), "\(rejects[0])")
    }
  }

  @Test("a run that resumes keeps the refused records of the runs before, and no others") func resumed()
    throws
  {
    let folder = try TemporaryFolder()
    let (journal, rejects) = (folder.file("journal"), folder.file("rejects"))
    try RedisServer.with { server in
      try server.load(text: [["ACL", "SETUSER", "limited", "on", ">\(Rediscache.secret)", "+@all", "~ok:*"]])
      let seed = (0..<600).map { number in
        number % 100 == 50
          ? "{bad" : #"{"key":"\#(number % 100 == 49 ? "no" : "ok"):\#(number)","value":"x"}"#
      }
      let file = try folder.write("seed", seed.joined(separator: "\n").utf8 + [10])
      let words = ["--rejects", rejects, "--user", "limited", "--batch", "20"]
      let environment = ["REDISCLI_AUTH": Rediscache.secret]
      let running = try Rediscache.command(
        ["warm", "--yes", file, "-s", server.socketPath, "--journal", journal, "--rate", "600"] + words,
        environment: environment
      ).start()
      #expect(Wait.becomesTrue { (folder.read("journal") ?? []).count { $0 == 10 } > 8 })
      running.signal(SIGKILL)
      _ = running.wait()
      let result = try Rediscache.run(
        ["warm", "--yes", file, "-s", server.socketPath, "--resume", journal, "--json"] + words,
        environment: environment)
      let report = try LoadReport(result.stdout)
      #expect(result.status == 1 && report.counts == .init(written: 588, rejected: 6, failed: 6), "\(result)")
      let lines = try Seeds.Reject.lines(folder.read("rejects")).map(\.line)
      let refused: [Int] = (0..<6).flatMap { part in [part * 100 + 50, part * 100 + 51] }
      #expect(lines == refused, "\(lines)")
    }
  }
}
