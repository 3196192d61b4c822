import TestHarness
import TestSupport
import Testing

@testable import RedisClient

@Suite struct ClusterRedirectionTests {
  static let asked = Endpoint(address: .tcp(host: "seed.example", port: 7000), database: 0)

  static func read(_ line: String, askedAt asked: Endpoint = asked) -> Redirection? {
    Redirection(ServerError(line: line), askedAt: asked)
  }

  static let followed: [(line: String, kind: Redirection.Kind, slot: UInt16, host: String, port: UInt16)] = [
    ("MOVED 3999 127.0.0.1:6381", .moved, 3999, "127.0.0.1", 6381),
    ("ASK 3999 127.0.0.1:6381", .ask, 3999, "127.0.0.1", 6381),
    ("MOVED 0 cache-1.example.com:1", .moved, 0, "cache-1.example.com", 1),
    ("MOVED 16383 h:65535", .moved, 16383, "h", 65535),
    ("MOVED 5 ::1:7001", .moved, 5, "::1", 7001), ("MOVED 5 [::1]:7001", .moved, 5, "::1", 7001),
    ("ASK 5 2001:db8::a:7001", .ask, 5, "2001:db8::a", 7001),
    ("MOVED 5 fe80::1%eth0:7001", .moved, 5, "fe80::1%eth0", 7001),
    ("MOVED 3999 :6381", .moved, 3999, "seed.example", 6381),
    ("ASK 3999 ?:6381", .ask, 3999, "seed.example", 6381),
  ]

  @Test(arguments: followed.indices) func isRead(index: Int) throws {
    let (line, kind, slot, host, port) = Self.followed[index]
    let redirection = try #require(Self.read(line), "\(line)")
    #expect(redirection.kind == kind)
    #expect(redirection.slot.rawValue == slot)
    #expect(redirection.address == .tcp(host: host, port: port))
  }

  static let askers: [(address: Endpoint.Address, host: String)] = [
    (.tcp(host: "::1", port: 7000), "::1"), (.tcp(host: "10.0.0.1", port: 7000), "10.0.0.1"),
    (.unix(path: "/run/redis.sock"), "127.0.0.1"),
  ]

  @Test(arguments: askers.indices) func anEmptyHostIsTheAskedOne(index: Int) {
    let (address, host) = Self.askers[index]
    let found = Self.read("MOVED 1 :7002", askedAt: Endpoint(address: address))
    #expect(found?.address == .tcp(host: host, port: 7002))
  }

  @Test(arguments: [
    "MOVED", "MOVED ", "MOVED 1", "MOVED 1 ", "MOVED  1 h:1", "MOVED 1 h:1 ", "MOVED 1 h:1 x", "MOVED h:1 1",
    "MOVED 16384 h:1", "MOVED -1 h:1", "MOVED 1x h:1", "MOVED 99999999999999999999 h:1", "MOVED 1 h",
    "MOVED 1 h:",
    "MOVED 1 h:0", "MOVED 1 h:65536", "MOVED 1 h:-1", "MOVED 1 h:1x", "MOVED 1 ::1", "MOVED 1 [::1]",
    "MOVED 1 [::1:7001", "MOVED 1 ::1]:7001", "MOVED 1 [h]:7001", "MOVED 1 []:7001", "MOVED 1 h/../x:1",
    "MOVED 1 h\u{1B}[2J:1", "MOVED 1 höst:1", "MOVED 1 user@h:1", "MOVED 1 :", "MOVED\t1 h:1", "moved 1 h:1",
    "MOVED2 1 h:1", "ASKING 1 h:1", "ERR MOVED 1 h:1", "TRYAGAIN", "",
    "MOVED 1 \(String(repeating: "h", count: 254)):1",
  ])
  func garbageIsNone(line: String) {
    #expect(Self.read(line) == nil)
  }

  @Test func mutatedLinesNeverTrap() {
    var random = SeededGenerator(seed: 3999)
    var understood = 0
    for round in 0..<4000 {
      var bytes = Array(Self.followed[round % Self.followed.count].line.utf8)
      for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
        let position = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0...3, using: &random) {
        case 0: bytes.remove(at: position)
        case 1: bytes[position] = UInt8.random(in: 0...255, using: &random)
        case 2: bytes.insert(random.pick(0x20, 0x3A, 0x30, 0x5B, 0x5D, 0xFF), at: position)
        default: bytes.removeSubrange(position...)
        }
      }
      guard let found = Self.read(String(decoding: bytes, as: UTF8.self)) else { continue }
      understood += 1
      guard case .tcp(let host, let port) = found.address else { continue }
      #expect(port > 0 && EndpointHost.isUsable(host) && found.slot <= .last)
    }
    #expect(understood > 100)
  }
}
