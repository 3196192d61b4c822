import Reporting

/// Traffic that others on the network can read.
struct NoTLSRule: TargetRule {
  let id = "no-tls"
  let subject = "a connection that leaves this machine without TLS"
  let source = "Redis documentation (security)"

  func findings(in examination: Examination, _ limits: RuleLimits) throws(FactGap) -> [ReportFinding] {
    guard examination.access.isRemote, !examination.access.usesTLS else { return [] }
    return [
      finding(
        .info, "the connection is not encrypted",
        why: "keys, values and passwords cross the network in clear",
        [("tls", .bool(false))])
    ]
  }
}
