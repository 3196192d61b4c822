import Quantities
import Reporting

/// Commands that the server answers with errors.
struct ErrorsRule: NodeRule {
  let id = "errors"
  let subject = "errors, of all commands between the readings, and their number"
  let thresholds = [RuleThreshold("warning", 0.01, .share), RuleThreshold("errors", 10, .number)]
  let source = "an application that meets an error in a hundred commands is broken somewhere"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    // What this run itself may not ask is no error of an application.
    let errors = max(0, try node.growth("total_error_replies") - node.answers.errors)
    let commands = max(1, try node.growth("total_commands_processed"))
    let share = Double(errors) / Double(commands)
    guard Double(errors) >= limits["errors"], let severity = limits.severity(atLeast: share) else {
      return []
    }
    let codes = node.errorGrowths()
    let worst = codes.first.map { "; most are \($0.code)" } ?? ""
    return [
      finding(
        severity,
        "\(NumberText.count(errors)) errors in \(NumberText.elapsed(node.seconds)), "
          + "\(NumberText.share(min(1, share), spaced: true)) of the commands\(worst)",
        why: "what an application does with an error is often to ask the origin",
        [("errors", .int(errors)), ("commands", .int(commands))]
          + codes.prefix(5).map { ("errors_\($0.code)", .int($0.count)) },
        examination.server(node, "INFO", "errorstats"))
    ]
  }
}
