import Reporting
import Testing

@testable import Operations

/// Warming a server in memory: what is sent, and what is made of any answer.
struct WarmOperationTests {
  private static func strings(_ count: Int, _ prefix: String = "k") -> String {
    (0..<count).map { #"{"key":"\#(prefix)\#($0)","value":"\#($0)"}"# + "\n" }.joined()
  }

  private static func list(_ key: String, _ count: Int) -> String {
    let elements = (0..<count).map { "\"e\($0)\"" }.joined(separator: ",")
    return #"{"key":"\#(key)","type":"list","value":[\#(elements)]}"# + "\n"
  }

  // MARK: - Flights

  @Test(arguments: [1, 7, 100, 10_000]) func aFlightNeverHoldsMoreRecordsThanAsked(batch: Int) throws {
    let server = WarmServer()
    let outcome = try server.warm(Self.strings(250)) { $0.batchSize = batch }
    #expect(outcome.report.counts.written == 250 && server.keys.count == 250)
    let sizes = server.flights.map { $0.count { $0 == "SET" } }
    #expect(sizes.allSatisfy { $0 <= batch } && sizes.contains(min(batch, 250)))
  }

  @Test func aFlightIsBoundedInBytesToo() throws {
    let server = WarmServer()
    let value = String(repeating: "x", count: 10_000)
    let seed = (0..<100).map { #"{"key":"k\#($0)","value":"\#(value)"}"# + "\n" }.joined()
    _ = try server.warm(seed) { $0.batchSize = 10_000 }
    let sizes = server.flights.map { $0.count { $0 == "SET" } }
    #expect(sizes.allSatisfy { $0 <= 14 } && server.keys.count == 100, "\(sizes)")
  }

  @Test func theServerIsAskedHowItIsAtTheStartAndAtTheEnd() throws {
    let server = WarmServer()
    _ = try server.warm(Self.strings(2_000)) { $0.batchSize = 50 }
    // When it is met, with the first flight, and after the last.
    #expect(server.count("INFO") == 4)
    _ = try server.warm("")
    #expect(server.count("INFO") == 2)
  }

  @Test func aSourceThatWaitsHoldsNothingBack() throws {
    let server = WarmServer()
    let source = SeedBytes(Self.strings(100), piece: 90)
    source.waits = 2
    let outcome = try server.warm(source) { $0.batchSize = 1_000 }
    #expect(outcome.report.counts.written == 100)
    #expect(server.flights.count { $0.contains("SET") } > 20)
  }

  // MARK: - Replies that answer nothing

  /// A status where a number belongs, or the other way round, is no fact about a key and no success.
  @Test(arguments: [
    ("PTTL", FakeReply.status("OK"), WarmRequest.Policy.refreshBelow(0.5)),
    ("PTTL", .null, .refreshBelow(0.5)),
    ("PTTL", .integer(-7), .refreshBelow(0.5)), ("EXEC", .array([.null, .null, .null]), .overwrite),
    ("EXEC", .array([]), .overwrite), ("EXEC", .status("OK"), .overwrite), ("SET", .integer(1), .overwrite),
    ("SET", .array([]), .overwrite),
  ])
  func oddRepliesAreNoSuccess(command: String, odd: FakeReply, policy: WarmRequest.Policy) throws {
    let server = WarmServer()
    server.reply = { words in words[0].text == command ? odd : nil }
    let seed = command == "EXEC" ? Self.list("l", 3) : #"{"key":"k","value":"v","ttl":60}"# + "\n"
    let outcome = try server.warm(seed) { $0.policy = policy }
    #expect(outcome.report.counts.written == 0, "\(outcome.report.counts)")
    #expect(!outcome.report.header.isComplete)
  }

  // MARK: - Servers that lack a command

  private static func lacks(_ name: String) -> ([[UInt8]]) -> String? {
    { $0[0].text == name ? "ERR unknown command '\(name)', with args beginning with: " : nil }
  }

  @Test func whatIsOnlyQueuedIsNotWritten() throws {
    let server = WarmServer()
    server.error = Self.lacks("EXEC")
    let outcome = try server.warm(Self.strings(10))
    #expect(outcome.report.counts.written == 10 && server.keys.count == 10)
    #expect(server.count("DISCARD") == 1)
    // A proxy in between may hold the transaction open all the same.
    server.reply = { $0[0].text == "SET" ? .status("QUEUED") : nil }
    let queued = try server.warm(Self.strings(10, "l"))
    #expect(queued.report.counts.written == 0 && queued.stop != nil && queued.report.counts.unknown > 0)
  }

  @Test func whereDiscardIsMissingTooANewConnectionIsMade() throws {
    let server = WarmServer()
    server.error = { Self.lacks("EXEC")($0) ?? Self.lacks("DISCARD")($0) }
    let outcome = try server.warm(Self.list("l", 3) + Self.strings(10))
    #expect(outcome.report.counts.failed == 1 && outcome.stop != nil)
    #expect(server.keys[utf8("l")] == nil)
  }

  @Test func whereUnlinkIsMissingDelTakesItsPlaceAndIsNamed() throws {
    let server = WarmServer()
    server.error = Self.lacks("UNLINK")
    server.keys[utf8("l")] = WarmServer.Key(type: "SET", words: [utf8("old")])
    let outcome = try server.warm(Self.list("l", 3))
    #expect(outcome.report.counts.written == 1 && server.keys[utf8("l")]?.type == "RPUSH")
    #expect(server.count("DEL") == 1)
    #expect(outcome.report.header.warnings.contains { $0.contains("UNLINK is not available here: DEL") })
    server.error = { _ in nil }
    #expect(try server.warm(Self.list("l", 3)).report.header.warnings.isEmpty)
  }

  @Test func beforeRedis3AKeyIsRestoredUnderAnotherNameAndRenamed() throws {
    let server = WarmServer()
    server.info[0] = "redis_version:2.8.24"
    server.error = { $0[0].text == "RESTORE" && $0.count > 4 ? "ERR syntax error" : nil }
    server.keys[utf8("d")] = WarmServer.Key(type: "SET", words: [utf8("old")])
    let seed = #"{"key":"d","type":"dump","value":"AAFhCQA=","ttl":5}"#
    let outcome = try server.warm(seed)
    #expect(outcome.report.counts.written == 1 && server.keys.count == 1)
    #expect(server.keys[utf8("d")]?.type == "RESTORE" && server.keys[utf8("d")]?.ttl == 5_000)
  }

  // MARK: - Refusals

  static let refusals: [(error: String, stop: String)] = [
    ("OOM command not allowed when used memory > 'maxmemory'.", "OOM"),
    ("READONLY You can't write against a read only replica.", "READONLY"),
    ("MISCONF Redis is configured to save RDB snapshots", "MISCONF"),
    ("NOREPLICAS Not enough good replicas to write.", "NOREPLICAS"),
    ("NOPERM User loader has no permissions to run the 'set' command", "NOPERM"),
    ("LOADING Redis is loading the dataset in memory", "LOADING"),
    ("CLUSTERDOWN Hash slot not served", "CLUSTERDOWN"),
    ("NOAUTH Authentication required.", "asks for a password"),
    ("ERR unknown command 'SET', with args beginning with: ", "has no command SET"),
  ]

  @Test(arguments: refusals, [Pace.auto, .full, .gentle])
  func aRefusalThatHoldsForAllStopsAtItsLineAndIsNotPassedOver(
    refusal: (error: String, stop: String), pace: Pace
  ) throws {
    let server = WarmServer()
    let journal = try MemoryFile.warmJournal()
    server.error = { [unowned server] words in
      words[0].text == "SET" && server.keys.count >= 120 ? refusal.error : nil
    }
    let seed = Self.strings(100) + "bad\n" + Self.strings(900, "l")
    let first = try server.warm(SeedBytes(seed), records: WarmRecords(journal: journal)) {
      ($0.batchSize, $0.pace) = (30, pace)
    }
    let counts = first.report.counts
    #expect(counts.written == 120 && counts.failed > 0 && counts.failed <= 150 && counts.unknown == 0)
    #expect(first.report.stopped?.hasPrefix("at line 122: ") == true, "\(first.report.stopped ?? "")")
    #expect(first.report.stopped?.contains(refusal.stop) == true)
    #expect(try journal.progress().line <= 121 && journal.progress().counts.failed == 0)

    server.error = { _ in nil }
    let again = try server.warm(SeedBytes(seed), records: WarmRecords(journal: journal)) {
      $0.earlier = try? journal.progress()
    }
    #expect(again.report.counts.written == 1_000 && again.report.counts.rejected == 1)
    #expect(again.report.counts.failed == 0 && server.keys.count == 1_000)
    #expect(try journal.progress().finishedAt != nil && journal.progress().counts == again.report.counts)
  }

  /// What the server has taken before it took no more counts as written, although its flight is sent once more.
  @Test(arguments: [WarmRequest.Policy.overwrite, .ifMissing])
  func aStateThatDoesNotPassTakesNothingBack(policy: WarmRequest.Policy) throws {
    let server = WarmServer()
    let context = RunContext(
      toolVersion: "1.0", startedAt: "2027-01-15T08:00:00Z", pause: { _ in },
      advise: ReportWording.advice)
    var isDown = false
    server.error = { [unowned server] words in
      isDown = isDown || server.keys.count == 32
      return words[0].text == "SET" && isDown ? "LOADING Redis is loading the dataset in memory" : nil
    }
    let outcome = try server.warm(SeedBytes(Self.strings(300)), context: context, patience: .milliseconds(50))
    {
      ($0.batchSize, $0.policy, $0.pace) = (20, policy, .full)
    }
    let counts = outcome.report.counts
    #expect(counts.written == 32 && server.keys.count == 32, "\(counts)")
    #expect(counts.failed % 20 == 8 && counts.unknown == 0, "\(counts)")
  }

  @Test func aRefusalOfOneKeyStopsNothing() throws {
    let server = WarmServer()
    server.error = { words in
      guard words.count > 1, words[1].starts(with: utf8("k7")) else { return nil }
      return "NOPERM this user has no permissions to access one of the keys used as arguments"
    }
    let seed = Self.strings(100) + Self.list("k7", 3) + Self.list("k70", 3_000) + Self.list("l", 3)
    for policy in [WarmRequest.Policy.overwrite, .ifMissing, .refreshBelow(0.5)] {
      server.keys = [:]
      let outcome = try server.warm(seed) { $0.policy = policy }
      #expect(outcome.stop == nil && outcome.report.counts.failed == 13, "\(policy)")
      #expect(outcome.report.counts.written == 90 && server.keys.count == 90)
      // What is left of a key that may not be looked at is a refusal of its own.
      let refusals = policy == .refreshBelow(0.5) ? 26 : 13
      #expect(outcome.report.failures?.line == 8 && outcome.report.failures?.count == refusals)
    }
  }

  @Test func aDumpOfANewerServerComesWithTheWayOut() throws {
    let server = WarmServer()
    server.error = { $0[0].text == "RESTORE" ? "ERR DUMP payload version or checksum are wrong" : nil }
    let dump = #"{"key":"d","type":"dump","value":"AAFhYwAutvt2Nfk66w=="}"# + "\n"
    let outcome = try server.warm(Self.strings(3) + dump)
    #expect(outcome.report.counts.failed == 1 && outcome.report.counts.written == 3)
    let warning = outcome.report.header.warnings.first { $0.contains("payload version") }
    #expect(warning?.contains("newer") == true && warning?.contains("--dump") == true, "\(warning ?? "")")
  }

  @Test(arguments: [1, 2, 3, 5]) func aCollectionWithoutOneOfItsPiecesIsNone(piece: Int) throws {
    let server = WarmServer()
    server.keys[utf8("big")] = WarmServer.Key(type: "SET", words: [utf8("old")])
    var count = 0
    server.error = { words in
      guard words[0].text == "RPUSH" else { return nil }
      count += 1
      return count == piece ? "OOM command not allowed when used memory > 'maxmemory'." : nil
    }
    let outcome = try server.warm(Self.list("big", 4_500) + Self.strings(3))
    #expect(outcome.report.counts.failed == 1 && outcome.stop != nil)
    #expect(server.keys == [utf8("big"): WarmServer.Key(type: "SET", words: [utf8("old")])])
  }

  @Test(arguments: ["EXEC", "RENAME", "PTTL", "SET", "RPUSH"]) func anAnswerWithoutSenseEndsTheRun(
    command: String
  ) throws {
    let server = WarmServer()
    var isArmed = false
    server.reply = { words in
      if words[0].text == "RPUSH" || words[0].text == "SET" { isArmed = true }
      return isArmed && words[0].text == command ? .array([]) : nil
    }
    let seed = command == "SET" ? Self.strings(1) : Self.list("big", 4_500)
    let outcome = try server.warm(seed)
    let counts = outcome.report.counts
    #expect(counts.written == 0 || command == "RPUSH", "\(outcome)")
    #expect(counts.records == 1)
    if counts.written == 0 { #expect(!outcome.report.header.isComplete) }
  }

  // MARK: - Breaks

  @Test(arguments: [0.0, 0.5, 1.0], [false, true])
  func aBreakAtAnyMomentLeavesNothingOutAndCountsWhatNobodyAnswered(carriedOut: Double, tags: Bool) throws {
    let tail = tags ? #","tags":["t"]}"# : "}"
    let seed =
      Self.strings(40) + "bad\n" + Self.list("small", 3) + Self.list("big", 2_500)
      + (0..<40).map { #"{"key":"m\#($0)","value":"v""# + tail + "\n" }.joined() + "{}\n" + Self.strings(10)
    let lines = 40 + 1 + 2 + 40 + 1 + 10
    let whole = WarmServer()
    let plain = try whole.warm(seed) { $0.batchSize = 7 }
    #expect(plain.report.counts.records == lines && plain.report.counts.rejected == 2)

    for call in 0..<whole.calls {
      let server = WarmServer()
      server.breaksAtCall = call
      server.carriedOut = carriedOut
      let journal = try MemoryFile.warmJournal()
      let rejects = MemoryFile("rejects")
      let records = WarmRecords(journal: journal, rejects: rejects)
      let broken = try? server.warm(SeedBytes(seed), records: records) { $0.batchSize = 7 }
      if let broken {
        #expect(broken.failure != nil && broken.report.counts.records <= lines, "\(call)")
        #expect(broken.report.counts.failed == 0, "\(call)")
      }
      let progress = try journal.progress()
      #expect(progress.counts.unknown == 0 && progress.counts.failed == 0 && progress.finishedAt == nil)
      #expect(rejects.lines.count >= progress.counts.rejected, "none is told of before it is written")
      let known = rejects.lines.prefix(progress.counts.rejected)
      let later = MemoryFile("rejects")
      for line in known { try later.append(line + [10]) }

      server.breaksAtCall = nil
      let rest = try server.warm(SeedBytes(seed), records: WarmRecords(journal: journal, rejects: later)) {
        ($0.earlier, $0.batchSize) = (progress, 11)
      }
      #expect(rest.report.counts == plain.report.counts, "\(call): \(rest.report.counts)")
      #expect(later.lines.count == 2, "\(call)")
      var left = server.keys
      for (key, value) in left where key.text.contains(":rediscache:") {
        #expect(value.ttl > 0, "what was begun goes away by itself")
        left[key] = nil
      }
      #expect(left.mapValues(\.type) == whole.keys.mapValues(\.type), "\(call)")
      for (key, value) in left where key != utf8("tag:t") { #expect(value == whole.keys[key], "\(call)") }
    }
  }

  @Test func aLookAtWhatWasWrittenGoesThroughLostConnections() throws {
    let seed = Self.strings(30)
    let whole = WarmServer()
    _ = try whole.warm(SeedBytes(seed))
    let written = whole.calls
    for call in written..<(written + 12) {
      let server = WarmServer()
      server.breaksAtCall = call
      let outcome = try server.warm(SeedBytes(seed), patience: .seconds(30)) { $0.verifies = true }
      #expect(outcome.failure == nil && outcome.report.header.isComplete, "\(call)")
      #expect(outcome.report.verification?.compared == 30, "\(call)")
      #expect(outcome.report.verification?.different == 0, "\(call)")
    }
  }

  // MARK: - Records

  @Test func aJournalThatCannotBeWrittenEndsTheRunAndIsNotWrittenOn() throws {
    for calls in 1..<6 {
      let server = WarmServer()
      let journal = MemoryFile(failsAfter: calls)
      try journal.append(JournalHeader(.warm, target: "x", choice: [], startedAt: "now").line)
      let outcome = try server.warm(SeedBytes(Self.strings(1_000)), records: WarmRecords(journal: journal)) {
        $0.batchSize = 10
      }
      guard case .cannotRecord = outcome.stop else {
        Issue.record("\(String(describing: outcome.stop))")
        continue
      }
      #expect(server.keys.count <= 10 * (calls + 4))
      #expect(try journal.progress().line == 10 * (calls - 1))
    }
  }

  @Test func rejectsAreWrittenBeforeTheJournalTellsOfThem() throws {
    let log = EventLog()
    let server = WarmServer()
    let journal = MemoryFile("journal", log: log)
    let rejects = MemoryFile("rejects", log: log)
    let seed = (0..<60).map { $0 % 3 == 0 ? "bad \($0)\n" : #"{"key":"k\#($0)","value":"v"}"# + "\n" }
      .joined()
    _ = try server.warm(SeedBytes("{}\n" + seed), records: WarmRecords(journal: journal, rejects: rejects)) {
      $0.batchSize = 4
    }
    var written = 0
    var told = 0
    var lines = journal.lines[...]
    for event in log.events {
      switch event {
      case .appended("rejects"): written += 1
      case .appended("journal"):
        let line = lines.removeFirst().text
        told +=
          line.split(separator: #""rejected":"#).dropFirst().first.flatMap { Int($0.prefix { $0.isNumber }) }
          ?? 0
        #expect(told <= written)
      default: continue
      }
    }
    #expect(written == 21 && told == 21)
  }

  @Test func theJournalIsReadAsItIsWritten() throws {
    let file = try MemoryFile.warmJournal()
    var counts = WarmCounts()
    (counts.written, counts.skipped, counts.rejected, counts.failed) = (3, 2, 1, 4)
    try file.append(WarmProgress.step(through: 10, counts))
    try file.append(WarmProgress.step(through: 27, counts))
    var progress = try file.progress()
    #expect(progress.line == 27 && progress.counts.records == 20 && progress.finishedAt == nil)
    try progress.read(Array(WarmProgress.finished(at: "then").dropLast()))
    #expect(progress.finishedAt == "then")
    for line in [
      #"{"line":"#, #"{"line":26,"written":0}"#, #"{"line":28,"written":2}"#, #"{"line":28,"written":-1}"#,
      #"{"line":40,"more":1}"#, "{}", #"{"line":9223372036854775807,"written":9223372036854775807}"#,
    ] {
      var copy = progress
      #expect(throws: JournalRefusal.unreadable(line: 5), "\(line)") { try copy.read(utf8(line)) }
    }
    #expect(throws: JournalRefusal.noJournal) { try WarmProgress(firstLine: utf8("{}")) }
  }

  // MARK: - Sources

  @Test func whatCannotBeReadEndsTheRunWithWhatCameBefore() throws {
    let server = WarmServer()
    let source = SeedBytes(Self.strings(300), piece: 1_000)
    source.failure = SeedSourceError("the disk is on fire")
    let outcome = try server.warm(source)
    #expect(outcome.stop == .unreadable("the disk is on fire") && outcome.report.counts.written == 300)
    let bad = try server.warm("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n*x\r\n")
    guard case .badSeed(let text) = bad.stop else {
      Issue.record("\(bad)")
      return
    }
    #expect(text.contains("line 2") && bad.report.counts.written == 1)
  }

  @Test func evictionsAreToldEvenOfAShortRun() throws {
    for stops in [false, true] {
      let server = WarmServer()
      server.error = { [unowned server] words in
        if words[0].text == "SET" { server.info[3] = "evicted_keys:\(server.keys.count)" }
        return nil
      }
      let outcome = try server.warm(Self.strings(100)) { $0.stopsOnEviction = stops }
      #expect(outcome.report.counts.written == 100)
      // The one that stops has seen the first flight's.
      let told = stops ? "evicted 49 keys" : "evicted 99 keys"
      #expect(outcome.report.header.warnings.contains { $0.contains(told) }, "\(outcome)")
      #expect((outcome.stop == .evicting(keys: 49)) == stops, "\(outcome)")
    }
  }
}
