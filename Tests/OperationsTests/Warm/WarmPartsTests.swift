import RedisClient
import Testing

@testable import Operations
@testable import SeedFormat

/// The parts of a warming, each by itself.
struct WarmPartsTests {
  private static func request(_ configure: (inout WarmRequest) -> Void) -> WarmRequest {
    var request = WarmRequest()
    configure(&request)
    return request
  }

  private static func record(_ key: String, _ expiry: SeedExpiry = .unstated, tags: [String] = [])
    -> SeedRecord
  {
    SeedRecord(key: utf8(key), value: .string(utf8("v")), expiry: expiry, tags: tags.map(utf8))
  }

  // MARK: - Expiry

  @Test func theRecordDecidesBeforeTheDefault() {
    let plain = SeedExpiryRule(WarmRequest())
    let rule = SeedExpiryRule(Self.request { $0.defaultTTL = 5_000 })
    let stale = SeedExpiryRule(Self.request { ($0.defaultTTL, $0.envelope) = (5_000, 700) })
    let rows: [(SeedExpiry, KeyLifetime, KeyLifetime, KeyLifetime)] = [
      (.unstated, .forever, .after(5_000), .after(5_700)), (.never, .forever, .forever, .forever),
      (.after(milliseconds: 9), .after(9), .after(9), .after(709)),
      (.at(milliseconds: 1_001), .after(1), .after(1), .after(701)),
      (.at(milliseconds: 1_000), .over, .over, .over), (.at(milliseconds: 5), .over, .over, .over),
    ]
    for (expiry, first, second, third) in rows {
      let record = Self.record("k", expiry)
      #expect(plain.lifetime(of: record, now: 1_000) == first, "\(expiry)")
      #expect(rule.lifetime(of: record, now: 1_000) == second, "\(expiry)")
      #expect(stale.lifetime(of: record, now: 1_000) == third, "\(expiry)")
    }
    let longest = Self.record("k", .after(milliseconds: .max))
    #expect(stale.lifetime(of: longest, now: 0) == .after(.max), "nothing overflows")
  }

  @Test(arguments: [0.001, 0.1, 0.5, 1.0]) func jitterIsSymmetricBoundedAndTheSameAgain(jitter: Double) {
    let rule = SeedExpiryRule(Self.request { ($0.defaultTTL, $0.jitter) = (1_000_000, jitter) })
    let times = (0..<4_000).map { number -> Double in
      guard case .after(let time) = rule.lifetime(of: Self.record("key:\(number)"), now: 0) else { return 0 }
      #expect(rule.lifetime(of: Self.record("key:\(number)"), now: 777) == .after(time))
      return Double(time)
    }
    let bounds = 1_000_000 * (1 - jitter) - 1...1_000_000 * (1 + jitter) + 1
    #expect(times.allSatisfy { bounds.contains($0) && $0 >= 1 })
    let mean = times.reduce(0, +) / 4_000
    #expect(abs(mean - 1_000_000) < 1_000_000 * jitter * 0.05)
    #expect(times.count { $0 < 1_000_000 } > 1_800 && times.count { $0 > 1_000_000 } > 1_800)
  }

  // MARK: - Tags

  private static func commands(
    _ writer: inout TagWriter, _ names: [String], _ lifetime: KeyLifetime, inTransaction: Bool = false
  ) -> [String] {
    var buffer = CommandBuffer()
    let count = writer.append(
      utf8("k"), names.map(utf8), lifetime, inTransaction: inTransaction, to: &buffer)
    #expect(count == buffer.count)
    return buffer.commands.map { $0.map(\.text).joined(separator: " ") }
  }

