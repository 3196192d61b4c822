import Bytes
import Keyspace
import Quantities
import Reporting

/// A server whose memory is full: it evicts keys, or refuses writes. What could give way is named.
struct MemoryFullRule: FindingRule {
  let id = "memory-full"

  /// What takes less than this share of the memory in use makes no room worth naming.
  private static let leastSuperseded = 0.01
  private static let leastEndless = 0.1

  func findings(in scan: ScanEvidence) -> [WeighedFinding] {
    let full = scan.memory.filter(\.isFull)
    guard let worst = full.max(by: { $0.ratio < $1.ratio }) else { return [] }
    let waste = waste(in: scan)
    let others =
      full.count > 1 ? "\(full.count) nodes are at their limit; the fullest, " : ""
    let place = worst.address.map { others + $0 + ": " } ?? ""
    let finding = finding(
      .critical, "\(place)\(sentence(on: worst))\(waste.clause)",
      figures: [
        ("node", .optional(worst.address)), ("full_nodes", .int(full.count)),
        ("used_memory_bytes", .int(worst.used)), ("maxmemory_bytes", .int(worst.limit)),
        ("maxmemory_policy", .optional(worst.policy)), ("keys_with_ttl", .optional(worst.keysWithTTL)),
        ("evicted_keys_per_second", .optional(worst.evictions.map { Double($0.keys) / $0.seconds })),
        ("oom_errors", .optional(worst.refusals)), ("superseded_bytes", .optional(waste.superseded)),
        ("endless_bytes", .optional(waste.endless)),
      ], command: waste.command)
    // Memory that is full goes before everything else that is as bad.
    return [WeighedFinding(finding: finding, weight: .max)]
  }

  /// "the server refuses writes: memory is full (84.0 of 84.0 MiB), and noeviction evicts nothing (7,428 errors)".
  private func sentence(on memory: ServerMemory) -> String {
    let amount = "\(NumberText.bytes(memory.used, of: memory.limit))"
    if let obstacle = memory.obstacle {
      let errors = memory.refusals ?? 0
      let verb = errors > 0 ? "refuses writes" : "refuses the next write"
      let count =
        errors > 0
        ? " (\(NumberText.count(errors)) OOM error\(errors == 1 ? "" : "s") since the counters began)" : ""
      return "the server \(verb): memory is full (\(amount)), \(obstacle)\(count)"
    }
    let policy = memory.policy.map { ", \(KeyText.sanitized($0))" } ?? ""
    var state = "memory is full"
    if let evictions = memory.evictions, evictions.keys > 0 {
      state += " and evicting" + (evictions.rate.map { " \(NumberText.rate($0))" } ?? "")
    }
    return "\(state) (\(amount)\(policy))"
  }

  // MARK: - What could give way

  private struct Waste {
    var clause = ""
    var superseded: Int?
    var endless: Int?
    var command: SuggestedCommand?
  }

  /// The bytes of superseded versions, else those of cached values that never expire, else where most of the memory is.
  private func waste(in scan: ScanEvidence) -> Waste {
    let all = Double(max(1, scan.totals.memoryBytes ?? 1))
    var waste = Waste(command: scan.look([.mostMemoryFirst]))
    guard scan.totals.memoryBytes != nil else { return waste }
    let old = scan.groups.filter { scan.summaries.ranking.isSuperseded($0.label) }
    let superseded = old.reduce(0.0) { $0 + $1.estimate.memory }
    let endless = scan.templates.filter { $0.roles.allSatisfy(\.isReplaceable) }
      .reduce(0.0) { $0 + $1.endlessBytes }
    waste.superseded = Int(exactly: superseded.rounded())
    waste.endless = Int(exactly: endless.rounded())
    if let worst = old.max(by: { $0.estimate.memory < $1.estimate.memory }),
      worst.estimate.memory >= MemoryFullRule.leastSuperseded * all
    {
      let bytes = NumberText.bytes(Int(exactly: worst.estimate.memory.rounded()) ?? .max)
      waste.clause = "; \(bytes) of it is superseded \(worst.title)"
      waste.command = scan.removal(of: worst)
    } else if let bytes = waste.endless, endless >= MemoryFullRule.leastEndless * all {
      waste.clause = "; \(NumberText.bytes(bytes)) of it are cached values that never expire"
      waste.command = scan.look([.noTTL, .grouping(.template)])
    }
    return waste
  }
}
