import Foundation
import TestHarness
import Testing

/// Seeds of any size are read in bounded memory.
///
/// `REDISCACHE_LARGE=1` also loads 160 MB, and reads past values of 600 and 800 MB.
@Suite(.overlapping) struct WarmMemoryTests {
  private static let isLarge = ProcessInfo.processInfo.environment["REDISCACHE_LARGE"] != nil

  /// Sends a seed of pieces that are made as they go.
  private static func stream(
    _ server: RedisServer, _ arguments: [String], pieces: Int, _ piece: @escaping @Sendable (Int) -> [UInt8]
  ) throws -> (result: Command.Result, peak: Int?) {
    var command = Rediscache.command(["warm", "--yes", "-", "-s", server.socketPath, "--json"] + arguments)
    command.input = .open
    let running = try command.start()
    Thread.detachNewThread {
      for number in 0..<pieces {
        guard running.write(piece(number)) else { break }
      }
      running.closeInput()
    }
    return running.waitWatchingMemory()
  }

  private static func expectSmall(_ peak: Int?) {
    if let peak { #expect(peak < 64 << 10, "\(peak) KiB") }
  }

  @Test("a seed of 160 MB takes less than 64 MiB", arguments: [false, true])
  func streaming(packed: Bool) throws {
    let folder = try TemporaryFolder()
    let count = Self.isLarge ? 500_000 : 60_000
    try RedisServer.with { server in
      let filler = String(repeating: "x", count: 290)
      var text: [UInt8] = []
      for number in 0..<count {
        text += #"{"key":"app:v2:user:\#(number)","value":"\#(number)\#(filler)","ttl":3600}"#.utf8
        text.append(10)
      }
      var file = try folder.write("seed", text)
      if packed {
        file = try folder.write(
          "seed.gz", try Command("gzip", ["-1c", file]).run(timeout: .seconds(60)).stdout)
      }
      let (result, peak) = try Rediscache.command(
        ["warm", "--yes", file, "-s", server.socketPath, "--json", "--pace", "full"]
      ).start().waitWatchingMemory()
      #expect(result.status == 0, "\(result)")
      #expect(try LoadReport(result.stdout).counts == .init(written: count))
      Self.expectSmall(peak)
      #expect(try server.size() == count)
    }
  }

  @Test("rejects by the hundred thousand are not held") func rejects() throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      let line = Array(#"{"key":"k","value":17}"#.utf8) + [10]
      let many = Array(repeating: line, count: 1_000).flatMap { $0 }
      let (result, peak) = try Self.stream(server, ["--rejects", folder.file("rejects")], pieces: 30) { _ in
        many
      }
      #expect(result.status == 1, "\(result)")
      Self.expectSmall(peak)
      #expect(try LoadReport(result.stdout).counts == .init(rejected: 30_000))
      #expect(folder.read("rejects")?.count { $0 == 10 } == 30_000)
    }
  }

  @Test("a value longer than Redis stores is rejected, and the next record is loaded", .enabled(if: isLarge))
  func longValue() throws {
    try RedisServer.with { server in
      let megabyte = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
      for (size, isHeld) in [(600, true), (800, false)] {
        let (result, peak) = try Self.stream(server, [], pieces: size + 2) { number in
          switch number {
          case 0: Array(#"{"key":"long","value":""#.utf8)
          case size + 1: Array("\"}\n{\"key\":\"next\",\"value\":\"v\"}\n".utf8)
          default: megabyte
          }
        }
        let report = try LoadReport(result.stdout)
        #expect(result.status == 1 && report.counts == .init(written: 1, rejected: 1), "\(report)")
        #expect(report.rejections.first?.line == 1)
        #expect(try server.names() == ["next"])
        print("\(size) MB: \((peak ?? 0) >> 10) MiB, \(report.rejections)")
        if !isHeld { Self.expectSmall(peak) }
      }
    }
  }

  @Test("RESP that announces more than Redis stores is refused at once") func longBulk() throws {
    try RedisServer.with { server in
      let seed = "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n*3\r\n$3\r\nSET\r\n$4\r\nlong\r\n$600000000\r\n"
      let (result, peak) = try Self.stream(server, [], pieces: 40) { number in
        number == 0 ? Array(seed.utf8) : [UInt8](repeating: 120, count: 1 << 20)
      }
      #expect(result.status == 65 && result.errorText.contains("536870912"), "\(result)")
      Self.expectSmall(peak)
      #expect(try server.names() == ["k"])
    }
  }
}
