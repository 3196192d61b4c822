import Testing

@testable import Operations
@testable import SeedFormat

/// Exporting from a server in memory whose keys are strings.
struct ExportOperationTests {
  private static func keys(_ count: Int, _ prefix: String = "app:") -> [FakeKey] {
    (0..<count).map { number in
      var key = FakeKey("\(prefix)\(number)", ttl: number % 2 == 0 ? -1 : Int64(1_500 + number))
      key.value = utf8("value \(number)")
      return key
    }
  }

  private static func export(
    _ server: FakeServer, context: RunContext = .test, limit: Int = .max,
    _ configure: (inout ExportRequest) -> Void
  ) throws -> (outcome: ExportOperation<FakeChannel>.Outcome, records: [SeedRecord]) {
    var request = ExportRequest()
    configure(&request)
    var lines: [[UInt8]] = []
    let outcome = try ExportOperation(request, of: server.target(), context: context).run { line in
      lines.append(line)
      return lines.count < limit
    }
    var reader = SeedReader(format: .jsonl)
    reader.feed(lines.flatMap { $0 })
    reader.finish()
    var records: [SeedRecord] = []
    while let item = reader.next() {
      guard case .record(let record, _) = item else {
        Issue.record("\(item)")
        break
      }
      records.append(record)
    }
    return (outcome, records)
  }

  @Test(arguments: [false, true], [Pace.auto, .full, .gentle])
  func everyKeyComesOnceWithItsValueAndItsTime(dumps: Bool, pace: Pace) throws {
    let server = FakeServer(Self.keys(700))
    let (outcome, records) = try Self.export(server) { ($0.dumps, $0.walk.pace) = (dumps, pace) }
    #expect(outcome.report.records == 700 && outcome.report.header.isComplete && outcome.failure == nil)
    let byKey = Dictionary(records.map { ($0.key, $0) }) { $1 }
    #expect(records.count == 700 && byKey.count == 700)
    for key in Self.keys(700) {
      let record = try #require(byKey[key.name])
      #expect(record.value == (dumps ? .dump(FakeServer.payload(of: key)) : .string(key.value)))
      let seconds = (key.ttl + 999) / 1000
      #expect(record.expiry == (key.ttl < 0 ? .never : .after(milliseconds: seconds * 1000)))
    }
    #expect(server.names.isSubset(of: FakeServer.harmless.union(["GET", "DUMP"])))
  }

  @Test func keysThatVanishOrAreForbiddenAreToldApart() throws {
    let server = FakeServer(Self.keys(300))
    server.faults.vanishing = { $0.name.text.hasSuffix("7") }
    server.faults.error = { name, key in
      name == "GET" && key.text.hasSuffix("3")
        ? "NOPERM this user has no permissions to access one of the keys" : nil
    }
    let (outcome, records) = try Self.export(server) { _ in }
    #expect(records.count == 240 && outcome.report.records == 240 && !outcome.report.header.isComplete)
    #expect(
      outcome.report.header.warnings.contains { $0.contains("30 keys not exported") && $0.contains("NOPERM") }
    )
  }

  @Test func aBreakAtAnyMomentIsToldAndNothingComesTwice() throws {
    let whole = FakeServer(Self.keys(120))
    _ = try Self.export(whole) { $0.walk.count = 20 }
    for call in 0..<whole.calls {
      let server = FakeServer(Self.keys(120))
      server.faults.breaksAtCall = call
      guard let (outcome, records) = try? Self.export(server, { $0.walk.count = 20 }) else { continue }
      #expect(outcome.failure?.kind == .closed && !outcome.report.header.isComplete, "\(call)")
      #expect(Set(records.map(\.key)).count == records.count && records.count == outcome.report.records)
    }
  }

  @Test func aSinkThatHasEnoughEndsIt() throws {
    let server = FakeServer(Self.keys(3_000))
    let (outcome, records) = try Self.export(server, limit: 10) { $0.walk.count = 50 }
    #expect(records.count == 10 && !outcome.report.header.isComplete)
    #expect(server.count("GET") < 500)
  }

  @Test func theHottestComeFirst() throws {
    var keys = Self.keys(500)
    for index in keys.indices { keys[index].idle = (index * 37) % 500 }
    let server = FakeServer(keys)
    let (outcome, records) = try Self.export(server) { $0.hottest = 20 }
    #expect(outcome.report.records == 20 && outcome.report.header.isComplete)
    let expected = keys.sorted { $0.idle < $1.idle }.prefix(20).map(\.name)
    #expect(records.map(\.key) == expected)
    #expect(server.count("GET") == 20)
  }

  @Test func whatServersAnswerWithoutSenseIsNoValue() throws {
    let replies: [FakeReply] = [.integer(7), .array([]), .status("OK"), .array([.bulk([1]), .null])]
    for reply in replies {
      let server = FakeServer(Self.keys(10))
      server.faults.reply = { $0[0].text == "GET" && $0[1].text == "app:3" ? reply : nil }
      let (outcome, records) = try Self.export(server) { _ in }
      #expect(records.count == 9 && !outcome.report.header.isComplete, "\(reply)")
    }
  }
}
