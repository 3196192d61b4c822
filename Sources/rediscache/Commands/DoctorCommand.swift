import ArgumentParser
import Bytes
import Configuration
import Operations
import RedisClient
import Reporting

/// `rediscache doctor`: what is wrong with this cache, the worst first.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "The problems of a cache, the worst first.",
    discussion: """
      Reads INFO twice, a second apart, settings, connections and the logs of slow commands, walks the keys with SCAN, \
      and changes nothing. Each finding shows its evidence, why it matters and the command to run next.

      A rule that cannot be checked, because a right is missing or the server has not run for long enough, is listed \
      with the reason. The rules and their thresholds: rediscache help rules.
      """
  )

  @OptionGroup(title: "Doctor") var doctor: DoctorOptions
  @OptionGroup(title: "Reading names") var naming: NamingOptions
  @OptionGroup(title: "Pacing") var pacing: PacingOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Connection") var connection: ConnectionOptions

  mutating func run() throws {
    guard doctor.form.format == .nagios else { return try perform() }
    try NagiosCheck.guarding { try perform() }
  }

  private mutating func perform() throws {
    let profile = try connection.loadProfile()
    try naming.adopt(profile, named: connection.profile)
    pacing.adopt(profile)
    try doctor.adopt(profile, named: connection.profile)
    try FileClash.check([(.output, output.output), (.state, doctor.state)])
    let session = try Session(connection, output, profile)
    let file = try ReportFile(output, doctor.form.format)
    let state = try doctor.state.map { try StatsStateFile($0) }
    let operation = DoctorOperation(
      try request(session, state), of: session.target(allDatabases: false),
      allDatabases: session.target(allDatabases: connection.db == nil && session.locator.database == 0),
      context: session.context())
    let outcome: DoctorOperation<Connection>.Outcome
    do {
      if output.showsProgress { session.progress.announce(interval) }
      defer { session.progress.clear() }
      outcome = try operation.run()
    } catch let refusal as StatsState.Refusal {
      throw StatsStateFile.failure(refusal, doctor.state ?? "", session)
    } catch {
      try file.write(failure: error, session, .doctor)
      throw session.failure(error)
    }
    try conclude(outcome, to: file, state, session)
  }

  private var interval: Duration { doctor.interval ?? StatsRequest.shortSample }

  private func request(_ session: Session, _ state: StatsStateFile?) throws -> DoctorRequest {
    var request = DoctorRequest()
    request.access = session.access
    request.interval = interval
    request.keepsState = state != nil
    request.state = try state?.decoded()
    request.isQuick = doctor.quick
    request.rules = try doctor.rules()
    request.walk.naming = try naming.naming()
    request.walk.pace = pacing.pace
    request.walk.rate = pacing.rate
    request.walk.nodeOnly = session.nodeOnly
    request.commandContext = (connection.given(session.locator) + naming.given).needed(for: .suggestion)
    return request
  }

  /// Writes the report and the state, and ends the run.
  private func conclude(
    _ outcome: DoctorOperation<Connection>.Outcome, to file: ReportFile, _ state: StatsStateFile?,
    _ session: Session
  ) throws {
    let report = DoctorPage(report: outcome.report, client: session.serverClient(outcome.report.header))
    let least = doctor.failOn ?? .warning
    if doctor.form.format == .nagios {
      let status = NagiosCheck.exitStatus(outcome.report.nagiosState(from: least))
      try NagiosCheck.deliver(outcome.report.nagios(from: least), judged: status, to: file)
      if let next = outcome.state { try state?.replace(with: next) }
      outcome.report.header.warnings.forEach(output.warn)
      throw status
    }
    let hasFound = doctor.failOn.map { limit in outcome.report.findings.contains { $0.severity >= limit } }
    // With a severity to look for, and neither a format nor a file, a quiet run says nothing while all is well.
    let isSilent = output.quiet && output.output == nil && doctor.form.given == nil && hasFound == false
    if !isSilent || !outcome.report.header.isComplete { try file.write(report) }
    // Only now: a run whose figures were not delivered does not count.
    if let next = outcome.state { try state?.replace(with: next) }
    do {
      try session.conclude(outcome.report.header, failure: outcome.failure)
    } catch ExitStatus.partial where hasFound == true {
      throw ExitStatus.conditionHolds
    }
    if hasFound == true { throw ExitStatus.conditionHolds }
  }
}

