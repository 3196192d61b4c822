import Quantities

extension WarmReport {
  /// The report as one JSON object.
  package func json(wording: ReportWording) -> JSON {
    var members = header.members
    members += [("dry_run", .bool(isDryRun))] + counts.members
    let times = ttl.map { ttl in
      JSON.object([
        ("min", .double(rounded(ttl.min, to: 3))), ("p50", .double(rounded(ttl.p50, to: 3))),
        ("max", .double(rounded(ttl.max, to: 3))),
      ])
    }
    members += [
      ("ttl_seconds", .optional(times)), ("line", .int(line)), ("stopped", .optional(stopped)),
      (
        "rejections",
        .array(
          rejections.map {
            .object([("line", .int($0.line)), ("column", .int($0.column)), ("reason", .string($0.reason))])
          })
      ),
    ]
    members += refused.members
    if isPlan {
      members += [
        ("planned", .int(counts.planned)), ("replaced", .optional(replaced?.keys)),
        ("retyped", .optional(replaced?.retyped)),
      ]
    }
    if memberships > 0 { members.append(("memberships", .int(memberships))) }
    if saved > 0 { members.append(("saved", .int(saved))) }
    if let command { members.append(("command", .string(wording.spell(command)))) }
    if let undo { members.append(("undo", .string(wording.spell(undo)))) }
    if let earlier { members.append(("earlier", .object(earlier.members))) }
    if let verification {
      members.append(
        (
          "verification",
          .object([
            ("compared", .int(verification.compared)), ("gone", .int(verification.gone)),
            ("different", .int(verification.different)), ("undecided", .int(verification.undecided)),
            ("examples", .array(verification.examples.map(JSON.key))),
          ])
        ))
    }
    return .object(members)
  }
}
