import Foundation
import TestHarness
import TestSupport
import Testing

/// Hashes whose fields expire (Redis from 7.4 on, Valkey from 9 on), before a server that does as if it knew them.
@Suite(.overlapping) struct ExpiringFieldsTests {
  /// Small and large hashes with expiring fields, and small ones without; INFO tells of them by a field of its own.
  private static func proxy(_ server: RedisServer, _ field: String = "subexpiry") throws -> EditingProxy {
    try server.load(text: (0..<10).map { ["HSET", "session:v1:\($0)", "field", "value"] })
    try server.load(text: (0..<20).map { ["HSET", "profile:v1:\($0)", "field", "value"] })
    try server.load(
      text: (0..<5).map { ["HSET", "large:v1:\($0)", "field", String(repeating: "x", count: 200)] })
    try server.load(text: (0..<8).map { ["SET", "app:v1:\($0)", "value"] })
    try server.load(text: (0..<4).map { ["SADD", "set:v1:\($0)", String(repeating: "x", count: 200)] })
    return try EditingProxy(
      to: server,
      [
        .rewrite("INFO") { $0.replacingOccurrences(of: "expires=0", with: "expires=0,\(field)=12") },
        .answer("OBJECT ENCODING", with: .bulk(Array("listpackex".utf8))) { $0[2].hasPrefix("session:") },
      ])
  }

  @Test(
    "they are a class of their own, never among what never expires",
    arguments: ["subexpiry", "keys_with_volatile_items"])
  func figures(field: String) throws {
    try RedisServer.with { server in
      let proxy = try Self.proxy(server, field)
      let result = try Rediscache.run(["scan", "-u", proxy.uri, "--json"])
      let report = try Report(result)
      #expect(result.status == 0 && report.totals.withoutTtl == 32, "\(result)")
      #expect(report.totals.expiringFields == 15 && report.group("session", "v1")?.withoutTtl == 0)
      #expect(!report.findings.contains { $0.id == "session-without-ttl" }, "\(report.findings)")
      let ttl = try Rediscache.run(["ttl", "-u", proxy.uri])
      #expect(ttl.text.contains("field by field  15"), "\(ttl)")
      // Without the server's word there is nothing to ask.
      let plain = try Rediscache.report(server)
      #expect(plain.totals.withoutTtl == 47 && plain.totals.expiringFields == 0)
    }
  }

  @Test("--no-ttl leaves them out, and a removal leaves them alone") func choice() throws {
    try RedisServer.with { server in
      let proxy = try Self.proxy(server)
      let list = try Rediscache.run(["scan", "--no-ttl", "--list", "-u", proxy.uri])
      #expect(list.text.split(separator: "\n").count == 32 && !list.text.contains("session:"), "\(list)")
      #expect(list.errorText.contains("15 hashes without a TTL are left out"), "\(list)")
      let removal = try Rediscache.run(["invalidate", "--no-ttl", "--yes", "-u", proxy.uri])
      #expect(removal.status == 0, "\(removal)")
      #expect(try server.size() == 15)
    }
  }
}
