import Foundation
import RedisClient
import Testing

@testable import Operations
@testable import SeedFormat

/// How collections are read: what natural form loses, what changes meanwhile, and what never ends.
struct ExportValueTests {
  private typealias Outcome = ExportOperation<FakeChannel>.Outcome

  /// A server with keys of one type, about whose values a test answers.
  private static func server(
    _ names: [String], type: String, _ answer: @escaping ([String]) -> FakeReply?
  ) -> FakeServer {
    let server = FakeServer(names.map { FakeKey($0, type: type) })
    server.faults.reply = { arguments in
      let words = arguments.map(\.text)
      if let reply = answer(words) { return reply }
      return words[0] == "GET"
        ? .error("WRONGTYPE Operation against a key holding the wrong kind of value") : nil
    }
    return server
  }

  private static func export(
    _ server: FakeServer, context: RunContext = .test, _ configure: (inout ExportRequest) -> Void = { _ in }
  ) throws -> (outcome: Outcome, records: [String: SeedRecord]) {
    var request = ExportRequest()
    configure(&request)
    var lines: [UInt8] = []
    let outcome = try ExportOperation(request, of: server.target(), context: context).run { line in
      lines += line
      return true
    }
    var reader = SeedReader(format: .jsonl)
    reader.feed(lines)
    reader.finish()
    var records: [String: SeedRecord] = [:]
    while case .record(let record, _)? = reader.next() {
      #expect(records.updateValue(record, forKey: record.key.text) == nil, "\(record.key.text) came twice")
    }
    return (outcome, records)
  }

  private static func bulks(_ texts: [String]) -> FakeReply { .array(texts.map { .bulk(utf8($0)) }) }

  private static func page(_ cursor: String, _ texts: [String]) -> FakeReply {
    .array([.bulk(utf8(cursor)), bulks(texts)])
  }

  private static func fields(_ range: Range<Int>) -> [String] { range.flatMap { ["f\($0)", "v\($0)"] } }

  // MARK: - What natural form loses

  private static let hashes = (0..<40).map { "h:\($0)" }

  /// Hashes of two fields; those of some keys have a field that expires.
  private static func hashServer(
    expiring: Set<String>, _ more: @escaping ([String]) -> FakeReply? = { _ in nil }
  )
    -> FakeServer
  {
    server(hashes, type: "hash") { words in
      if let reply = more(words) { return reply }
      switch words[0] {
      case "HSCAN": return page("0", fields(0..<2))
      case "HLEN": return .integer(2)
      case "HPTTL": return .array([.integer(-1), .integer(expiring.contains(words[1]) ? 1_500 : -1)])
      default: return nil
      }
    }
  }

  @Test func hashesWhoseFieldsExpireBecomeDumps() throws {
    let server = Self.hashServer(expiring: ["h:3", "h:17"])
    let (outcome, records) = try Self.export(server)
    #expect(records.count == 40 && outcome.report.header.isComplete)
    for (name, record) in records {
      let isDump = if case .dump = record.value { true } else { false }
      #expect(isDump == ["h:3", "h:17"].contains(name), "\(name)")
    }
    #expect(outcome.report.dumped == ["field_ttls": 2])
  }

  @Test func aFieldThatExpiresBeforeItIsAskedAboutIsNoneThatLivesForEver() throws {
    let server = Self.hashServer(expiring: []) {
      $0[0] == "HPTTL" ? .array([.integer(-1), .integer(-2)]) : nil
    }
    let (outcome, records) = try Self.export(server)
    #expect(records.values.allSatisfy { if case .dump = $0.value { true } else { false } })
    #expect(records.count == 40 && outcome.report.dumped == ["field_ttls": 40])
  }

  @Test func aServerThatKnowsNoTTLsOfFieldsIsAskedOnce() throws {
    let server = Self.hashServer(expiring: []) { words in
      words[0] == "HPTTL" ? .error("ERR unknown command 'HPTTL', with args beginning with: ") : nil
    }
    let (outcome, records) = try Self.export(server) { $0.walk.count = 1 }
    #expect(records.count == 40 && outcome.report.dumped.isEmpty && outcome.report.header.isComplete)
    #expect(server.count("HPTTL") <= 2)
  }

