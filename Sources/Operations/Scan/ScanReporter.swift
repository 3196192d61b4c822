import Bytes
import Keyspace
import Quantities
import RedisClient
import Reporting

/// Turns what a scan has counted into its report.
struct ScanReporter {
  let request: ScanRequest
  let header: ReportHeader
  let server: ScanServer
  let scan: ScanRun
  /// Words an advice.
  let advise: (ReportAdvice) -> String

  func report() -> ScanReport {
    let parts = ScanSummaries.all(of: scan, request: request)
    // What concerns the whole server is said once, beside the database that takes most of it.
    let largest = parts.max { $0.total.estimate.memory < $1.total.estimate.memory }?.database
    var groups = ScanSummaries.sorted(parts.flatMap(\.rows), by: request.order)
    var totals = parts[0].totals(ScanSummaries.total(of: parts), of: groups)
    let balance = balance(totals)
    var header = header
    header.warnings += remarks(parts, totals, balance)
    groups = groups.map { balance.widening($0, isEstimate: scan.quota != nil || $0.holdsCollections) }
    totals = balance.widening(totals, isEstimate: true)
    let isSplit = request.splitsLarge && request.grouping == .version
    let split = isSplit ? ScanSummaries.sorted(parts.flatMap(\.splitRows), by: request.order) : nil
    return ScanReport(
      header: header, server: server.facts, isFiltered: !request.walk.selection.isEverything,
      grouping: request.reportedGrouping,
      coverage: coverage, groups: groups,
      tableGroups: split.map { $0.count > groups.count ? $0 : groups }, totals: totals,
      recognised: recognised,
      findings: ScanFindings.findings(
        in: parts.map { evidence(of: $0, $0.database == largest) }, request.filter),
      isJudged: scan.unavailable.isDisjoint(with: [.ttl, .memory, .type]),
      bigKeys: request.biggest.map(bigKeys), hotKeys: request.hottest.map(hotKeys),
      top: request.top, showsAllFindings: request.filter.showsAll, namesDatabases: server.spansDatabases)
  }

  /// The layouts of all databases.
  private var recognised: [RecognisedLayout] {
    guard request.grouping.readsNames else { return [] }
    let found = scan.tallies.sorted { $0.key < $1.key }.flatMap(\.value.byGroup.tree.recognised)
    return found.reduce(into: []) { layouts, next in
      guard let place = layouts.firstIndex(where: { $0.framework == next.framework }) else {
        layouts.append(
          RecognisedLayout(framework: next.framework, prefixes: next.prefixes, versions: next.versions))
        return
      }
      layouts[place].prefixes += next.prefixes.filter { !layouts[place].prefixes.contains($0) }
      layouts[place].versions += next.versions.filter { !layouts[place].versions.contains($0) }
    }
  }

  /// What the rules look at in one database: what is in another has other owners, versions and policies.
  private func evidence(of part: ScanSummaries, _ speaksForServer: Bool) -> ScanEvidence {
    let totals = part.totals(part.total, of: part.rows)
    // Who looks at some keys only asks about those.
    let isWhole = speaksForServer && request.walk.selection.isEverything
    return ScanEvidence(
      of: scan, request: request, summaries: part, totals: totals,
      knownWithoutTTL: knownWithoutTTL(totals, in: part.database),
      memory: isWhole ? server.memory : [], namesDatabase: server.spansDatabases)
  }

  private func hotKeys(_ limit: Int) -> ScanHotKeys {
    let entries = scan.tallies.flatMap { database, tally in
      tally.hottest.entries.map { (database: database, key: $0.key, heat: $0.bytes) }
    }
    .sorted { $0.heat != $1.heat ? $0.heat > $1.heat : $0.database < $1.database }
    let keys = entries.prefix(limit).map { entry in
      ScanHotKeys.Key(
        key: entry.key, database: entry.database,
        value: ScanTally.use(ofHeat: entry.heat, isFrequency: request.usesFrequency))
    }
    return ScanHotKeys(
      usesFrequency: request.usesFrequency, keys: keys,
      doubts: UseDoubts.clauses(
        of: server.infos, frequencies: request.usesFrequency ? keys.map(\.value) : []))
  }

