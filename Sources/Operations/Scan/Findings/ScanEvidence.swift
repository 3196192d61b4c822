import Bytes
import Keyspace
import Reporting

/// What the rules of findings read: the figures of one database, and how to look closer at them.
struct ScanEvidence {
  let run: ScanRun
  let summaries: ScanSummaries
  let totals: ScanGroup
  /// Keys that never expire, where INFO knows them exactly although they were sampled.
  let knownWithoutTTL: Int?
  /// The memory of the servers, where these rules speak for them.
  let memory: [ServerMemory]
  /// The groups by namespace and version, those with most keys first; empty where names were not read.
  let groups: [ScanSummaries.Summary]
  /// The groups by template, those with most keys first; empty where names were not read. One that is all there is of its
  /// namespace and version goes by these.
  let templates: [ScanSummaries.Summary]
  /// What was counted.
  let tally: ScanTally
  /// True where a finding must say which database it is about.
  private let namesDatabase: Bool
  private let suggester: CommandSuggester
  private let separator: String?
  /// Groups by namespace and version of which single names show something else than all of them together.
  private let misread: Set<GroupLabel>

  init(
    of run: ScanRun, request: ScanRequest, summaries: ScanSummaries, totals: ScanGroup,
    knownWithoutTTL: Int?, memory: [ServerMemory], namesDatabase: Bool
  ) {
    tally = summaries.tally
    self.namesDatabase = namesDatabase
    self.run = run
    self.summaries = summaries
    self.totals = totals
    self.knownWithoutTTL = knownWithoutTTL
    self.memory = memory
    groups = summaries.byVersion.filter { !$0.label.isOverflow }
      .sorted { $0.estimate.keys > $1.estimate.keys }
    let naming = request.walk.naming
    let misread = Set(
      summaries.byTemplate.filter { !GroupSelection.isReadAlone($0, naming) }.map(\.label.byVersion))
    self.misread = misread
    templates = ScanEvidence.templates(of: summaries, butOf: misread).sorted {
      $0.estimate.keys > $1.estimate.keys
    }
    separator = request.walk.naming.separator
    suggester = CommandSuggester(
      verb: .scan, context: request.commandContext.narrowed(to: summaries.database),
      inForce: [.grouping(request.grouping)] + (request.biggest == nil ? [] : [.biggest(10)]))
  }

  private static func templates(
    of summaries: ScanSummaries, butOf misread: Set<GroupLabel>
  ) -> [ScanSummaries.Summary] {
    let templates = summaries.byTemplate.filter { !$0.label.isOverflow }
    let counts = Dictionary(templates.map { ($0.label.byVersion, 1) }, uniquingKeysWith: +)
    return templates.map { template in
      var group = template
      let coarser = template.label.byVersion
      if counts[coarser] == 1, !misread.contains(coarser),
        GroupSelection.isExact(coarser, grouping: .version)
      {
        group.label = coarser
      }
      return group
    }
  }

  /// How bad it is what concerns some keys, and their bytes where they are known: less than one in a hundred of both are
  /// not worth mending at once.
  func severity(ofKeys keys: Int, bytes: Int? = nil) -> Severity {
    let share = Double(keys) / Double(max(1, totals.keys))
    let memory = Double(bytes ?? 0) / Double(max(1, totals.memoryBytes ?? 1))
    return max(share, memory) >= 0.01 ? .warning : .info
  }

  /// A finding that says which database it is about.
  func placed(_ found: WeighedFinding) -> WeighedFinding {
    WeighedFinding(
      finding: found.finding.placed(in: summaries.database, isNamed: namesDatabase), weight: found.weight)
  }

  /// The row of a group in the report.
  func row(of group: ScanSummaries.Summary) -> ScanGroup { summaries.group(of: group) }

  // MARK: - What to run next

  /// A scan that looks closer, without the options that `isDropped`; nil where it is the one that has just run.
  func look(
    _ options: [SuggestedOption], without isDropped: (SuggestedOption) -> Bool = { _ in false }
  ) -> SuggestedCommand? {
    suggester.command(.scan, options, without: isDropped)
  }

  /// A scan that looks closer at the keys of a group.
  func look(at group: ScanSummaries.Summary, _ options: [SuggestedOption]) -> SuggestedCommand? {
    look(choice(of: group) + options)
  }

  /// A dry run that removes a group, or ends it earlier, with further options. Where it would choose other keys too, or keys
  /// that hold what nobody can compute again (locks, sessions, counters, queues), their list.
  func removal(
    of group: ScanSummaries.Summary, _ options: [SuggestedOption] = [], else listed: [SuggestedOption] = []
  ) -> SuggestedCommand? {
    let removal =
      isExact(group) && group.roles.allSatisfy(\.isReplaceable)
      ? suggester.removal(choice(of: group) + options) : nil
    return removal ?? look(at: group, listed + [.list])
  }

  /// More templates than this make no command that anybody reads.
  static let mostTemplates = 12

  /// True where options choose the keys of a group and no others.
  private func isExact(_ group: ScanSummaries.Summary) -> Bool {
    isExactByName(group) || templates(of: group) != nil
  }

  /// True where namespace and version choose the keys of a group and no others, or its template does.
  private func isExactByName(_ group: ScanSummaries.Summary) -> Bool {
    GroupSelection.isExact(group.label, grouping: .version) && !misread.contains(group.label)
  }

  /// The templates of a group by namespace and version, where there are few.
  private func templates(of group: ScanSummaries.Summary) -> [[UInt8]]? {
    let parts = summaries.byTemplate.filter { $0.label.byVersion == group.label }
    guard (1...ScanEvidence.mostTemplates).contains(parts.count), !group.label.isOverflow else { return nil }
    return parts.compactMap(\.template)
  }

  private func choice(of group: ScanSummaries.Summary) -> [SuggestedOption] {
    if !isExactByName(group), let templates = templates(of: group) {
      return templates.map { .template(KeyText.quoted($0)) }
    }
    return GroupSelection.options(for: group.label, name: nil, grouping: .version, separator: separator)
  }
}

extension ScanGroup {
  /// The figures that most findings about a group have.
  var keyFigures: [(String, JSON)] {
    [
      ("keys", .int(keys)), ("memory_bytes", .optional(memoryBytes)), ("without_ttl", .optional(withoutTTL)),
    ]
  }
}

extension ScanSummaries.Summary {
  /// The bytes of its keys that never expire, as far as they are as large as the others.
  var endlessBytes: Double { estimate.memory * estimate.withoutTTL / Double(max(1, estimate.keys)) }

  /// How the group is called in a sentence.
  var title: String {
    if let name { return KeyText.sanitized(name) }
    if let template = label.template { return KeyText.quoted(template) }
    guard let namespace = label.namespace else {
      return label.version.map(KeyText.quoted) ?? "keys without a namespace"
    }
    return ([namespace] + (label.version.map { [$0] } ?? [])).map(KeyText.quoted).joined(separator: " ")
  }
}