  @Test func whereNoDumpIsAllowedTheKeyIsNamedAndNotWritten() throws {
    let server = Self.hashServer(expiring: ["h:3"]) { words in
      words[0] == "DUMP" ? .error("NOPERM this user has no permissions to run the 'dump' command") : nil
    }
    let (outcome, records) = try Self.export(server)
    #expect(records.count == 39 && records["h:3"] == nil && !outcome.report.header.isComplete)
    let unread = try #require(outcome.report.unread.first)
    #expect(
      unread.key == utf8("h:3") && unread.reason.contains("fields expire") && unread.reason.contains("NOPERM")
    )
  }

  @Test func aStreamWhoseStateCannotBeAskedForBecomesADump() throws {
    let server = Self.server(["s"], type: "stream") { words in
      switch words[0] {
      case "XRANGE": .array([.array([.bulk(utf8("5-1")), Self.bulks(["f", "v"])])])
      case "XINFO": .error("NOPERM this user has no permissions to run the 'xinfo|stream' command")
      default: nil
      }
    }
    let (outcome, records) = try Self.export(server)
    #expect(outcome.report.dumped == ["unknown": 1] && outcome.report.header.isComplete)
    #expect(records["s"]?.value == .dump(FakeServer.payload(of: FakeKey("s"))))
  }

  // MARK: - What changes meanwhile

  @Test func aCollectionThatGoesAfterItsFirstPageIsGone() throws {
    for (type, first, later) in [
      ("hash", Self.page("5", Self.fields(0..<1_000)), Self.page("0", [])),
      ("list", Self.bulks((0..<1_000).map { "e\($0)" }), Self.bulks([])),
    ] {
      var pages = 0
      let server = Self.server(["k"], type: type) { words in
        switch words[0] {
        case "HSCAN", "LRANGE":
          pages += 1
          return pages < 3 ? first : later
        case "HLEN", "LLEN": return .integer(pages < 2 ? 3_000 : 0)
        case "HPTTL": return .error("ERR unknown command 'HPTTL'")
        default: return nil
        }
      }
      let (outcome, records) = try Self.export(server)
      #expect(records.isEmpty && outcome.report.gone == 1 && outcome.report.header.isComplete, "\(type)")
    }
  }

  @Test func pagesOfTwoValuesAreReadOnceMoreAsAWhole() throws {
    let whole = (0..<2_000).map { "m\($0)" }
    let server = Self.server(["s"], type: "set") { words in
      switch words[0] {
      // Half of the set was replaced while it was read.
      case "SSCAN": words[2] == "0" ? Self.page("9", Array(whole[..<1_000])) : Self.page("0", [])
      case "SCARD": .integer(2_000)
      case "SMEMBERS": Self.bulks(whole)
      default: nil
      }
    }
    let (outcome, records) = try Self.export(server)
    #expect(records["s"]?.value == .set(whole.map(utf8)) && outcome.report.header.isComplete)
  }

  @Test func whatChangesEveryTimeItIsReadBecomesADump() throws {
    let long = String(repeating: "x", count: 9_000)
    let server = Self.server(["l"], type: "list") { words in
      switch words[0] {
      case "LLEN": return .integer(3_000)
      case "LRANGE":
        let (start, end) = (Int(words[2]) ?? 0, Int(words[3]) ?? 0)
        // One place further with every question, as in a list that rotates.
        let shift = start / 900
        return Self.bulks((start...min(end, 2_999)).map { "\(($0 + shift) % 3_000) \(long)" })
      default: return nil
      }
    }
    let (outcome, records) = try Self.export(server)
    #expect(outcome.report.dumped == ["changing": 1] && outcome.report.header.isComplete)
    #expect(records["l"]?.value == .dump(FakeServer.payload(of: FakeKey("l"))))
    #expect(server.log.filter { $0.name == "LRANGE" }.count < 20)
  }

  // MARK: - What never ends

  private static func endless(_ fields: [String]) -> FakeServer {
    server(["h"], type: "hash") { words in
      switch words[0] {
      case "HSCAN": page("7", fields)
      case "HLEN": .integer(50)
      default: nil
      }
    }
  }

  @Test(arguments: [[], ["f", "v"]]) func aCursorThatNeverEndsIsGivenUp(_ fields: [String]) throws {
    let (outcome, records) = try Self.export(Self.endless(fields))
    #expect(records.isEmpty && outcome.report.notExported == 1 && !outcome.report.header.isComplete)
    #expect(outcome.report.unread.first?.reason.contains("never ends") == true)
  }

  @Test func aStopIsHeededBetweenTwoPieces() throws {
    let server = Self.endless([])
    var context = RunContext.test
    nonisolated(unsafe) let watched = server
    context.shouldStop = { watched.count("HSCAN") >= 20 }
    let (outcome, records) = try Self.export(server, context: context)
    #expect(records.isEmpty && outcome.failure?.kind == .interrupted && !outcome.report.header.isComplete)
    #expect(server.count("HSCAN") == 20)
  }

  @Test func theWorkForAPieceDoesNotGrowWithWhatWasRead() throws {
    func seconds(_ pieces: Int) throws -> Double {
      let server = Self.server(["h"], type: "hash") { words in
        switch words[0] {
        case "HSCAN":
          let page = words[2] == "0" ? 0 : Int(words[2]) ?? 0
          return Self.page(page + 1 < pieces ? "\(page + 1)" : "0", Self.fields(50 * page..<50 * page + 50))
        case "HLEN": return .integer(Int64(50 * pieces))
        case "HPTTL": return .error("ERR unknown command 'HPTTL'")
        default: return nil
        }
      }
      let before = ThreadClock.seconds
      let (outcome, records) = try Self.export(server)
      let taken = ThreadClock.seconds - before
      guard case .hash(let fields)? = records["h"]?.value else {
        Issue.record("\(outcome)")
        return taken
      }
      #expect(fields.count == 50 * pieces)
      return taken
    }
    _ = try seconds(20)
    // Eight times the pieces: linear is 8, and where each piece copies what came before it is nearer 64.
    let (short, long) = (try seconds(200), try seconds(1_600))
    #expect(long < 24 * short, "\(short) s, \(long) s")
  }
}

/// The time that this thread has computed, which other work on the machine does not lengthen.
private enum ThreadClock {
  static var seconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
