package import Reporting

/// What `doctor` is asked to do.
package struct DoctorRequest: Sendable {
  /// Which rules are applied, and from where on they speak.
  package struct Rules: Sendable {
    /// The rules to apply; empty for all.
    package var only: Set<String> = []
    /// The rules to leave out.
    package var disabled: Set<String> = []
    /// Thresholds that are set otherwise, by `rule.name`.
    package var thresholds: [String: Double] = [:]

    /// All rules with their defaults.
    package init() {}

    /// True where a rule is to be applied.
    func admits(_ id: String) -> Bool { (only.isEmpty || only.contains(id)) && !disabled.contains(id) }
  }

  /// How the target is reached.
  package struct Access: Sendable {
    /// True where the connection is encrypted.
    package var usesTLS = false
    /// True where the connection leaves this machine.
    package var isRemote = false
    /// Whether the server answers a connection that sends no password; nil where that is not known.
    package var opensWithoutPassword: Bool?

    /// A connection on this machine, without a password.
    package init() {}
  }

  /// How the target is reached.
  package var access = Access()
  /// The time between two readings.
  package var interval = StatsRequest.shortSample
  /// True where figures are those since an earlier run, whose `state` it is; nil where there was none.
  package var keepsState = false
  /// What an earlier run left.
  package var state: StatsState?
  /// True where no key is looked at.
  package var isQuick = false
  /// Which rules are applied.
  package var rules = Rules()
  /// How the keys are walked and their names read.
  package var walk = WalkRequest()
  /// The options that lead to the same target again, for suggested commands.
  package var commandContext: [SuggestedOption] = []

  /// All rules, over the next second, with a look at the keys.
  package init() {}

  /// True where the keys are looked at.
  var scans: Bool { !isQuick && DoctorRules.keyIDs.contains(where: rules.admits) }
}
