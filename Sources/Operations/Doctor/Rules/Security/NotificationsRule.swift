import Bytes
import Reporting

/// Events of keys that are sent whether or not anybody listens.
struct NotificationsRule: NodeRule {
  let id = "notifications"
  let subject = "notify-keyspace-events that is not empty"
  let source = "Redis documentation: events cost CPU; it is a note, because something may rely on them"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let flags = try node.setting("notify-keyspace-events")
    guard !flags.isEmpty else { return [] }
    return [
      finding(
        .info, "events of keys are on (notify-keyspace-events \(KeyText.sanitized(flags)))",
        why: "each costs a little whether or not anybody listens; tools may have left them on",
        [("notify_keyspace_events", .string(flags))], examination.server(node, "PUBSUB", "NUMPAT"))
    ]
  }
}
