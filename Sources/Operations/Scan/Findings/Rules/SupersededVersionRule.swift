import Bytes
import Keyspace
import Quantities
import Reporting

/// Keys of a version that is not the newest of its namespace.
struct SupersededVersionRule: GroupRule {
  let id = "superseded-version"

  /// The last keys of an old version matter too.
  func fewestKeys(of all: Int) -> Int { 1 }

  func groups(in scan: ScanEvidence) -> [ScanSummaries.Summary] { scan.groups }

  func finding(on group: ScanSummaries.Summary, in scan: ScanEvidence) -> ReportFinding? {
    let ranking = scan.summaries.ranking
    guard ranking.isSuperseded(group.label), let newest = ranking.newest(of: group.label.namespace) else {
      return nil
    }
    // Where the namespace itself varies, each of its values may be at a version of its own.
    let namespace = group.label.namespace ?? []
    let isCertain = !namespace.contains(UInt8(ascii: "*"))
    let row = scan.row(of: group)
    let doubt = isCertain ? "" : "; each \(KeyText.quoted(namespace)) may count versions of its own"
    return finding(
      isCertain ? .warning : .info, on: group.label,
      "\(group.title) is superseded by \(KeyText.quoted(newest.text)): \(summary(of: row))\(doubt)",
      figures: row.keyFigures + JSON.names([("newest_version", newest.text)]),
      command: isCertain ? scan.removal(of: group) : scan.look(at: group, [.list]))
  }

  /// "40,902 keys, 1.2 GiB, none expires".
  private func summary(of row: ScanGroup) -> String {
    var clauses = [NumberText.keys(row.keys)]
    if let bytes = row.memoryBytes { clauses.append(NumberText.bytes(bytes)) }
    switch row.withoutTTL {
    case row.keys?: clauses.append("none expires")
    case let count? where row.unmeasured > 0:
      clauses.append(
        "\(NumberText.count(count)) never expire, \(NumberText.count(row.unmeasured)) unmeasured")
    case 0? where row.partlyExpiring == 0: clauses.append("all expire by themselves")
    case let count?: clauses.append("\(NumberText.count(count)) never expire")
    case nil: break
    }
    return clauses.joined(separator: ", ")
  }
}
