import TestHarness
import Testing

/// TLS from the command line to the server: nothing is sent before the server is verified.
@Suite(.overlapping) struct TLSScanTests {
  /// A TLS server that wants a password, and its certificates.
  private static func with(
    names: [String] = ["localhost"], addresses: [String] = ["127.0.0.1"],
    _ choose: (Certificates) -> Certificates.Identity = { $0.server }, clientCertificate: Bool = false,
    _ body: (RedisServer, Certificates) throws -> Void
  ) throws {
    let certificates = try Certificates(names: names, addresses: addresses)
    let tls = RedisServer.Options.TLS(
      choose(certificates), authority: certificates.authority, requiresClientCertificate: clientCertificate)
    let options = RedisServer.Options(
      tls: tls, configuration: ["requirepass \(Rediscache.secret)"],
      login: .init("default", Rediscache.secret))
    try RedisServer.with(options) { server in
      try server.populate(20, prefix: "app:v1:")
      try server.cli("CONFIG", "RESETSTAT")
      try body(server, certificates)
    }
  }

  private static func scan(_ arguments: [String]) throws -> Command.Result {
    try Rediscache.run(["scan"] + arguments, environment: ["REDISCLI_AUTH": Rediscache.secret])
  }

  /// Runs a scan that must end before anything was sent to the server.
  private static func scanRefused(_ server: RedisServer, _ arguments: [String]) throws -> Command.Result {
    let before = try server.commandStats()["auth"] ?? 0
    let result = try scan(arguments)
    // The harness itself logs in to ask.
    #expect(try server.commandStats()["auth"] == before + 1, "the password was sent")
    #expect(result.status == 69 && result.stdout.isEmpty, "\(result)")
    return result
  }

  @Test("a verified server is scanned, by URI and by options") func verified() throws {
    try Self.with { server, certificates in
      let authority = ["--cacert", certificates.authority]
      for place in [
        ["-u", "rediss://localhost:\(server.tlsPort)"], ["-u", "valkeys://127.0.0.1:\(server.tlsPort)/0"],
        ["-H", "localhost", "-p", String(server.tlsPort), "--tls"],
      ] {
        let result = try Self.scan(place + authority + ["--json"])
        #expect(result.status == 0, "\(place): \(result)")
        #expect(try Report(result).totals.keys == 20)
      }
    }
  }

  @Test("a certificate for another host is refused before the password is sent") func wrongHost() throws {
    try Self.with(names: ["elsewhere.example"], addresses: []) { server, certificates in
      let place = ["-u", "rediss://localhost:\(server.tlsPort)", "--cacert", certificates.authority]
      let result = try Self.scan(place)
      #expect(result.status == 69 && result.stdout.isEmpty)
      #expect(
        result.errorText.contains("not trusted") && result.errorText.contains("no password has been sent"))
      let named = try Self.scan(place + ["--sni", "elsewhere.example"])
      #expect(named.status == 0, "\(named)")
    }
  }

  @Test("an unknown authority is refused before the password is sent") func unknownAuthority() throws {
    try Self.with({ $0.stranger }) { server, certificates in
      let place = ["-u", "rediss://localhost:\(server.tlsPort)"]
      for arguments in [place, place + ["--cacert", certificates.authority]] {
        let result = try Self.scanRefused(server, arguments)
        #expect(result.errorText.contains("--cacert"), "\(result)")
      }
      let insecure = try Self.scan(place + ["--insecure"])
      #expect(insecure.status == 0 && insecure.errorText.contains("warning: --insecure"), "\(insecure)")
      #expect(try Self.scan(place + ["--cacert", certificates.unknownAuthority]).status == 0)
    }
  }

  @Test("an expired certificate is refused") func expired() throws {
    try Self.with({ $0.expired }) { server, certificates in
      let place = ["-u", "rediss://localhost:\(server.tlsPort)", "--cacert", certificates.authority]
      let result = try Self.scanRefused(server, place)
      #expect(result.errorText.contains("expired"), "\(result)")
    }
  }

  @Test("a client certificate is asked for and accepted") func clientCertificate() throws {
    try Self.with(clientCertificate: true) { server, certificates in
      let place = ["-u", "rediss://localhost:\(server.tlsPort)", "--cacert", certificates.authority]
      let without = try Self.scan(place)
      #expect(without.status == 69 && without.errorText.contains("--cert and --key"), "\(without)")
      let identity = ["--cert", certificates.client.certificate, "--key", certificates.client.key]
      #expect(try Self.scan(place + identity).status == 0)
    }
  }

  @Test("plain against TLS and TLS against plain say which is which") func mixedUp() throws {
    try Self.with { server, _ in
      let plain = try Self.scan(["-p", String(server.tlsPort)])
      #expect(plain.status == 69 && plain.errorText.contains("--tls"), "\(plain)")
    }
    try RedisServer.with(RedisServer.Options(tcp: true)) { server in
      let result = try Self.scan(["-u", "rediss://127.0.0.1:\(server.port)", "--connect-timeout", "2s"])
      #expect(result.status == 69 && result.errorText.contains("without --tls"), "\(result)")
    }
  }
}
