import Reporting

/// One thing that `doctor` looks for: what it looks at, from where on it speaks, how bad it is and what to do next.
///
/// A rule lives in a file of its own, and `DoctorRules.all` names it.
protocol DoctorRule: Sendable {
  /// The name by which reports and options call it.
  var id: String { get }
  /// What it looks at, for help.
  var subject: String { get }
  /// From where on it speaks.
  var thresholds: [RuleThreshold] { get }
  /// Where the thresholds come from.
  var source: String { get }

  /// What the rule finds, and where it cannot be checked.
  func verdict(on examination: Examination, _ limits: RuleLimits) -> RuleVerdict
}

/// What a rule found, and where it could not be checked.
struct RuleVerdict {
  var findings: [ReportFinding] = []
  /// Why it could not be checked, by server; nil for all of the target.
  var gaps: [(node: String?, gap: FactGap)] = []
  /// True where it could be checked somewhere.
  var isChecked = false
}

extension DoctorRule {
  var thresholds: [RuleThreshold] { [] }

  /// A finding of this rule.
  func finding(
    _ severity: Severity, _ message: String, why: String? = nil, _ evidence: [(String, JSON)],
    _ command: SuggestedCommand? = nil
  ) -> ReportFinding {
    ReportFinding(
      id: id, severity: severity, message: message, why: why, figures: evidence, command: command)
  }
}

/// A rule about each server by itself.
protocol NodeRule: DoctorRule {
  /// What the rule finds on a server; throws where a fact is missing.
  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding]
}

extension NodeRule {
  func verdict(on examination: Examination, _ limits: RuleLimits) -> RuleVerdict {
    var verdict = RuleVerdict()
    let isNamed = examination.nodes.count > 1
    for node in examination.nodes {
      do throws(FactGap) {
        verdict.findings += try findings(on: node, in: examination, limits).map {
          $0.placed(at: node.address, isNamed: isNamed)
        }
        verdict.isChecked = true
      } catch {
        verdict.gaps.append((isNamed ? node.address : nil, error))
      }
    }
    return verdict
  }
}

/// A rule about the target as a whole.
protocol TargetRule: DoctorRule {
  /// What the rule finds; throws where a fact is missing.
  func findings(in examination: Examination, _ limits: RuleLimits) throws(FactGap) -> [ReportFinding]
}

extension TargetRule {
  func verdict(on examination: Examination, _ limits: RuleLimits) -> RuleVerdict {
    do throws(FactGap) {
      return RuleVerdict(findings: try findings(in: examination, limits), isChecked: true)
    } catch {
      return RuleVerdict(gaps: [(nil, error)])
    }
  }
}