  private func bigKeys(_ limit: Int) -> [ScanReport.BigKey] {
    let keys = scan.tallies.flatMap { database, tally in
      tally.biggest.entries.map { entry in
        ScanReport.BigKey(
          key: entry.key, database: database, type: tally.biggestTypes[entry.key] ?? nil, bytes: entry.bytes)
      }
    }
    return Array(
      keys.sorted { $0.bytes != $1.bytes ? $0.bytes > $1.bytes : $0.database < $1.database }.prefix(limit))
  }

  /// Where every key was chosen, INFO knows exactly how many never expire, whatever was sampled.
  private func knownWithoutTTL(_ totals: ScanGroup, in database: Int) -> Int? {
    guard request.walk.selection.isEverything, scan.quota != nil, scan.isComplete,
      let endless = server.countedByDatabase[database]?.endless
    else { return nil }
    return (0...max(0, totals.keys)).contains(endless) ? endless : nil
  }

  /// What the figures leave open.
  private func remarks(_ parts: [ScanSummaries], _ totals: ScanGroup, _ balance: MemoryBalance) -> [String] {
    var remarks: [String] = []
    let rest = parts.flatMap(\.groups).filter(\.label.isOverflow).reduce(0) { $0 + $1.estimate.keys }
    if rest > 0 {
      remarks.append(
        "\(NumberText.keys(rest)) found no group of their own and share (other); "
          + advise(.holdMoreGroups)
      )
    }
    if server.isRefuted {
      remarks.append(
        "INFO counts far fewer keys than the \(NumberText.count(scan.sum(\.seen))) that SCAN has named: its counts are not used"
      )
    }
    return remarks + [sentence(on: balance, totals)].compactMap(\.self)
  }

  /// Compares the bytes of the keys with what the servers use, where every key of theirs was asked for: a sample sees the few
  /// huge keys of a group only by luck, and so does MEMORY USAGE the few huge elements of a collection.
  private func balance(_ totals: ScanGroup) -> MemoryBalance {
    let isEstimate = scan.quota != nil || totals.holdsCollections && request.walk.memorySamples != 0
    guard header.isComplete, request.walk.selection.isEverything, isEstimate,
      let bytes = totals.memoryBytes, let error = totals.memoryError, let used = server.usedMemory
    else { return .even }
    return MemoryBalance(bytes: bytes, error: error, keys: totals.keys, used: used)
  }

  private func sentence(on balance: MemoryBalance, _ totals: ScanGroup) -> String? {
    guard let bytes = totals.memoryBytes, let used = server.usedMemory else { return nil }
    let (sum, all) = (NumberText.bytes(bytes), NumberText.bytes(used))
    switch balance {
    case .even: return nil
    case .short where scan.quota != nil:
      return
        "the sampled keys explain \(sum) of the \(all) that the server uses for data: a few keys may be far larger than "
        + "the rest; \(advise(.listBiggestKeys))"
    case .short:
      return
        "the keys explain \(sum) of the \(all) that the server uses for data: some collections may hold elements far "
        + "larger than those that were measured; \(advise(.measureWholeCollections))"
    case .over:
      return
        "the keys seem to take \(sum), but the server uses \(all) for data: collections were sized by a few elements; "
        + advise(.measureWholeCollections)
    }
  }

  private var coverage: ScanReport.Coverage {
    var coverage = scan.coverage
    if request.walk.selection.isEverything { coverage.keysExpected = server.counted.keys }
    coverage.typesAreSampled =
      !scan.asksEveryType && !request.choosesByMeasure && request.grouping != .type
      && scan.sum(\.seen) > GroupFigures.typesToAgree
    return coverage
  }
}