/// What is particular to `doctor`.
struct DoctorOptions: ParsableArguments {
  @Flag(help: "Do not look at the keys.")
  var quick = false
  @Option(
    help: ArgumentHelp("Read twice, this far apart (default 1s).", valueName: "duration"),
    transform: OptionValue.duration)
  var interval: Duration?
  @Option(
    help: ArgumentHelp(
      "Judge hits, evictions and the like since this file was last written, and write it.", valueName: "file"),
    completion: .file())
  var state: String?
  @Option(
    help: ArgumentHelp("Apply this rule and no others; may be repeated.", valueName: "id"),
    completion: .list(DoctorRules.ids))
  var only: [String] = []
  @Option(
    help: ArgumentHelp("Leave out a rule; may be repeated.", valueName: "id"),
    completion: .list(DoctorRules.ids))
  var disable: [String] = []
  @Option(
    help: ArgumentHelp(
      "Set a threshold of rediscache help rules: hit-ratio.warning=70%; may be repeated.",
      valueName: "id.name=value"))
  var threshold: [String] = []
  @Option(
    help: ArgumentHelp(
      "Exit with 2 where a finding is at least this severe; with --format nagios, what counts (default warning).",
      valueName: "severity"))
  var failOn: Severity?
  @OptionGroup var form: FormatOptions<DoctorReport>

  func validate() throws {
    if let interval, interval < .milliseconds(100) {
      throw ValidationError("--interval must be at least 100ms")
    }
    _ = try rules()
  }

  /// Which rules are applied, and from where on they speak.
  func rules() throws -> DoctorRequest.Rules {
    var rules = DoctorRequest.Rules()
    for (name, ids) in [("--only", only), ("--disable", disable)] {
      for id in ids where !DoctorRules.ids.contains(id) { throw DoctorOptions.unknownRule(name, id) }
    }
    rules.only = Set(only)
    rules.disabled = Set(disable)
    for text in threshold {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let bound = DoctorRules.threshold(parts[0]) else {
        throw DoctorOptions.unknownThreshold(text, parts.first ?? "")
      }
      guard let value = bound.read(parts[1]) else {
        throw ValidationError(
          "--threshold \(parts[0]): \(KeyText.quoted(parts[1])) is no value such as \(bound.text)")
      }
      rules.thresholds[parts[0]] = value
    }
    return rules
  }

  /// Takes over what a profile says; options come after it.
  mutating func adopt(_ profile: Profile?, named name: String?) throws {
    guard let profile else { return }
    disable = profile.disabledRules + disable
    threshold = profile.ruleThresholds + threshold
    do { _ = try rules() } catch {
      throw Failure(
        .configuration,
        "profile \(KeyText.quoted(name ?? "")), "
          + KeyText.sanitized((error as? ValidationError)?.message ?? "\(error)"))
    }
  }

  private static func unknownRule(_ option: String, _ id: String) -> ValidationError {
    let nearest = Spelling.nearest(to: id, among: DoctorRules.ids).map { "; did you mean \($0)?" } ?? ""
    return ValidationError(
      "\(option): there is no rule \(KeyText.quoted(id))\(nearest) See rediscache help rules")
  }

  private static func unknownThreshold(_ text: String, _ name: String) -> ValidationError {
    let nearest = Spelling.nearest(to: name, among: DoctorRules.thresholdNames)
    return ValidationError(
      "--threshold: \(KeyText.quoted(text)) sets no threshold"
        + (nearest.map { "; did you mean \($0)=…?" } ?? "; write hit-ratio.warning=70%"))
  }
}

/// A doctor's report, with the client that types commands of the server's own.
private struct DoctorPage: Rendered {
  static var formats: [OutputFormat] { DoctorReport.formats }

  let report: DoctorReport
  let client: [String]

  func table(for output: OutputOptions) -> String {
    report.table(width: output.tableWidth, style: output.style, wording: .ofOptions(client: client))
  }
  var object: JSON { report.json(wording: .ofOptions(client: client)) }
  var metrics: [UInt8]? { report.prometheus }
}

extension Session {
  /// How the target is reached, for rules that look at it.
  fileprivate var access: DoctorRequest.Access {
    var access = DoctorRequest.Access()
    access.usesTLS = locator.tls != nil
    access.isRemote = !locator.first.address.isLoopback
    access.opensWithoutPassword = hasLogin ? answersWithoutPassword : true
    return access
  }

  /// The server's own client, with what leads it to a server of this target beside its address.
  fileprivate func serverClient(_ header: ReportHeader) -> [String] {
    var words = [header.server == "valkey" ? "valkey-cli" : "redis-cli"]
    if let user = locator.credentials?.user { words += [OptionName.user.word, user] }
    guard let tls = locator.tls else { return words }
    words.append(OptionName.tls.word)
    for (option, value) in [
      (OptionName.cacert, tls.caFile), (.cacertdir, tls.caDirectory), (.cert, tls.certificate),
      (.key, tls.key),
      (.sni, tls.serverName),
    ] {
      if let value { words += [option.word, value] }
    }
    return words
  }
}
