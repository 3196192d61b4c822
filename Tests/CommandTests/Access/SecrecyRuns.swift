import Foundation
import TestHarness
import Testing

/// What the matrix of secrecy is made of: commands, and ways to give a password.
enum SecrecyRuns {
  /// A password that a URI has to encode: its parts would show where delimiters are mistaken.
  static let secret = "canary/93@ae:41%x"
  /// What must show nowhere: the password, its spellings, and the pieces that a stray delimiter cuts off.
  static let traces: [String] = {
    let hexadecimal = secret.utf8.map { String($0, radix: 16) }.joined()
    return [
      "canary", "93@ae", "93%40ae", "41%x", encoded, Data(secret.utf8).base64EncodedString(),
      String(Data(secret.utf8).base64EncodedString().prefix(12)), hexadecimal, hexadecimal.uppercased(),
    ]
  }()
  /// The password as it stands in a URI.
  static let encoded = "canary%2F93%40ae%3A41%25x"

  /// A way to hand over a password.
  enum Way: String, CaseIterable, Sendable {
    case file, redisAuth, valkeyAuth, typedURI, rediscacheURI, redisURL, profileFile, profileURI

    /// Options, and variables of the environment; makes the files that they name.
    func words(
      _ socket: String, _ folder: TemporaryFolder, secret: String = SecrecyRuns.secret,
      encoded: String = SecrecyRuns.encoded
    ) throws -> (options: [String], environment: [String: String]) {
      let uri = "unix://:\(encoded)@\(socket)?db=0"
      let place = ["-s", socket]
      switch self {
      case .file: return (place + ["--password-file", try passwordFile(folder, secret)], [:])
      case .redisAuth: return (place, ["REDISCLI_AUTH": secret])
      case .valkeyAuth: return (place, ["VALKEYCLI_AUTH": secret])
      case .typedURI: return (["-u", uri], [:])
      case .rediscacheURI: return ([], ["REDISCACHE_URI": uri])
      case .redisURL: return ([], ["REDIS_URL": uri])
      case .profileFile:
        let file = try passwordFile(folder, secret)
        return try profile(folder, "socket = \"\(socket)\"\npassword-file = \"\(file)\"")
      case .profileURI: return try profile(folder, "uri = \"\(uri)\"")
      }
    }

    private func passwordFile(_ folder: TemporaryFolder, _ secret: String) throws -> String {
      let path = try folder.write("password", Array((secret + "\n").utf8))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
      return path
    }

    private func profile(
      _ folder: TemporaryFolder, _ lines: String
    ) throws -> (options: [String], environment: [String: String]) {
      let place = folder.file("rediscache")
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      try folder.write("rediscache/config.toml", Array("[profile.target]\n\(lines)\n".utf8))
      return (["-P", "target"], ["XDG_CONFIG_HOME": folder.path])
    }
  }

  /// Every command, in the forms that print or write something of their own; `@` begins files of the run's folder.
  static let commands: [[String]] = [
    ["scan", "-v"], ["scan", "--json", "-v"], ["scan", "--format", "csv"],
    ["scan", "--format", "jsonl", "-o", "@o"],
    ["scan", "--list", "--format", "jsonl"], ["scan", "--superseded", "--big", "3", "--idle"],
    ["scan", "--exact", "--checkpoint", "@checkpoint"], ["ttl", "-v"],
    ["ttl", "--json", "--state", "@state"],
    ["stats", "-v"], ["stats", "--json", "--state", "@state"],
    ["stats", "--format", "prometheus", "-o", "@o"],
    ["stats", "--format", "nagios"], ["stats", "--format", "csv"], ["stats", "--format", "jsonl"],
    ["doctor", "-v", "--interval", "100ms"],
    ["doctor", "--json", "--quick", "--state", "@state", "--interval", "100ms"],
    ["invalidate", "app:*", "--dry-run"], ["invalidate", "app:*", "--dry-run", "--json", "--expect", "1"],
    ["invalidate", "app:v1:*", "--yes", "--journal", "@journal", "--backup", "@backup", "-v", "--verify"],
    ["invalidate", "--tag", "none", "--yes", "--json"], ["invalidate", "--bump", "app:count", "--yes"],
    ["invalidate", "--keys-from", "@keys", "--yes", "--expire-within", "1m"],
    [
      "warm", "--yes", "@seed", "--journal", "@journal", "--rejects", "@rejects", "-v", "--verify",
      "--if-missing",
    ],
    ["warm", "--yes", "@seed", "--json", "--dry-run"],
    ["export", "app:*", "-v"], ["export", "app:*", "--dump", "--hot", "3", "-o", "@o"],
  ]

  /// Runs a command in a folder of its own, and looks for the password in all that it leaves.
  static func run(
    _ command: [String], _ way: Way, on socket: String, expecting statuses: Set<Int32>,
    more: [String] = ["--timeout", "2s"]
  ) throws {
    let (home, work) = (try TemporaryFolder(), try TemporaryFolder())
    try work.write("keys", Array("app:v1:1\napp:v1:2\n".utf8))
    try work.write("seed", Array("{\"key\":\"app:v3:1\",\"value\":\"x\"}\n{\"key\":1}\n".utf8))
    let words = try way.words(socket, home)
    let arguments = command.map { $0.hasPrefix("@") ? work.file(String($0.dropFirst())) : $0 }
    var tool = Rediscache.command(arguments + words.options + more, environment: words.environment)
    tool.directory = work.path
    let result = try tool.run()
    let status = try #require(result.status, "\(command) \(way): \(result)")
    let isNagios = command.contains("nagios") && (1...3).contains(status)
    #expect(statuses.contains(status) || isNagios, "\(command) \(way): \(result)")
    expectSecrecy(result.stdout + result.stderr, "\(command), \(way)")
    for name in try FileManager.default.contentsOfDirectory(atPath: work.path) {
      expectSecrecy(try #require(work.read(name)), "\(command), \(way), \(name)")
    }
  }

  /// Checks that no trace of the password is among some bytes.
  static func expectSecrecy(_ bytes: [UInt8], _ comment: Comment) {
    let data = Data(bytes)
    for trace in traces {
      let isShown = data.range(of: Data(trace.utf8)) != nil
      #expect(!isShown, "\(comment): shows \(trace): \(String(decoding: bytes, as: UTF8.self))")
    }
  }
}
