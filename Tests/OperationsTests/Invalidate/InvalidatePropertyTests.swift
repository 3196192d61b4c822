import Reporting
import Testing

@testable import Operations

/// What a dry run counts is what the real run removes, whatever the keyspace and the choice.
struct InvalidatePropertyTests {
  private static let blocks = 20
  private static let seedsPerBlock = 50

  @Test(arguments: 0..<blocks) func aDryRunCountsWhatTheRealRunRemoves(block: Int) throws {
    var keys = 0
    for seed in (block * Self.seedsPerBlock)..<((block + 1) * Self.seedsPerBlock) {
      let model = RemovalModel(seed: seed)
      let chosen = model.chosen
      keys += chosen.count
      let dry = try dryRun(model, seed)
      let real = try realRun(model, seed)
      #expect(groups(dry) == groups(real), "seed \(seed): group by group")
      #expect(dry.counts.absent == real.counts.absent, "seed \(seed)")
      #expect(dry.samples == real.samples || dry.samples.count == 10, "seed \(seed)")
    }
    #expect(keys > 100, "the block proves something")
  }

  private func dryRun(_ model: RemovalModel, _ seed: Int) throws -> InvalidateReport {
    let server = model.makeServer()
    let report = try server.invalidate {
      $0 = model.request
      $0.isDryRun = true
    }.report
    #expect(report.counts.toWrite == model.chosen.count, "seed \(seed)")
    if !model.request.walk.selection.isSuperseded {
      #expect(report.counts.absent == model.absent, "seed \(seed)")
    }
    #expect(report.counts.matched == report.counts.toWrite + report.counts.absent, "seed \(seed)")
    #expect(report.isDryRun, "seed \(seed)")
    checkCompleteness(report, seed)
    #expect(Set(server.living().keys) == Set(model.live.map(\.key.name)), "seed \(seed): nothing has changed")
    return report
  }

  private func realRun(_ model: RemovalModel, _ seed: Int) throws -> InvalidateReport {
    let server = model.makeServer()
    let chosen = model.chosen
    let report = try server.invalidate { $0 = model.request }.report
    #expect(report.counts.removed == chosen.count, "seed \(seed)")
    #expect(report.counts.matched == chosen.count + report.counts.absent, "seed \(seed)")
    #expect(!report.isDryRun, "seed \(seed)")
    checkCompleteness(report, seed)
    let living = server.living()
    for key in model.live where !model.tagKeys.contains(key.key.name) {
      let isLeft = living[key.key.name] != nil
      #expect(isLeft != chosen.contains(key.key.name), "seed \(seed): \(key.key.name.text)")
    }
    #expect(living.count <= model.live.count - chosen.count, "seed \(seed)")
    let sent = Set(server.removals.joined())
    let named = model.named.map { Set($0) } ?? []
    #expect(sent.isSuperset(of: chosen) && sent.subtracting(chosen).isSubset(of: named), "seed \(seed)")
    checkTags(model, server, chosen, seed)
    return report
  }

  /// A run is complete, unless keys were named and none of them is there.
  private func checkCompleteness(_ report: InvalidateReport, _ seed: Int) {
    let isMisnamed = report.counts.absent > 0 && report.counts.absent == report.counts.matched
    #expect(report.header.isComplete == !isMisnamed && (report.stopped == nil) == !isMisnamed, "seed \(seed)")
  }

  /// Keys that are no more are members of no tag, all others are what they were.
  private func checkTags(_ model: RemovalModel, _ server: FakeServer, _ chosen: Set<[UInt8]>, _ seed: Int) {
    let living = server.living()
    for key in model.live where model.tagKeys.contains(key.key.name) {
      let prefix = key.key.type == "zset" ? model.request.tagKey.sortedMember.before : []
      let left = Set((living[key.key.name]?.members ?? []).map { prefix + $0 })
      #expect(left.isDisjoint(with: chosen), "seed \(seed)")
      let untouched = key.key.members.map { prefix + $0 }.filter { living[$0] != nil }
      #expect(left.isSuperset(of: untouched), "seed \(seed)")
      #expect(chosen.contains(key.key.name) || (living[key.key.name] == nil) == left.isEmpty, "seed \(seed)")
    }
  }

  /// How many keys of each group are removed, or would be, and how many are absent.
  private func groups(_ report: InvalidateReport) -> [String: [Int]] {
    var groups: [String: [Int]] = [:]
    for group in report.groups {
      let name = "\(group.names.namespace?.text ?? "-") \(group.names.version?.text ?? "-")"
      #expect(groups[name] == nil)
      groups[name] = [group.counts.toWrite, group.counts.absent]
    }
    return groups
  }
}
