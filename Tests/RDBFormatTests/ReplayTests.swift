import TestSupport
import Testing

/// The inputs of the fuzzing target `rdb`, run again.
struct ReplayTests {
  @Test func seedsAreReadOrRefusedAsTheirNamesSay() throws {
    let seeds = try FuzzCorpus.seeds(of: "rdb")
    #expect(seeds.count >= 10)
    for seed in seeds {
      let verdict = try #require(seed.verdict, "\(seed.name) does not say what must become of it")
      #expect(try DumpCheck.check(seed.bytes) == verdict, "\(seed.name)")
    }
  }

  @Test func failuresAreMended() throws {
    for failure in try FuzzCorpus.failures(of: "rdb") {
      #expect(throws: Never.self, "\(failure.name)") { try DumpCheck.check(failure.bytes) }
    }
  }
}
