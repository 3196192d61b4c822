import TestSupport
import Testing

@testable import Bytes
@testable import SeedFormat

@Suite struct SeedWriterTests {
  static let written: [(SeedRecord, String)] = [
    (SeedRecord("k", .text("v")), #"{"key":"k","type":"string","value":"v"}"#),
    (
      SeedRecord("k", .text("v"), .after(milliseconds: 60_000), tags: ["a", "b"]),
      #"{"key":"k","type":"string","value":"v","ttl":60,"tags":["a","b"]}"#
    ),
    (
      SeedRecord("é\"\\\n\r\t\u{1}\u{7F}😀", .text("")),
      #"{"key":"é\"\\\n\r\t\u0001\u007f😀","type":"string","value":""}"#
    ),
    (
      SeedRecord("k", .texts(hash: ["a": "1", "b": "2"]), .never),
      #"{"key":"k","type":"hash","value":{"a":"1","b":"2"},"ttl":-1}"#
    ),
    (
      SeedRecord("k", .texts(hash: ["a": "1", "a": "2"])),
      #"{"key":"k","type":"hash","value":[["a","1"],["a","2"]]}"#
    ),
    (SeedRecord("k", .texts(list: "a", "b")), #"{"key":"k","type":"list","value":["a","b"]}"#),
    (
      SeedRecord("k", .text("v"), .never, tags: ["a"], database: 3),
      #"{"key":"k","type":"string","value":"v","ttl":-1,"db":3,"tags":["a"]}"#
    ),
    (SeedRecord("k", .texts(set: "a")), #"{"key":"k","type":"set","value":["a"]}"#),
    (
      SeedRecord("k", .texts(sortedSet: ["a": "1.5", "b": "inf", "c": "-inf", "d": "1e+20", "e": "+1"])),
      #"{"key":"k","type":"zset","value":[["a",1.5],["b","inf"],["c","-inf"],["d",1e+20],["e","+1"]]}"#
    ),
    (
      SeedRecord("k", .texts(stream: ["1-0": ["f": "v"], "2-0": ["f": "v", "f": "w"]])),
      #"{"key":"k","type":"stream","value":[["1-0",{"f":"v"}],["2-0",[["f","v"],["f","w"]]]]}"#
    ),
    (
      SeedRecord("k", .dump([0, 255]), .at(milliseconds: 1_700_000_000_123)),
      #"{"key":"k","type":"dump","value":"AP8=","expires_at":1700000000123}"#
    ),
    (
      SeedRecord(key: [255], value: .dump([0])),
      #"{"key":"/w==","type":"dump","value":"AA==","encoding":"base64"}"#
    ),
    (
      SeedRecord("k", .hash([SeedField(field: [255], value: [])]), .never, tags: ["t"]),
      #"{"key":"aw==","type":"hash","value":{"/w==":""},"encoding":"base64","ttl":-1,"tags":["dA=="]}"#
    ),
    (
      SeedRecord(key: [97], value: .text("v"), tags: [[0x80]]),
      #"{"key":"YQ==","type":"string","value":"dg==","encoding":"base64","tags":["gA=="]}"#
    ),
    (
      SeedRecord(
        "k", .stream([SeedEntry(id: Array("1-0".utf8), fields: [SeedField(field: [255], value: [])])])),
      #"{"key":"aw==","type":"stream","value":[["1-0",{"/w==":""}]],"encoding":"base64"}"#
    ),
  ]

  @Test(arguments: written) func writesOneLineThatReadsBack(record: SeedRecord, line: String) {
    var bytes: [UInt8] = []
    SeedWriter.append(record, to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == line + "\n")
    #expect(SeedDraining.items(bytes).map(\.record) == [record])
  }

  @Test(
    arguments: [(1, 1), (999, 1), (1000, 1), (1001, 2), (59_500, 60), (0, 1), (-5000, 1)] as [(Int64, Int64)])
  func roundsTimesToLiveUp(milliseconds: Int64, seconds: Int64) {
    var bytes: [UInt8] = []
    SeedWriter.append(SeedRecord("k", .text("v"), .after(milliseconds: milliseconds)), to: &bytes)
    #expect(SeedDraining.items(bytes).first?.record?.expiry == .after(milliseconds: seconds * 1000))
  }

  @Test func randomRecordsSurvive() {
    var random = SeededGenerator(seed: 99)
    for _ in 0..<200 {
      let records = (0..<20).map { _ in SeedWriterTests.record(&random) }
      var bytes: [UInt8] = []
      for record in records { SeedWriter.append(record, to: &bytes) }
      let items = SeedDraining.items(bytes, chunk: Int.random(in: 1...400, using: &random))
      #expect(items.map(\.record) == records)
    }
  }

  @Test func base64IsThatOfRFC4648() {
    let pairs = [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
      ("foobar", "Zm9vYmFy"),
    ]
    for (plain, text) in pairs {
      var bytes: [UInt8] = []
      Base64.append(Array(plain.utf8), to: &bytes)
      #expect(bytes == Array(text.utf8))
      #expect(bytes.lend(Base64.decode) == Array(plain.utf8))
    }
    for text in [
      "Z", "Zg", "Zg=", "Zh==", "Zm9=", "Zg==Zg==", "====", "Z===", "Zm9v\n", "Zm-_", "=AAA", "A=AA", "AA=A",
    ] {
      #expect(Array(text.utf8).lend(Base64.decode) == nil, "\(text)")
    }
  }

  private static func record(_ random: inout SeededGenerator) -> SeedRecord {
    let isBinary = Bool.random(using: &random)
    func string(_ random: inout SeededGenerator) -> [UInt8] {
      let length = Int.random(in: 0...30, using: &random)
      if isBinary { return (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) } }
      let letters = Array("ab\"\\/\n\u{0}\u{1F}\u{7F}é€😀{}[]:,".unicodeScalars)
      var text = ""
      for _ in 0..<length { text.unicodeScalars.append(letters.randomElement(using: &random) ?? "a") }
      return Array(text.utf8)
    }
    func several<Element>(_ random: inout SeededGenerator, _ make: (inout SeededGenerator) -> Element)
      -> [Element]
    {
      (0..<Int.random(in: 1...12, using: &random)).map { _ in make(&random) }
    }
    func fields(_ random: inout SeededGenerator) -> [SeedField] {
      several(&random) { SeedField(field: string(&$0), value: string(&$0)) }
    }
    let scores = ["1", "-1.5", "inf", "-inf", "1e300", "0", "12345678901234567890", "+7", ".5"].map {
      Array($0.utf8)
    }
    let value: SeedValue =
      switch Int.random(in: 0..<7, using: &random) {
      case 0: .string(string(&random))
      case 1: .hash(fields(&random))
      case 2: .list(several(&random) { string(&$0) })
      case 3: .set(several(&random) { string(&$0) })
      case 4:
        .sortedSet(
          several(&random) { SeedMember(member: string(&$0), score: scores.randomElement(using: &$0) ?? []) })
      case 5:
        .stream(
          (1...Int.random(in: 1...5, using: &random)).map {
            SeedEntry(id: Array("\($0)-7".utf8), fields: fields(&random))
          })
      default: .dump([1] + string(&random))
      }
    let expiries: [SeedExpiry] = [
      .unstated, .never, .after(milliseconds: 5000), .at(milliseconds: 1_800_000_000_001),
    ]
    var record = SeedRecord(
      key: string(&random), value: value, expiry: expiries.randomElement(using: &random) ?? .unstated,
      tags: Bool.random(using: &random) ? [] : several(&random) { string(&$0) })
    guard Bool.random(using: &random) else { return record }
    record.memberships = several(&random) {
      SeedMembership(
        set: string(&$0), member: string(&$0),
        score: Bool.random(using: &$0) ? nil : scores.randomElement(using: &$0),
        setExpiresAt: Bool.random(using: &$0) ? nil : Int64.random(in: 0...SeedExpiry.longest, using: &$0))
    }
    return record
  }
}
