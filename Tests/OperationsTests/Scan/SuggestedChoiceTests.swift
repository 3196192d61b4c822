import Bytes
import Foundation
import Keyspace
import Reporting
import TestSupport
import Testing

@testable import Operations

/// What findings of real keyspaces suggest chooses the keys of their sentences.
struct SuggestedChoiceTests {
  private static func names(_ file: String) throws -> [[UInt8]] {
    try Repository.text("Tests/Keyspaces/\(file)").split(separator: "\n")
      .map { KeyText.bytes(quoted: "\"\($0)\"") }
  }

  private static func files() throws -> [String] {
    let folder = Repository.root.appendingPathComponent("Tests/Keyspaces").path
    return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".txt") }
      .sorted()
  }

  /// Chooses what a suggested command chooses.
  private static func apply(_ command: SuggestedCommand, to request: inout ScanRequest) {
    for option in command.options {
      switch option {
      case .template(let text): request.walk.selection.templates.append(KeyText.bytes(quoted: text))
      case .namespace("none"): request.walk.selection.withoutNamespace = true
      case .namespace(let text): request.walk.selection.namespaces.append(NamespaceChoice(text))
      case .keyVersion(let text): request.walk.selection.version = VersionChoice(text)
      case .schema(let text): request.walk.naming.schemas += (try? KeySchema.parse(text)) ?? []
      case .noTTL: request.walk.selection.neverExpires = true
      case .expiresAfter(let moment): request.walk.selection.expiresAfter = moment
      case .expiresBefore(let moment): request.walk.selection.expiresBefore = moment
      default: break
      }
    }
  }

  /// The keys that a finding speaks of.
  private static func keys(of finding: ReportFinding) -> Int? {
    let name = finding.id == "mixed-ttl-policy" ? "without_ttl" : "keys"
    guard case .int(let count)? = finding.figures.first(where: { $0.0 == name })?.1 else { return nil }
    return count
  }

  /// Every key has been given one hour, at any moment of the last one: nobody's policies are mixed, and nothing expires in
  /// a wave.
  @Test func evenlyAgedKeyspacesHaveNoWaveAndNoMixture() throws {
    var random = SeededGenerator(seed: 5)
    for file in try Self.files() {
      let keys = try Self.names(file).map { FakeKey($0, ttl: Int64(1 + random.unit() * 3_600_000)) }
      let report = try FakeServer(keys).scan().report
      let found = report.findings.filter { ["expiry-wave", "mixed-ttl-policy"].contains($0.id) }
      #expect(found.isEmpty, "\(file): \(found.map(\.message))")
    }
  }

  @Test func commandsChooseTheKeysOfTheirSentences() throws {
    var checked: Set<String> = []
    for file in try Self.files() {
      // A third of the keys never expire, whatever they are.
      let keys = try Self.names(file).enumerated().map { index, name in
        FakeKey(name, ttl: index % 3 == 0 ? -1 : 60_000 + Int64(index * 7919 % 80_000) * 1000)
      }
      let server = FakeServer(keys)
      for finding in try server.scan().report.findings {
        guard let command = finding.command, let count = Self.keys(of: finding) else { continue }
        // What no option says is shown with more beside it.
        let isShown = command.options.contains { if case .grouping = $0 { true } else { false } }
        let chosen = try server.scan { Self.apply(command, to: &$0) }.report.totals.keys
        #expect(
          isShown ? chosen >= count : chosen == count, "\(file): \(finding.message): \(chosen), \(command)")
        checked.insert(finding.id)
      }
    }
    #expect(checked.isSuperset(of: ["mixed-ttl-policy", "no-ttl", "unversioned"]), "\(checked)")
  }

  /// The moments of a wave are those of the server: ten minutes later the same keys are chosen, and no bystanders.
  @Test(arguments: [0, 75, 600]) func aWaveIsChosenWheneverTheCommandIsRun(later: Int) throws {
    var random = SeededGenerator(seed: 9)
    let ttls =
      (0..<20_000).map { _ in 1_000_000 + random.unit() * 28_000_000 }
      + (0..<1_000).map { _ in 7_200_000 + random.unit() * 20_000 }
    func keys(after seconds: Int) -> [FakeKey] {
      ttls.enumerated().map { FakeKey("app:v2:user:\($0)", ttl: Int64($1) - Int64(seconds) * 1000) }
    }
    let finding = try #require(
      try FakeServer(keys(after: 0)).scan { $0.measuring = .exact }.report.findings("expiry-wave").first)
    let server = FakeServer(keys(after: later))
    server.time += later
    let command = try #require(finding.command)
    let chosen = try server.scan { Self.apply(command, to: &$0) }.report.totals.keys
    let count = try #require(Self.keys(of: finding))
    #expect(count >= 1_000 && abs(chosen - count) <= 20, "\(count), \(chosen)")
  }
}
