import ArgumentParser
import Bytes
import Keyspace
import Operations
import Quantities
import Reporting

/// Which keys: the same options for every command that walks keys.
struct SelectionOptions: ParsableArguments {
  @OptionGroup var names: NameSelectionOptions
  @Option(
    help: "Only keys of this type: string list set zset hash stream vectorset, or a module's type.",
    completion: .list(SelectionOptions.types))
  var type: String?
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Only keys of this template, as scan --by template shows it; reads all names first; may be repeated.",
      valueName: "template"))
  var template: [String] = []
  @Option(
    help: ArgumentHelp(
      "Only keys for this, as scan --by role shows it; reads all names first; may be repeated.",
      valueName: "role"))
  var role: [KeyRole] = []
  @Option(
    help: ArgumentHelp(
      "Only keys whose N-th segment is this, as scan --by segment:N shows it; none for keys without it.",
      valueName: "n=text"),
    transform: SelectionOptions.segment)
  var segment: SegmentChoice?
  @Flag(help: "Only versions that are not the newest live one of their namespace.")
  var superseded = false
  @Flag(help: "Only keys that never expire.")
  var noTtl = false
  @Option(
    help: ArgumentHelp("Only keys that expire within this time.", valueName: "duration"),
    transform: OptionValue.duration)
  var ttlBelow: Duration?
  @Option(
    help: ArgumentHelp("Only keys that expire after this time.", valueName: "duration"),
    transform: OptionValue.duration)
  var ttlAbove: Duration?
  @Option(
    help: ArgumentHelp(
      "Only keys that expire at this moment or later: 2026-01-31T05:32:00Z or 05:32Z.", valueName: "moment"),
    transform: OptionValue.moment)
  var expiresAfter: Int64?
  @Option(
    help: ArgumentHelp("Only keys that expire before this moment.", valueName: "moment"),
    transform: OptionValue.moment)
  var expiresBefore: Int64?
  @Option(
    help: ArgumentHelp("Only keys that take more bytes.", valueName: "size"), transform: OptionValue.bytes)
  var largerThan: Int?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Elements by which MEMORY USAGE sizes a collection (default 5; 0 for all).", valueName: "n"),
    transform: OptionValue.count(0...1_000_000_000))
  var samples: Int?
  @Option(
    help: ArgumentHelp("Only keys unused for longer.", valueName: "duration"), transform: OptionValue.duration
  )
  var idleAbove: Duration?

  func validate() throws {
    if noTtl, ttlBelow != nil || ttlAbove != nil || expiresAfter != nil || expiresBefore != nil {
      throw ValidationError(
        "--no-ttl chooses keys without a TTL; --ttl-below, --ttl-above, --expires-after and --expires-before choose by it"
      )
    }
    if let expiresAfter, let expiresBefore, expiresAfter >= expiresBefore {
      throw ValidationError("no moment is after --expires-after and before --expires-before: swap the two")
    }
    if let ttlBelow, let ttlAbove, ttlAbove >= ttlBelow {
      throw ValidationError("no TTL is above --ttl-above and below --ttl-below: swap the two")
    }
    if let type, !SelectionOptions.isTypeName(type) {
      throw ValidationError(
        "no type is called \(KeyText.quoted(type)): choose one of \(SelectionOptions.types.joined(separator: " "))"
          + ", or the nine characters of a module's type such as ReJSON-RL")
    }
  }

  static let types = ["string", "list", "set", "zset", "hash", "stream", "vectorset"]

  /// Redis gives the types of modules names of exactly nine characters (RedisModule_CreateDataType).
  private static func isTypeName(_ name: String) -> Bool {
    if types.contains(name) { return true }
    let isWord = name.utf8.allSatisfy {
      $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || $0.isAlphanumeric
    }
    return name.utf8.count == 9 && isWord
  }

  @Sendable private static func segment(_ text: String) throws -> SegmentChoice {
    guard let choice = SegmentChoice(text, numbers: ScanGrouping.segments) else {
      throw ValidationError(
        "\(KeyText.quoted(text)) is no number from \(ScanGrouping.segments.lowerBound) to "
          + "\(ScanGrouping.segments.upperBound), a = and the text of a segment, such as 2=orders")
    }
    return choice
  }

  /// The selection, with the warnings that reading the patterns gave.
  func selection(pattern: String?, separator: String?) throws -> (KeySelection, warnings: [String]) {
    var (selection, warnings) = try names.selection(pattern: pattern, separator: separator)
    selection.type = type
    selection.templates = template.map { KeyText.bytes(quoted: $0) }
    selection.roles = role
    selection.segment = segment
    selection.expiresAfter = expiresAfter
    selection.expiresBefore = expiresBefore
    selection.isSuperseded = superseded
    selection.neverExpires = noTtl
    selection.ttlBelow = ttlBelow?.milliseconds
    selection.ttlAbove = ttlAbove?.milliseconds
    selection.largerThan = largerThan
    selection.idleAbove = idleAbove.map { Int($0.components.seconds) }
    return (selection, warnings)
  }

  /// The options, and the pattern, that choose the same keys again.
  func given(pattern: String?) -> [SuggestedOption] {
    let values: [SuggestedOption?] = [
      type.map { .type($0) }, segment.map { .segment($0.number, SegmentChoice.text($0.text)) },
      expiresAfter.map { .expiresAfter(milliseconds: $0) },
      expiresBefore.map { .expiresBefore(milliseconds: $0) },
      ttlBelow.map { .ttlBelow(milliseconds: $0.milliseconds) },
      ttlAbove.map { .ttlAbove(milliseconds: $0.milliseconds) },
      largerThan.map { .given([OptionName.largerThan.word, String($0)]) },
      idleAbove.map { .idleAbove(milliseconds: $0.milliseconds) },
      samples.map { .given([OptionName.samples.word, String($0)]) },
      superseded ? .given([OptionName.superseded.word]) : nil, noTtl ? .noTTL : nil,
    ]
    return names.given(pattern: pattern) + template.map { .template($0) }
      + role.map { .given([OptionName.role.word, $0.rawValue]) } + values.compactMap(\.self)
  }
}

extension KeyRole: ExpressibleByArgument {}

extension WalkRequest {
  /// The keys to walk, and how, as the common options say; warns at once of what is odd about the patterns.
  init(
    _ pattern: String?, _ selection: SelectionOptions, _ naming: NamingOptions, _ pacing: WalkPacingOptions,
    _ output: OutputOptions
  ) throws {
    self.init()
    self.naming = try naming.naming()
    let (chosen, warnings) = try selection.selection(pattern: pattern, separator: naming.separator)
    warnings.forEach(output.warn)
    self.selection = chosen
    memorySamples = selection.samples
    pace = pacing.pacing.pace
    rate = pacing.pacing.rate
    count = pacing.count
  }

  /// The keys whose names are looked at, as the common options say; warns at once of what is odd about the patterns.
  init(
    _ pattern: String?, _ names: NameSelectionOptions, _ naming: NamingOptions, _ output: OutputOptions
  ) throws {
    self.init()
    self.naming = try naming.naming()
    let (chosen, warnings) = try names.selection(pattern: pattern, separator: naming.separator)
    warnings.forEach(output.warn)
    selection = chosen
  }
}
