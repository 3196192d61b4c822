import ArgumentParser
import Bytes
import Keyspace
import Operations
import Quantities
import Reporting
import SeedFormat

/// What is particular to `warm`.
struct WarmOptions: ParsableArguments {
  @Option(help: "Format of the seed (default: by its content).")
  var inputFormat: SeedFormat?
  @Option(
    help: ArgumentHelp("TTL of records that name none (default: they never expire).", valueName: "duration"),
    transform: OptionValue.duration)
  var ttl: Duration?
  @Option(
    help: ArgumentHelp(
      "Make each TTL longer or shorter by up to this much, always the same for a key: 10%.",
      valueName: "percent"), transform: OptionValue.percentage)
  var jitter: Double?
  @Flag(
    name: .customLong("all-dbs"),
    help: "Load each record into the database that it names, not only those of --db.")
  var allDatabases = false
  @Flag(
    name: .customLong("ignore-db"), help: "Load every record into the database of --db, whichever it names.")
  var ignoresDatabase = false
  @Flag(help: "Leave keys alone that are there already.")
  var ifMissing = false
  @Option(
    help: ArgumentHelp(
      "Rewrite keys that are there only where less than this share of the seed's TTL remains: 20%.",
      valueName: "percent"), transform: OptionValue.percentage)
  var refreshBelow: Double?
  @Option(
    help: ArgumentHelp("Make every key a member of this tag; may be repeated.", valueName: "tag"))
  var tag: [String] = []
  @Option(help: ArgumentHelp("Where tags are kept (default 'tag:{tag}').", valueName: "template"))
  var tagKey: String?
  @Flag(help: #"Wrap strings as {"value":…,"cachedAt":ms,"expiresAt":ms}."#)
  var envelope = false
  @Option(
    help: ArgumentHelp("How long a key lives on after its envelope's expiresAt.", valueName: "duration"),
    transform: OptionValue.duration)
  var stale: Duration?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Most records in a batch, 1 to 10,000 (default: chosen by the pace).", valueName: "records"),
    transform: OptionValue.count(1...10_000))
  var batch: Int?
  @Option(
    help: ArgumentHelp("Write the records that cannot be loaded to this new file.", valueName: "file"),
    completion: .file())
  var rejects: String?
  @Flag(help: "Stop at the first record that cannot be loaded.")
  var strict = false
  @Flag(help: "Stop once the server evicts keys.")
  var stopOnEviction = false
  @OptionGroup var guards: GuardOptions<WarmWording>

  func validate() throws {
    if ifMissing, refreshBelow != nil {
      throw ValidationError("--if-missing never rewrites and --refresh-below does: choose one")
    }
    if ifMissing, guards.backup != nil {
      throw ValidationError("--backup saves what is replaced, and --if-missing replaces nothing")
    }
    if let ttl, !(Duration.milliseconds(1)...Duration.seconds(1_000_000_000)).contains(ttl) {
      throw ValidationError("--ttl must be from 1ms to 11,574d")
    }
    if allDatabases, ignoresDatabase {
      throw ValidationError("--all-dbs goes by the databases of records and --ignore-db does not: choose one")
    }
    if stale != nil, !envelope { throw ValidationError("--stale needs --envelope") }
    if let tagKey, TagKey(tagKey) == nil {
      throw ValidationError(
        "--tag-key must hold \(TagKey.placeholder) once, as 'tag:\(TagKey.placeholder)' does")
    }
    if tag.contains("") { throw ValidationError("--tag must not be empty") }
  }

  /// The request that these options make.
  func request(_ pacing: PacingOptions) throws -> WarmRequest {
    var request = WarmRequest()
    request.format = inputFormat
    request.defaultTTL = ttl?.milliseconds
    request.jitter = jitter ?? 0
    if ifMissing { request.policy = .ifMissing }
    if let refreshBelow { request.policy = .refreshBelow(refreshBelow) }
    request.databases = allDatabases ? .each : ignoresDatabase ? .ignored : .own
    request.tags = tag.map { KeyLiteral.bytes(of: $0) }
    if let tagKey, let template = TagKey(tagKey) { request.tagKey = template }
    if envelope { request.envelope = stale?.milliseconds ?? 0 }
    request.pace = pacing.pace
    request.rate = pacing.rate
    request.batchSize = batch
    request.isStrict = strict
    request.stopsOnEviction = stopOnEviction
    try guards.apply(to: &request)
    return request
  }

  /// The options that make the same of each record again.
  var action: [SuggestedOption] {
    let values: [SuggestedOption] = .given([
      (.inputFormat, inputFormat?.rawValue), (.ttl, ttl.map { Units.text(milliseconds: $0.milliseconds) }),
      (.jitter, jitter.map(OptionValue.percentageText)),
      (.refreshBelow, refreshBelow.map(OptionValue.percentageText)), (.tagKey, tagKey),
      (.stale, stale.map { Units.text(milliseconds: $0.milliseconds) }),
    ])
    let tags = tag.flatMap { [SuggestedOption].given(.tag, $0) }
    let databases: [SuggestedOption] =
      .given(.allDatabases, if: allDatabases) + .given(.ignoreDatabase, if: ignoresDatabase)
    return values + tags + databases + .given(.ifMissing, if: ifMissing) + .given(.envelope, if: envelope)
  }

  /// The other options that a dry run, or a run that resumes, may need again. The journal is named by `option`.
  func bounds(on session: Session, journalAs option: OptionName) -> [SuggestedOption] {
    .given([(.batch, batch.map { String($0) }), (.rejects, rejects)]) + .given(.strict, if: strict)
      + .given(.stopOnEviction, if: stopOnEviction) + guards.given(on: session, journalAs: option)
  }
}

extension SeedFormat: ExpressibleByArgument {}
