import Quantities
import Reporting

/// A server that could not write its data to disk.
struct LastSaveRule: NodeRule {
  let id = "last-save-failed"
  let subject = "rdb_last_bgsave_status, aof_last_write_status and aof_last_bgrewrite_status"
  let source = "Netdata; critical where the server refuses writes for it"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let isSaveBad = try node.word("rdb_last_bgsave_status") == "err"
    let isWriteBad = (try? node.word("aof_last_write_status")) == "err"
    let isRewriteBad = (try? node.word("aof_last_bgrewrite_status")) == "err"
    let failures = [
      isSaveBad ? "the last save to disk (RDB)" : nil, isWriteBad ? "the last write to the AOF" : nil,
      isRewriteBad ? "the last rewrite of the AOF" : nil,
    ].compactMap(\.self)
    guard !failures.isEmpty else { return [] }
    // By default the server stops taking writes; whether it does here, a setting says.
    let stops = isWriteBad || isSaveBad && (try? node.setting("stop-writes-on-bgsave-error")) != "no"
    let changes = try? node.amount("rdb_changes_since_last_save")
    return [
      finding(
        stops ? .critical : .warning,
        failures.joined(separator: " and ") + " failed"
          + (changes.map { ": \(NumberText.count($0)) changes are not saved" } ?? ""),
        why: stops
          ? "writes are refused with MISCONF until it succeeds: look for a full disk, or memory for the fork"
          : "a restart brings back old data: look for a full disk, or memory for the fork",
        [
          ("rdb_failed", .bool(isSaveBad)), ("aof_write_failed", .bool(isWriteBad)),
          ("aof_rewrite_failed", .bool(isRewriteBad)), ("changes_since_last_save", .optional(changes)),
        ], examination.server(node, "INFO", "persistence"))
    ]
  }
}
