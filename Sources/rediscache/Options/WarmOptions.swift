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
  @OptionGroup var record: JournalOptions
  @Flag(help: "Read some keys back afterwards and compare.")
  var verify = false
  @Flag(help: "Do everything but the writing.")
  var dryRun = false
  @OptionGroup var form: FormatOptions<WarmReport>

  func validate() throws {
    if ifMissing, refreshBelow != nil {
      throw ValidationError("--if-missing never rewrites and --refresh-below does: choose one")
    }
    if let ttl, !(Duration.milliseconds(1)...Duration.seconds(1_000_000_000)).contains(ttl) {
      throw ValidationError("--ttl must be from 1ms to 11,574d")
    }
    if stale != nil, !envelope { throw ValidationError("--stale needs --envelope") }
    if let tagKey, TagKey(tagKey) == nil {
      throw ValidationError(
        "--tag-key must hold \(TagKey.placeholder) once, as 'tag:\(TagKey.placeholder)' does")
    }
    if tag.contains("") { throw ValidationError("--tag must not be empty") }
    if dryRun, record.isGiven || verify {
      throw ValidationError("--dry-run writes nothing: leave out --journal, --resume and --verify")
    }
  }

  /// The request that these options make.
  func request(_ pacing: PacingOptions) -> WarmRequest {
    var request = WarmRequest()
    request.format = inputFormat
    request.defaultTTL = ttl?.milliseconds
    request.jitter = jitter ?? 0
    if ifMissing { request.policy = .ifMissing }
    if let refreshBelow { request.policy = .refreshBelow(refreshBelow) }
    request.tags = tag.map { KeyLiteral.bytes(of: $0) }
    if let tagKey, let template = TagKey(tagKey) { request.tagKey = template }
    if envelope { request.envelope = stale?.milliseconds ?? 0 }
    request.pace = pacing.pace
    request.rate = pacing.rate
    request.batchSize = batch
    request.isStrict = strict
    request.stopsOnEviction = stopOnEviction
    request.isDryRun = dryRun
    request.verifies = verify
    return request
  }

  /// The options that make the same of each record again.
  var action: [SuggestedOption] {
    .given([
      (.inputFormat, inputFormat?.rawValue), (.ttl, ttl.map { Units.text(milliseconds: $0.milliseconds) }),
      (.jitter, jitter.map(OptionValue.percentageText)),
      (.refreshBelow, refreshBelow.map(OptionValue.percentageText)), (.tagKey, tagKey),
      (.stale, stale.map { Units.text(milliseconds: $0.milliseconds) }),
    ]) + tag.flatMap { [SuggestedOption].given(.tag, $0) } + .given(.ifMissing, if: ifMissing)
      + .given(.envelope, if: envelope)
  }

  /// The other options that a run which resumes needs again.
  var bounds: [SuggestedOption] {
    .given([(.batch, batch.map { String($0) }), (.rejects, rejects)]) + .given(.strict, if: strict)
      + .given(.stopOnEviction, if: stopOnEviction) + .given(.verify, if: verify)
      + .given(.resume, record.path)
  }
}

extension SeedFormat: ExpressibleByArgument {}
