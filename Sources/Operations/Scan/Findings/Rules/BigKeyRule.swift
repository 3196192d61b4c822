import Bytes
import Keyspace
import Quantities
import Reporting

/// A key so large that it holds up every client.
struct BigKeyRule: FindingRule {
  let id = "big-key"

  /// One key of this size holds up every client that reads it whole.
  private static let bigBytes = 1 << 20
  /// One key of this size can stall the server.
  private static let hugeBytes = 64 << 20

  /// How bad a key of a size is; nil for one that is not big.
  static func severity(ofBytes bytes: Int) -> Severity? {
    bytes < bigBytes ? nil : bytes >= hugeBytes ? .critical : .warning
  }

  func findings(in scan: ScanEvidence) -> [WeighedFinding] {
    guard let largest = scan.tally.biggest.entries.first, let severity = Self.severity(ofBytes: largest.bytes)
    else { return [] }
    let type = scan.tally.biggestTypes[largest.key] ?? nil
    let basis = scan.run.quota == nil ? "" : " (the largest among the keys that were sampled)"
    let finding = finding(
      severity,
      "the\(type.map { " " + KeyText.sanitized($0) } ?? "") key "
        + "\(KeyText.display(largest.key, maxWidth: 80)) takes \(NumberText.bytes(largest.bytes)): "
        + "reading or deleting it whole holds up every client\(basis)",
      figures: JSON.names([("key", largest.key)]) + [
        ("bytes", .int(largest.bytes)), ("type", .optional(type)),
      ],
      command: scan.look([.biggest(10)]))
    return [WeighedFinding(finding: finding, weight: largest.bytes)]
  }
}