  @Test func laravelsTagsAreSortedSets() throws {
    let key = utf8("shop_user:1")
    var writer = TagWriter(try #require(TagKey("shop_tag:{tag}:entries")))
    let name = utf8("shop_tag:a:entries")
    for (lifetime, score) in [(KeyLifetime.after(5_500), "12"), (.forever, "-1")] {
      var buffer = CommandBuffer()
      let count = writer.append(key, [name], lifetime, now: 7_000, inTransaction: true, to: &buffer)
      #expect(count == 1)
      #expect(buffer.commands.map { $0.map(\.text) } == [["ZADD", name.text, score, "user:1"]])
    }
    #expect(writer.cannotName(utf8("other:1"), in: [name]) && !writer.cannotName(key, in: [name]))
    // A tag that is one already stays one, whatever the template says.
    var plain = TagWriter(.standard)
    plain.learn([utf8("tag:a")], [-1], sorted: [utf8("tag:a")])
    #expect(Self.commands(&plain, ["tag:a"], .forever) == ["ZADD tag:a -1 k"])
    #expect(Self.commands(&plain, ["tag:b"], .forever) == ["SADD tag:b k"])
  }

  @Test func aTagLivesTwiceAsLongAsItsKeysAndIsNeverCut() {
    var writer = TagWriter(.standard)
    writer.learn([utf8("long"), utf8("ever"), utf8("short")], [9_000, -1, 100])
    #expect(Self.commands(&writer, ["new"], .after(50)) == ["SADD new k", "PEXPIRE new 100"])
    #expect(Self.commands(&writer, ["new"], .after(50)) == ["SADD new k"])
    #expect(Self.commands(&writer, ["new"], .after(51)) == ["SADD new k", "PEXPIRE new 102"])
    #expect(Self.commands(&writer, ["long"], .after(4_500)) == ["SADD long k"])
    #expect(Self.commands(&writer, ["long"], .after(4_501)) == ["SADD long k", "PEXPIRE long 9002"])
    #expect(Self.commands(&writer, ["ever"], .after(5)) == ["SADD ever k"])
    #expect(
      Self.commands(&writer, ["short", "ever"], .forever) == ["SADD short k", "PERSIST short", "SADD ever k"])
    #expect(Self.commands(&writer, ["short"], .after(5_000)) == ["SADD short k"])
    #expect(Self.commands(&writer, ["x"], .forever) == ["SADD x k"])
    #expect(Self.commands(&writer, ["x"], .after(5)) == ["SADD x k"])
    #expect(Self.commands(&writer, ["y"], .after(.max)) == ["SADD y k", "PEXPIRE y \(Int64.max)"])
  }

  @Test func aNewTagGetsItsMembersAndItsEndInOneStep() {
    var writer = TagWriter(.standard)
    writer.learn([utf8("old"), utf8("new")], [100, -2])
    func commands(_ name: String, _ lifetime: KeyLifetime) -> [String] {
      Self.commands(&writer, [name], lifetime, inTransaction: true)
    }
    #expect(commands("new", .after(50)) == ["MULTI", "SADD new k", "PEXPIRE new 100", "EXEC"])
    #expect(commands("new", .after(60)) == ["SADD new k", "PEXPIRE new 120"])
    #expect(commands("old", .after(90)) == ["SADD old k", "PEXPIRE old 180"])
    #expect(commands("lasting", .forever) == ["SADD lasting k"])
  }

  // MARK: - Commands

  private static func commands(
    _ value: SeedValue, _ policy: WarmRequest.Policy, _ lifetime: KeyLifetime, cluster: Bool = false,
    key: String = "k"
  ) -> (commands: [String], write: RecordWrite) {
    var encoder = RecordEncoder(policy, run: "r", isCluster: cluster)
    var buffer = CommandBuffer()
    let record = SeedRecord(key: utf8(key), value: value)
    let write = encoder.append(record, lifetime, at: SeedPosition(line: 1, offset: 0), to: &buffer)
    #expect(write.replies == buffer.count)
    return (buffer.commands.map { $0.map(\.text).joined(separator: " ") }, write)
  }

  @Test func smallValuesAreOneStep() {
    let list = SeedValue.list([utf8("a"), utf8("b")])
    let rows: [(SeedValue, WarmRequest.Policy, KeyLifetime, [String])] = [
      (.string(utf8("v")), .overwrite, .forever, ["SET k v"]),
      (.string(utf8("v")), .overwrite, .after(5), ["SET k v PX 5"]),
      (.string(utf8("v")), .ifMissing, .after(5), ["SET k v PX 5 NX"]),
      (.string(utf8("v")), .ifMissing, .forever, ["SET k v NX"]),
      (.dump(utf8("d")), .overwrite, .after(5), ["RESTORE k 5 d REPLACE"]),
      (.dump(utf8("d")), .ifMissing, .forever, ["RESTORE k 0 d"]),
      (list, .overwrite, .forever, ["MULTI", "UNLINK k", "RPUSH k a b", "EXEC"]),
      (list, .refreshBelow(0.5), .after(5), ["MULTI", "UNLINK k", "RPUSH k a b", "PEXPIRE k 5", "EXEC"]),
      (
        list, .ifMissing, .after(5),
        [
          "MULTI", "RPUSH k:rediscache:r:1 a b", "PEXPIRE k:rediscache:r:1 5", "RENAMENX k:rediscache:r:1 k",
          "UNLINK k:rediscache:r:1", "EXEC",
        ]
      ),
      (
        .stream([SeedEntry(id: utf8("1-1"), fields: []), SeedEntry(id: utf8("1-2"), fields: [])]), .overwrite,
        .forever,
        ["MULTI", "UNLINK k", "XADD k 1-1", "XADD k 1-2", "EXEC"]
      ),
    ]
    for (value, policy, lifetime, expected) in rows {
      let (commands, write) = Self.commands(value, policy, lifetime)
      #expect(commands == expected && write.move == nil)
    }
  }

