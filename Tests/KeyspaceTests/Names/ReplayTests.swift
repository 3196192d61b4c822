import TestSupport
import Testing

/// The corpus of the schemas' fuzzing target: what was made by hand is read or refused as its name says, and nothing
/// that ever broke a promise does so again.
@Suite struct ReplayTests {
  @Test func seeds() throws {
    let seeds = try FuzzCorpus.seeds(of: "schema")
    #expect(seeds.count >= 20)
    for seed in seeds {
      let verdict = try #require(seed.verdict, "\(seed.name)")
      #expect(try SchemaCheck.check(seed.bytes) == verdict, "\(seed.name)")
    }
  }

  @Test func failures() throws {
    for failure in try FuzzCorpus.failures(of: "schema") {
      #expect(throws: Never.self, "\(failure.name)") { try SchemaCheck.check(failure.bytes) }
    }
  }
}
