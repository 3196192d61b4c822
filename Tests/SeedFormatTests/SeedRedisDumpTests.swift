import Testing

@testable import SeedFormat

/// The lines of the Ruby program redis-dump load as they are.
@Suite struct SeedRedisDumpTests {
  static let lines: [(String, SeedRecord)] = [
    (
      #"{"db":0,"key":"h","ttl":-1,"type":"hash","value":{"a":"1","b":"2"},"size":4}"#,
      SeedRecord("h", .texts(hash: ["a": "1", "b": "2"]), .never, database: 0)
    ),
    (
      #"{"db":3,"key":"l","ttl":-1,"type":"list","value":["a","b","a"],"size":3}"#,
      SeedRecord("l", .texts(list: "a", "b", "a"), .never, database: 3)
    ),
    (
      #"{"db":0,"key":"s","ttl":-1,"type":"set","value":["b","a"],"size":2}"#,
      SeedRecord("s", .texts(set: "b", "a"), .never, database: 0)
    ),
    (
      #"{"db":0,"key":"z","ttl":-1,"type":"zset","value":[["a","100"],["b",200.0]],"size":9}"#,
      SeedRecord("z", .texts(sortedSet: ["a": "100", "b": "200.0"]), .never, database: 0)
    ),
    (
      #"{"db":0,"key":"t","ttl":79,"type":"string","value":"v","size":1}"#,
      SeedRecord("t", .text("v"), .after(milliseconds: 79_000), database: 0)
    ),
  ]

  @Test(arguments: [nil, .jsonl, .redisDump] as [SeedFormat?]) func reads(format: SeedFormat?) {
    let file = SeedRedisDumpTests.lines.map(\.0).joined(separator: "\n")
    #expect(SeedDraining.records(file, format: format) == SeedRedisDumpTests.lines.map(\.1))
  }

  @Test func mixesWithRecordsOfOurs() {
    let file = SeedRedisDumpTests.lines[4].0 + "\n" + #"{"key":"k","value":"v"}"# + "\n"
    #expect(SeedDraining.records(file) == [SeedRedisDumpTests.lines[4].1, SeedRecord("k", .text("v"))])
  }

  @Test func theFormatAllowsOneOfItsMembers() {
    let line = #"{"db":0,"key":"k","value":"v"}"#
    #expect(SeedDraining.records(line, format: .redisDump).count == 1)
    let other = #"{"size":1,"key":"k","value":"v"}"#
    #expect(SeedDraining.records(other, format: .redisDump).count == 1)
    #expect(SeedDraining.items(other, format: .jsonl).first?.rejection?.reason.contains("\"size\"") == true)
  }

  @Test func saysThatAKeyWasGone() {
    let line = #"{"db":0,"key":"k","ttl":-1,"type":"none","value":"","size":0}"#
    #expect(SeedDraining.items(line).first?.rejection?.reason.contains("the key was gone") == true)
  }
}
