import Foundation
import TestHarness
import Testing

extension Faults {
  /// TLS servers that are not to be trusted: nothing is sent to them.
  @Suite struct CertificateTests {
    /// What is wrong.
    enum Flaw: String, CaseIterable, Sendable, CustomTestStringConvertible {
      case expired, unknownAuthority = "unknown CA", wrongHost = "wrong host", wrongAddress = "wrong address"
      case noClientCertificate = "client certificate missing"
      var testDescription: String { rawValue }

      /// A word of the reason.
      var word: String {
        switch self {
        case .expired: "expired"
        case .unknownAuthority: "--cacert"
        case .wrongHost, .wrongAddress: "--sni"
        case .noClientCertificate: "--cert and --key"
        }
      }
    }

    private static let certificates = Result {
      try Certificates(names: ["localhost"], addresses: ["127.0.0.1"])
    }
    private static let elsewhere = Result {
      try Certificates(names: ["elsewhere.example"], addresses: ["10.9.8.7"])
    }

    private static func tls(_ flaw: Flaw) throws -> RedisServer.Options.TLS {
      let here = try certificates.get()
      let elsewhere = try elsewhere.get()
      return switch flaw {
      case .expired: .init(here.expired, authority: here.authority)
      case .unknownAuthority: .init(here.stranger, authority: here.authority)
      case .wrongHost, .wrongAddress: .init(elsewhere.server, authority: elsewhere.authority)
      case .noClientCertificate:
        .init(here.server, authority: here.authority, requiresClientCertificate: true)
      }
    }

    @Test("fault: certificate", arguments: Flaw.allCases, [Verb.scan, .stats, .invalidate, .warm])
    func untrusted(_ flaw: Flaw, _ verb: Verb) throws {
      let options = try Self.tls(flaw)
      try RedisServer.with(Trial.server(tls: options)) { server in
        let trial = try Trial(verb, on: server)
        let host = flaw == .wrongAddress ? "127.0.0.1" : "localhost"
        try server.cli("CONFIG", "RESETSTAT")
        let result = try trial.run(
          ["-u", "rediss://\(host):\(server.tlsPort)", "--cacert", options.authority], Trial.atOnce)
        // The harness itself logs in to ask.
        let commands = try server.commandStats()
        #expect(commands["auth"] == 1 && commands["hello"] == nil, "something was sent: \(commands)")
        #expect(commands["client|setname"] == nil, "something was sent: \(commands)")
        try trial.expectBroken(result, 69, words: flaw.word, "\(host):\(server.tlsPort)", begun: false)
        #expect(result.stdout.isEmpty && !trial.isJournalled, "\(result)")
      }
    }
  }
}
