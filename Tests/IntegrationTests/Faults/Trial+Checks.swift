import Foundation
import TestHarness
import TestSupport
import Testing

/// What a run must have done, or must have said of what it has not.
extension Trial {
  // MARK: - Runs that finish

  /// Checks a run that ended well: all is done, and counted in one place.
  ///
  /// `unknown` says how many keys of a removal may be so: with any, a run that has not gone on from a journal says so by
  /// its exit code. A warming never ends well with any.
  func expectWhole(
    _ result: Command.Result, unknown: Int = 0, at location: SourceLocation = #_sourceLocation
  ) throws {
    try expectHarmless(result, at: location)
    let isFirstWithUnknown =
      try verb == .invalidate && result.status == 1 && RemovalReport(result.stdout).earlier == nil
      && self.unknown(result) > 0
    let status: Int32 = isFirstWithUnknown ? 1 : 0
    try #require(result.status == status, "\(verb): \(result)", sourceLocation: location)
    switch verb {
    case .scan:
      let report = try Report(result)
      #expect(report.complete && report.totals.keys == count, "\(result)", sourceLocation: location)
      #expect(report.coverage.keysMeasured == count, "\(result)", sourceLocation: location)
      #expect(report.groups.map(\.keys) == [count], "\(result)", sourceLocation: location)
    case .ttl:
      let (isComplete, keys) = try ttlTotals(result)
      #expect(isComplete && keys == count, "\(result)", sourceLocation: location)
    case .export: try expectExported(result, at: location)
    case .stats: #expect(try isComplete(result), "\(result)", sourceLocation: location)
    case .invalidate:
      let report = try RemovalReport(result.stdout)
      let counts = report.counts
      #expect(report.complete == (status == 0) && counts.isBalanced, "\(result)", sourceLocation: location)
      // What an unanswered batch had removed is absent to the run that resumes, and so is a key that the walk after a
      // restart meets once more.
      let gone = counts.removed + counts.unknown
      #expect(gone <= count && gone + counts.absent >= count, "\(result)", sourceLocation: location)
      #expect(counts.unknown <= unknown && counts.failed == 0, "\(result)", sourceLocation: location)
      #expect(try chosenNames().isEmpty, "\(result)", sourceLocation: location)
    case .warm:
      let report = try LoadReport(result.stdout)
      #expect(
        report.complete && report.counts == .init(written: count), "\(result)", sourceLocation: location)
      try expectWarm(location)
    }
  }

  private func expectExported(_ result: Command.Result, at location: SourceLocation) throws {
    let records = try JSONLines.objects(folder.read("export.jsonl") ?? [])
    let values = records.reduce(into: [:]) { $0[$1["key"] as? String ?? ""] = $1["value"] as? String }
    let expected = (0..<count).map { (name($0), "value \($0)") }
    #expect(
      values == Dictionary(uniqueKeysWithValues: expected), "\(values.count): \(result)",
      sourceLocation: location)
    #expect(records.count == count, sourceLocation: location)
  }

  private func expectWarm(_ location: SourceLocation) throws {
    let values = try chosenValues()
    #expect(values.count == count, sourceLocation: location)
    #expect(
      (0..<count).allSatisfy { values[name($0)] == "value \($0)" }, sourceLocation: location)
  }

  // MARK: - Runs that do not

  /// Checks a run that was broken off: the exit code and the words, a report that owns up, and counts that agree with
  /// the servers.
  ///
  /// `begun` says whether the run has come so far that there must be a report.
  func expectBroken(
    _ result: Command.Result, _ status: Int32..., words: String..., begun: Bool = true,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    #expect(status.contains(result.status ?? -1), "\(verb): \(result)", sourceLocation: location)
    #expect(
      result.errorText.contains("error: ") || [1, 130, 143].contains(result.status), "\(result)",
      sourceLocation: location)
    for word in words {
      #expect(
        result.errorText.lowercased().contains(word.lowercased()), "\(word) is not in: \(result)",
        sourceLocation: location)
    }
    try expectHarmless(result, at: location)
    if verb == .export {
      #expect(folder.read("export.jsonl") == Trial.oldExport, "\(result)", sourceLocation: location)
      #expect(
        files().allSatisfy { ["export.jsonl", "export.jsonl.partial", "seed"].contains($0.0) },
        "\(files().map(\.0))",
        sourceLocation: location)
    } else if begun && verb != .stats {
      try #require(!result.stdout.isEmpty, "there is no report: \(result)", sourceLocation: location)
    }
    if isJournalled {
      #expect(result.errorText.contains("to resume  rediscache"), "\(result)", sourceLocation: location)
    }
    if !result.stdout.isEmpty { try expectOwnedUp(result, at: location) }
  }

  /// Checks the report of a run that was broken off.
  private func expectOwnedUp(_ result: Command.Result, at location: SourceLocation) throws {
    #expect(try !isComplete(result), "\(result)", sourceLocation: location)
    switch verb {
    case .scan:
      let report = try Report(result)
      let coverage = report.coverage
      #expect((0...count).contains(report.totals.keys), "\(result)", sourceLocation: location)
      #expect(
        report.totals.keys == coverage.keysSeen - coverage.keysVanished, "\(result)", sourceLocation: location
      )
      #expect(
        report.groups.allSatisfy { $0.namespace == "app" && $0.version == "v1" }, "\(result)",
        sourceLocation: location)
    case .ttl: #expect(try (0...count).contains(ttlTotals(result).keys), sourceLocation: location)
    case .export, .stats: break
    case .invalidate:
      let report = try RemovalReport(result.stdout)
      let counts = report.counts
      #expect(counts.isBalanced, "\(result)", sourceLocation: location)
      #expect(report.stopped != nil || !report.warnings.isEmpty, "\(result)", sourceLocation: location)
      let gone = count - (try chosenNames().count)
      #expect(
        (counts.removed...counts.removed + counts.unknown).contains(gone), "\(gone) are gone: \(result)",
        sourceLocation: location)
    case .warm:
      let report = try LoadReport(result.stdout)
      let counts = report.counts
      #expect(counts.isBalanced, "\(result)", sourceLocation: location)
      #expect(report.stopped != nil || !report.warnings.isEmpty, "\(result)", sourceLocation: location)
      #expect(counts.rejected == 0 && counts.skipped == 0, "\(result)", sourceLocation: location)
      let written = try chosenNames().count
      #expect(
        (counts.written...counts.written + counts.unknown).contains(written),
        "\(written) are there: \(result)",
        sourceLocation: location)
    }
  }

  // MARK: - Going on

  /// Runs the rest: with the journal where there is one, and from the start where nothing had begun.
  ///
  /// `unknown` says how many keys of a removal may stay so.
  func expectResumed(
    _ place: [String], unknown: Int = 20, at location: SourceLocation = #_sourceLocation
  ) throws {
    if isJournalled {
      let last = folder.read("journal")?.last
      #expect(last == UInt8(ascii: "\n"), "the journal ends within a line", sourceLocation: location)
    }
    let result = try run(place, goingOn: isJournalled, at: location)
    try expectWhole(result, unknown: unknown, at: location)
  }

  // MARK: - Reading reports

  private func isComplete(_ result: Command.Result) throws -> Bool {
    struct Header: Decodable { let complete: Bool }
    return try JSONDecoder().decode(Header.self, from: Data(result.stdout)).complete
  }

  private func ttlTotals(_ result: Command.Result) throws -> (complete: Bool, keys: Int) {
    struct Totals: Decodable { let keys: Int }
    struct TTLReport: Decodable {
      let complete: Bool
      let totals: Totals
    }
    let report = try JSONDecoder().decode(TTLReport.self, from: Data(result.stdout))
    return (report.complete, report.totals.keys)
  }

  /// What the report says of keys whose fate is not known.
  func unknown(_ result: Command.Result) throws -> Int {
    switch verb {
    case .invalidate: try RemovalReport(result.stdout).counts.unknown
    case .warm: try LoadReport(result.stdout).counts.unknown
    default: 0
    }
  }
}
