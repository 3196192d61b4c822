import Foundation
import TestHarness
import Testing

@testable import RedisClient

@Suite struct TLSTests {
  static let certificates = Result { try Certificates() }
  /// The same authority's kind of certificate for somebody else.
  static let foreign = Result { try Certificates(names: ["other.example"], addresses: ["192.0.2.7"]) }

  static func endpoint(
    _ port: Int, host: String = "127.0.0.1", user: String? = nil, password: String? = nil, _ tls: TLSOptions
  ) -> Endpoint {
    let credentials = password.map { Credentials(user: user, password: $0) }
    return Endpoint(address: .tcp(host: host, port: UInt16(port)), credentials: credentials, tls: tls)
  }

  static func with(
    _ identity: Certificates.Identity, _ authority: String, mutual: Bool = false,
    _ body: (RedisServer) throws -> Void
  ) throws {
    let tls = RedisServer.Options.TLS(identity, authority: authority, requiresClientCertificate: mutual)
    try RedisServer.with(.init(tls: tls), body)
  }

  @Test(arguments: ["127.0.0.1", "localhost"]) func trusted(host: String) throws {
    let made = try Self.certificates.get()
    try Self.with(made.server, made.authority) { server in
      let endpoint = Self.endpoint(server.tlsPort, host: host, TLSOptions(caFile: made.authority))
      let connection = try Connection(to: endpoint, options: .patient)
      #expect(connection.greeting.protocolVersion == 3)
      // More than a record, and more than the system's buffers, both ways.
      let value = String(repeating: "0123456789abcdef", count: 300_000)
      let shapes = try connection.exchange([["SET", "k", value], ["GET", "k"], ["PING"]])
      #expect(shapes == [.status("OK"), .string(value), .status("PONG")])
    }
  }