  @Test func largeOnesComeInPiecesAndMoveAtTheEnd() throws {
    let elements = (0..<2_300).map { utf8("e\($0)") }
    for policy in [WarmRequest.Policy.overwrite, .ifMissing] {
      let (commands, write) = Self.commands(.set(elements), policy, .after(77))
      let name = "k:rediscache:r:1"
      #expect(commands.first == "MULTI" && commands[2] == "PEXPIRE \(name) 3600000" && commands[3] == "EXEC")
      #expect(commands.last == "PTTL \(name)")
      let pieces = commands.filter { $0.hasPrefix("SADD \(name) ") }
      #expect(pieces.flatMap { $0.split(separator: " ").dropFirst(2) } == elements.map { Substring($0.text) })
      #expect(pieces.allSatisfy { $0.split(separator: " ").count <= 1_002 } && pieces.count == 3)
      let move = try #require(write.move)
      #expect(
        move.whenWhole.map { $0.map(\.text).joined(separator: " ") }.prefix(4) == [
          "MULTI", "PEXPIRE \(name) 77", "\(policy == .ifMissing ? "RENAMENX" : "RENAME") \(name) k", "EXEC",
        ])
      #expect(move.otherwise == [[utf8("UNLINK"), utf8(name)]])
    }
    let (_, forever) = Self.commands(.list(elements), .overwrite, .forever)
    #expect(forever.move?.whenWhole[1] == [utf8("PERSIST"), utf8("k:rediscache:r:1")])
    // Few elements of many bytes are many pieces as well.
    let heavy = (0..<5).map { _ in [UInt8](repeating: 65, count: 900_000) }
    #expect(Self.commands(.list(heavy), .overwrite, .forever).write.form == .pieces)
  }

  @Test func temporaryNamesBeginAsTheKeyDoesAndShareItsSlot() {
    let keys = ["app:1", "a{b}c", "{b}", "x{y", "{}a", "a}", "", "a{}{b}", "a}{b}", "}{", "é", "{"]
    for key in keys {
      for number in [3, 4_711] {
        let plain = TemporaryName.beside(utf8(key), run: "r", number: number, isCluster: false)
        #expect(plain == utf8("\(key):rediscache:r:\(number)"))
        let name = TemporaryName.beside(utf8(key), run: "r", number: number, isCluster: true)
        #expect(name.starts(with: plain), "\(key)")
        #expect(HashSlot(key: name.span) == HashSlot(key: utf8(key).span), "\(key): \(name.text)")
      }
    }
  }

  // MARK: - Envelopes, rejects, comparison

  @Test func anEnvelopeHoldsTextAndJSON() {
    #expect(
      SeedEnvelope.wrap(utf8("say \"hi\""), isJSON: false, now: 5, freshFor: 10)?.text
        == #"{"value":"say \"hi\"","cachedAt":5,"expiresAt":15}"#)
    #expect(
      SeedEnvelope.wrap(utf8(#"{"a":[1]}"#), isJSON: true, now: 5, freshFor: nil)?.text
        == #"{"value":{"a":[1]},"cachedAt":5,"expiresAt":null}"#)
    #expect(SeedEnvelope.wrap([0xFF], isJSON: false, now: 5, freshFor: 1) == nil)
  }

  @Test func aRejectIsWrittenAsItStood() {
    let position = SeedPosition(line: 3, offset: 99)
    let text = SeedRejection(position: position, column: 7, reason: "why \"so\"", bytes: utf8("{\"a\":\n"))
    #expect(
      RejectLine.line(text).text == #"{"line":3,"column":7,"reason":"why \"so\"","record":"{\"a\":\n"}"#
        + "\n")
    let binary = SeedRejection(position: position, column: 1, reason: "r", bytes: [0xFF, 0x41])
    #expect(
      RejectLine.line(binary).text
        == #"{"line":3,"column":1,"reason":"r","record":"/0E=","encoding":"base64"}"# + "\n")
    #expect(RejectLine.line(binary).starts(with: RejectLine.beginning.utf8))
  }

  @Test func valuesAreComparedAsRedisHoldsThem() {
    let field = { (name: String, value: String) in SeedField(field: utf8(name), value: utf8(value)) }
    let member = { (name: String, score: String) in SeedMember(member: utf8(name), score: utf8(score)) }
    let entry = { (id: String, fields: [SeedField]) in SeedEntry(id: utf8(id), fields: fields) }
    let same: [(SeedValue, SeedValue)] = [
      (
        .hash([field("a", "1"), field("b", "2")]), .hash([field("b", "2"), field("a", "0"), field("a", "1")])
      ),
      (.set([utf8("a"), utf8("b"), utf8("a")]), .set([utf8("b"), utf8("a")])),
      (
        .sortedSet([member("a", "1.0"), member("b", "inf")]),
        .sortedSet([member("b", "+INF"), member("a", "1e0")])
      ),
      (.stream([entry("17", [field("a", "b")])]), .stream([entry("17-0", [field("a", "b")])])),
      (.stream([entry("007-1", [])]), .stream([entry("7-1", [])])),
      // Tables in another order, another checksum.
      (
        .dump([2, 1, 2, 3] + [UInt8](repeating: 7, count: 10)),
        .dump([2, 3, 1, 2] + [UInt8](repeating: 8, count: 10))
      ),
    ]
    for (left, right) in same {
      #expect(left.compared(with: right) == .same && right.compared(with: left) == .same, "\(left)")
    }
    let tail = [UInt8](repeating: 7, count: 10)
    let different: [(SeedValue, SeedValue)] = [
      (.list([utf8("a"), utf8("b")]), .list([utf8("b"), utf8("a")])),
      (.string(utf8("1")), .string(utf8("1.0"))),
      (.hash([field("a", "1")]), .hash([field("a", "2")])), (.set([utf8("a")]), .list([utf8("a")])),
      (.sortedSet([member("a", "1")]), .sortedSet([member("a", "1.0000001")])),
      (.stream([entry("17-1", [])]), .stream([entry("17", [])])),
      (.dump([0, 1, 2] + tail), .dump([0, 2, 1] + tail)), (.dump([2, 1] + tail), .dump([4, 1] + tail)),
      (.dump([2, 1, 2] + tail), .dump([2, 1, 3] + tail)),
      (.dump([18, 1, 2] + tail), .dump([18, 2, 1] + tail)),
    ]
    for (left, right) in different {
      #expect(left.compared(with: right) == .different && right.compared(with: left) == .different, "\(left)")
    }
    // Another encoding of the same type, modules, and what is newer than this program.
    let unknown: [(SeedValue, SeedValue)] = [
      (.dump([4, 1] + tail), .dump([16, 9, 9] + tail)), (.dump([7, 1] + tail), .dump([7, 2] + tail)),
      (.dump([200, 1] + tail), .dump([200, 2] + tail)),
    ]
    for (left, right) in unknown {
      #expect(left.compared(with: right) == .unknown && left.compared(with: left) == .same, "\(left)")
    }
  }

  @Test func theSampleKeepsTheLastOfAKeyAndForgetsWhatWasNotWritten() throws {
    var sample = WarmSample()
    for number in 0..<1_000 { _ = sample.offer(Self.record("k\(number)")) }
    #expect(sample.records.count == 100)
    #expect(zip(sample.records, sample.records.dropFirst()).allSatisfy { $0.hash < $1.hash })
    var chosen = try #require(sample.records.first?.record)
    chosen.value = .string(utf8("later"))
    let offered = sample.offer(chosen)
    let hash = try #require(offered)
    #expect(sample.records.count == 100 && sample.records.first?.record == chosen)
    let large = SeedRecord(key: chosen.key, value: .string([UInt8](repeating: 0, count: 100_000)))
    var replaced = sample
    #expect(
      replaced.offer(large) == nil && replaced.records.count == 99, "what it held is not there any more")
    sample.remove(hash)
    #expect(sample.records.count == 99 && sample.records.first?.hash != hash)
    #expect(sample.offer(large) == nil)
    #expect(sample.tooLarge == 1)
  }
}
