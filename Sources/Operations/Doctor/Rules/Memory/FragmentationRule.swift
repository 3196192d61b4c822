import Quantities
import Reporting

/// Memory that the system gave and the data does not use.
struct FragmentationRule: NodeRule {
  let id = "fragmentation"
  let subject = "memory of the process, relative to that of the data, and the bytes between them"
  let thresholds = [
    RuleThreshold("warning", 1.4, .number), RuleThreshold("critical", 1.8, .number),
    RuleThreshold("bytes", 100e6, .bytes), RuleThreshold("critical-bytes", 1e9, .bytes),
  ]
  let source = "MEMORY DOCTOR (1.4); collections of alerts (1.8)"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let used = try node.amount("used_memory")
    let resident = try node.amount("used_memory_rss")
    let ratio = Double(resident) / Double(max(1, used))
    let bytes = Double(resident - min(used, resident))
    guard bytes > limits["bytes"], var severity = limits.severity(atLeast: ratio) else { return [] }
    if bytes < limits["critical-bytes"] { severity = .warning }
    let allocator = try? node.decimal("allocator_frag_ratio")
    let isAllocator = (allocator ?? 0) > 1.1
    return [
      finding(
        severity,
        "the process takes \(NumberText.bytes(resident)) for \(NumberText.bytes(used)) of data "
          + "(fragmentation \(NumberText.fixed(ratio, decimals: 2)))",
        why: isAllocator
          ? "the allocator holds what is lost between values; active defragmentation gives it back"
          : "the system may stop a server whose process outgrows the machine, whatever maxmemory says",
        [
          ("used_memory_rss_bytes", .int(resident)), ("used_memory_bytes", .int(used)),
          ("fragmentation_ratio", .double(ratio)), ("allocator_frag_ratio", .optional(allocator)),
        ],
        isAllocator
          ? examination.server(node, "CONFIG", "SET", "activedefrag", "yes")
          : examination.server(node, "MEMORY", "DOCTOR"))
    ]
  }
}