  @Test func byteByByte() throws {
    let made = try Self.certificates.get()
    try Self.with(made.server, made.authority) { server in
      let faults = FaultProxy.Faults(pieceSize: 1)
      let proxy = try FaultProxy(
        to: .loopback(server.tlsPort), on: .loopback, requests: faults, replies: faults)
      let endpoint = Self.endpoint(proxy.port, TLSOptions(caFile: made.authority))
      let connection = try Connection(to: endpoint, options: .patient)
      let value = String(repeating: "v", count: 3000)
      #expect(
        try connection.exchange([["SET", "k", value], ["GET", "k"]]) == [.status("OK"), .string(value)])
    }
  }

  @Test func aHundredThousandCommands() throws {
    let made = try Self.certificates.get()
    try Self.with(made.server, made.authority) { server in
      let endpoint = Self.endpoint(server.tlsPort, TLSOptions(caFile: made.authority))
      let connection = try Connection(to: endpoint, options: .patient)
      var flight = CommandBuffer()
      for index in 0..<100_000 { flight.append("ECHO", "\(index)") }
      try connection.send(flight)
      let replies = ReplyBuffer()
      try connection.receive(flight.count, into: replies)
      #expect(try replies[99_999].decode(String.self) == "99999")
    }
  }

  /// Fails to connect, and checks that the server has seen no command and the wire no password.
  static func untrusted(
    _ server: RedisServer, host: String, _ tls: TLSOptions, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> ClientError {
    let proxy = try FaultProxy(to: .loopback(server.tlsPort), on: .loopback)
    let endpoint = Self.endpoint(proxy.port, host: host, user: "alice", password: canary, tls)
    let error = try failureToConnect(endpoint, sourceLocation: sourceLocation)
    #expect(error.kind == .unreachable, sourceLocation: sourceLocation)
    let sent = proxy.received.flatMap { $0 }
    #expect(sent.first == 0x16, "a TLS handshake", sourceLocation: sourceLocation)
    // The alert that ends a handshake is 19 bytes of protected data in TLS 1.3; a flight of commands is more.
    let payload = TLSRecords.applicationBytes(sent)
    #expect(payload < 40, "\(payload) bytes", sourceLocation: sourceLocation)
    let raw = try RawConnection(to: .unix(server.socketPath))
    let statistics = try raw.command("INFO", "commandstats").text ?? ""
    #expect(!statistics.contains("cmdstat_auth"), sourceLocation: sourceLocation)
    #expect(!statistics.contains("cmdstat_hello"), sourceLocation: sourceLocation)
    return error
  }

  @Test func unknownAuthority() throws {
    let made = try Self.certificates.get()
    try Self.with(made.stranger, made.authority) { server in
      for tls in [TLSOptions(caFile: made.authority), TLSOptions()] {
        let error = try Self.untrusted(server, host: "127.0.0.1", tls)
        #expect(error.message.contains("is not trusted"))
        #expect(error.hints.first == .nameAuthority)
      }
      let right = Self.endpoint(server.tlsPort, TLSOptions(caFile: made.unknownAuthority))
      #expect(try Connection(to: right, options: .patient).greeting.protocolVersion == 3)
      let insecure = Self.endpoint(server.tlsPort, TLSOptions(insecure: true))
      #expect(try Connection(to: insecure, options: .patient).greeting.protocolVersion == 3)
    }
  }

  @Test func expired() throws {
    let made = try Self.certificates.get()
    try Self.with(made.expired, made.authority) { server in
      let error = try Self.untrusted(server, host: "localhost", TLSOptions(caFile: made.authority))
      #expect(error.message.contains("expired"))
      #expect(error.hints.first == "renew the server's certificate")
    }
  }

  @Test func wrongHost() throws {
    let made = try Self.foreign.get()
    let trust = TLSOptions(caFile: made.authority)
    try Self.with(made.server, made.authority) { server in
      for host in ["127.0.0.1", "localhost"] {
        let error = try Self.untrusted(server, host: host, trust)
        #expect(error.message.contains("mismatch"), "\(error.message)")
        #expect(error.hints.first == .useCertificateName)
      }
      var named = trust
      named.serverName = "evil.example"
      #expect(try Self.untrusted(server, host: "127.0.0.1", named).message.contains("mismatch"))
      for name in ["other.example", "192.0.2.7"] {
        named.serverName = name
        let endpoint = Self.endpoint(server.tlsPort, named)
        #expect(try Connection(to: endpoint, options: .patient).greeting.protocolVersion == 3)
      }
      let insecure = Self.endpoint(server.tlsPort, TLSOptions(caFile: made.authority, insecure: true))
      #expect(try Connection(to: insecure, options: .patient).greeting.protocolVersion == 3)
    }
  }

  @Test func clientCertificates() throws {
    let made = try Self.certificates.get()
    try Self.with(made.server, made.authority, mutual: true) { server in
      let missing = try failureToConnect(
        Self.endpoint(server.tlsPort, password: canary, TLSOptions(caFile: made.authority)))
      #expect(missing.kind == .unreachable)
      #expect(missing.message.contains("refused the connection"), "\(missing.message)")
      #expect(missing.hints.first == .giveClientCertificate(orAnother: true))
      let given = TLSOptions(
        caFile: made.authority, certificate: made.client.certificate, key: made.client.key)
      #expect(
        try Connection(to: Self.endpoint(server.tlsPort, given), options: .patient).greeting.protocolVersion
          == 3)
    }
  }

  /// Files that cannot be used fail before a connection is used for anything.
  @Test func unusableFiles() throws {
    let made = try Self.certificates.get()
    let folder = try TemporaryFolder()
    let garbage = try folder.write("garbage.pem", "no PEM".utf8)
    let locked = folder.file("locked.key")
    let openssl = try Command(
      "openssl", ["pkey", "-in", made.client.key, "-aes256", "-passout", "pass:\(canary)", "-out", locked]
    ).run()
    try #require(openssl.status == 0)
    let certificate = made.client.certificate
    let cases: [(TLSOptions, String)] = [
      (TLSOptions(caFile: garbage), "cannot read the authorities in"),
      (TLSOptions(certificate: garbage, key: made.client.key), "cannot read the client certificate"),
      (TLSOptions(certificate: certificate, key: garbage), "cannot use the key"),
      (TLSOptions(certificate: certificate, key: locked), "cannot use the key"),
      (TLSOptions(certificate: certificate, key: made.server.key), "key values mismatch"),
    ]
    let server = try ScriptedServer.silent(on: .loopback)
    for (tls, text) in cases {
      let error = try failureToConnect(Self.endpoint(server.port, password: canary, tls))
      #expect(error.kind == .usage)
      #expect(error.message.contains(text), "\(error.message)")
    }
    #expect(server.received.allSatisfy { $0.isEmpty })
  }

  @Test func aPlainServer() throws {
    // A line end among the random bytes of the first message decides whether Redis answers or waits for more.
    let answering = try ScriptedServer(on: .loopback) { peer in
      guard peer.read() != nil else { return }
      peer.write(Array("-ERR unknown command\r\n".utf8))
      peer.drain()
    }
    let error = try failureToConnect(
      Self.endpoint(answering.port, password: canary, TLSOptions(insecure: true)))
    #expect(error.kind == .unreachable)
    #expect(error.message.hasSuffix("does not speak TLS"), "\(error.message)")
    #expect(error.hints.first == .tryPlain)
    #expect(!answering.hasReceived(canary) && !answering.hasReceived("AUTH\r\n"))

    let silent = try ScriptedServer.silent(on: .loopback)
    let late = try failureToConnect(Self.endpoint(silent.port, password: canary, TLSOptions()), .brief)
    #expect(late.kind == .unreachable)
    #expect(late.hints.first == .tryPlain)
    #expect(!silent.hasReceived(canary))

    let leaving = try ScriptedServer.closing(after: 1, on: .loopback)
    let closed = try failureToConnect(Self.endpoint(leaving.port, password: canary, TLSOptions()))
    #expect(closed.kind == .unreachable)
    try RedisServer.with(.init(tcp: true)) { server in
      let real = try failureToConnect(Self.endpoint(server.port, password: canary, TLSOptions()), .brief)
      #expect(real.kind == .unreachable)
      #expect(real.hints.first == .tryPlain)
    }
  }

  @Test func aPlainClient() throws {
    let made = try Self.certificates.get()
    try Self.with(made.server, made.authority) { server in
      let error = try failureToConnect(Endpoint(.loopback(server.tlsPort), password: canary))
      #expect(error.kind == .unreachable)
      #expect(error.hints.contains { $0 == .tryTLS || $0 == .tryTLSOnPort })
    }
    let alert = try ScriptedServer(on: .loopback) { peer in
      guard peer.read() != nil else { return }
      peer.write([0x15, 3, 3, 0, 2, 2, 70])
    }
    let error = try failureToConnect(Endpoint(alert.address))
    #expect(error.kind == .unreachable)
    #expect(error.message.hasSuffix("answers with TLS"))
  }

  @Test func aStopEndsTheHandshake() throws {
    let silent = try ScriptedServer.silent(on: .loopback)
    let button = try StopButton()
    button.press(after: .milliseconds(100))
    try expectDuration(atLeast: .milliseconds(90), atMost: .seconds(6)) {
      let endpoint = Self.endpoint(silent.port, TLSOptions())
      let error = try failureToConnect(endpoint, .patient, button.interruption(grace: .seconds(20)))
      #expect(error.kind == .interrupted)
    }
  }

  @Test func closedWithinAReply() throws {
    let made = try Self.certificates.get()
    try Self.with(made.server, made.authority) { server in
      let proxy = try FaultProxy(to: .loopback(server.tlsPort), on: .loopback)
      let endpoint = Self.endpoint(proxy.port, TLSOptions(caFile: made.authority))
      let connection = try Connection(to: endpoint, options: .patient)
      _ = try connection.exchange([["SET", "k", String(repeating: "v", count: 100_000)]])
      proxy.setReplies(.init(limit: 50_000))
      #expect(try failure(of: { _ = try connection.call("GET", "k") }).kind == .closed)
    }
  }

  static let names: [(host: String, serverName: String?, verified: String)] = [
    ("cache.example", nil, "cache.example"), ("cache.example.", nil, "cache.example"),
    ("fe80::1%eth0", nil, "fe80::1"), ("::1", nil, "::1"), ("127.0.0.1", "cache.example", "cache.example"),
    ("cache.example", "fe80::2%1", "fe80::2"),
  ]

  @Test(arguments: names.indices) func namesToVerify(index: Int) {
    let (host, serverName, verified) = Self.names[index]
    #expect(TLSContext(options: TLSOptions(serverName: serverName), host: host).verifiedName == verified)
  }
}

/// Just enough of TLS's record layer (RFC 8446, section 5.1) to see what a client has sent.
enum TLSRecords {
  /// How many bytes lie in records of application data, into which TLS 1.3 also wraps the end of a handshake.
  static func applicationBytes(_ stream: [UInt8]) -> Int {
    var total = 0
    var start = 0
    while start + 5 <= stream.count {
      let length = Int(stream[start + 3]) << 8 | Int(stream[start + 4])
      if stream[start] == 0x17 { total += length }
      start += 5 + length
    }
    return total
  }
}
