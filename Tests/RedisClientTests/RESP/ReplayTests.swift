import TestSupport
import Testing

/// The corpora of the fuzzing targets: what was made by hand is read or refused as its name says, and nothing that ever
/// broke a promise does so again.
@Suite struct ReplayTests {
  typealias Check = @Sendable ([UInt8]) throws(Broken) -> Verdict

  static let checks: [(target: String, check: Check)] = [
    ("reply", { input throws(Broken) in try ReplyCheck.check(input) }),
    ("topology", { input throws(Broken) in try TopologyCheck.check(input) }),
    ("uri", { input throws(Broken) in try URICheck.check(input) }),
  ]

  @Test(arguments: checks.indices) func seeds(index: Int) throws {
    let (target, check) = Self.checks[index]
    let seeds = try FuzzCorpus.seeds(of: target)
    #expect(seeds.count >= 30)
    for seed in seeds {
      let verdict = try #require(seed.verdict, "\(target)/\(seed.name)")
      #expect(try check(seed.bytes) == verdict, "\(target)/\(seed.name)")
    }
  }

  @Test(arguments: checks.indices) func failures(index: Int) throws {
    let (target, check) = Self.checks[index]
    for failure in try FuzzCorpus.failures(of: target) {
      #expect(throws: Never.self, "\(target)/\(failure.name)") { try check(failure.bytes) }
    }
  }

  /// What comes in parts is no reply until it is whole, and never a fault before.
  @Test func beginningsOfReplies() throws {
    for seed in try FuzzCorpus.seeds(of: "reply") where seed.verdict == .good {
      for length in seed.bytes.indices {
        #expect(try ReplyCheck.check(Array(seed.bytes[..<length])) != .bad, "\(seed.name), \(length) bytes")
      }
    }
  }
}
