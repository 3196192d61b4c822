import Testing

@testable import SeedFormat

/// What JSON lines say, and why one is rejected.
@Suite struct SeedJSONLinesTests {
  static let readable: [(String, SeedRecord)] = [
    (#"{"key":"k","value":"v"}"#, SeedRecord("k", .text("v"))),
    (#"{"key":"","value":""}"#, SeedRecord("", .text(""))),
    (
      #" { "key" : "k" , "type" : "string" , "value" : "v" , "ttl" : 3600 , "tags" : [ "a" , "b" ] } "#,
      SeedRecord("k", .text("v"), .after(milliseconds: 3_600_000), tags: ["a", "b"])
    ),
    (#"{"key":"k","value":"v","ttl":-1,"tags":[]}"#, SeedRecord("k", .text("v"), .never)),
    (#"{"key":"k","value":"v","ttl":-1,"memberships":[]}"#, SeedRecord("k", .text("v"), .never)),
    (
      #"{"key":"k","value":"v","ttl":10000000000000}"#,
      SeedRecord("k", .text("v"), .after(milliseconds: 10_000_000_000_000_000))
    ),
    (
      #"{"key":"k","value":"v","expires_at":1700000000123}"#,
      SeedRecord("k", .text("v"), .at(milliseconds: 1_700_000_000_123))
    ),
    (
      #"{"k\u0065y":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00","value":"é😀\u0000"}"#,
      SeedRecord("\"\\/\u{8}\u{C}\n\r\té😀", .text("é😀\0"))
    ),
    (
      #"{"key":"k","type":"hash","value":{"a":"1","b":""}}"#,
      SeedRecord("k", .texts(hash: ["a": "1", "b": ""]))
    ),
    (
      #"{"key":"k","type":"hash","value":[["a","1"],["a","2"]]}"#,
      SeedRecord("k", .texts(hash: ["a": "1", "a": "2"]))
    ),
    (#"{"key":"k","type":"list","value":["a","b","a"]}"#, SeedRecord("k", .texts(list: "a", "b", "a"))),
    (#"{"key":"k","type":"set","value":["a","b"]}"#, SeedRecord("k", .texts(set: "a", "b"))),
    (
      #"{"key":"k","type":"zset","value":[["a",1.50],["b","inf"],["c","-inf"],["d",-1E+3],["e","100"]]}"#,
      SeedRecord("k", .texts(sortedSet: ["a": "1.50", "b": "inf", "c": "-inf", "d": "-1E+3", "e": "100"]))
    ),
    (
      #"{"key":"k","type":"zset","value":[["a",0.1234567890123456789]]}"#,
      SeedRecord("k", .texts(sortedSet: ["a": "0.1234567890123456789"]))
    ),
    (
      #"{"key":"k","type":"stream","value":[["1-0",{"f":"1","g":"2"}],["1-1",[["f","1"],["f","2"]]],["2",{"f":""}]]}"#,
      SeedRecord(
        "k", .texts(stream: ["1-0": ["f": "1", "g": "2"], "1-1": ["f": "1", "f": "2"], "2": ["f": ""]]))
    ),
    (#"{"key":"k","type":"dump","value":"AAED/w=="}"#, SeedRecord("k", .dump([0, 1, 3, 255]))),
    (
      #"{"key":"/w==","type":"hash","value":{"AA==":"AQ=="},"encoding":"base64","tags":["dGFn"]}"#,
      SeedRecord(
        key: [255], value: .hash([SeedField(field: [0], value: [1])]), tags: [Array("tag".utf8)])
    ),
    (
      #"{"key":"aw==","type":"zset","value":[["/w==",2]],"encoding":"base64"}"#,
      SeedRecord("k", .sortedSet([SeedMember(member: [255], score: Array("2".utf8))]))
    ),
  ]

  @Test(arguments: readable) func reads(line: String, expected: SeedRecord) {
    let items = SeedDraining.items(line + "\n")
    #expect(items == [.record(expected, SeedPosition(line: 1, offset: 0))])
  }

  @Test(arguments: [
    (#"{ "a" : [ 1.50 , 1e999 , "x y" , true , null ] }"#, #"{"a":[1.50,1e999,"x y",true,null]}"#),
    (#"12345678901234567890123"#, "12345678901234567890123"), (#""a \" b""#, #""a \" b""#), ("true", "true"),
    (#"[ ]"#, "[]"), (#"{"é" : "\u00e9\\"}"#, #"{"é":"\u00e9\\"}"#), ("-0.0 ", "-0.0"), ("null", "null"),
  ]) func storesJSONAsItIsWritten(json: String, expected: String) {
    for line in [
      #"{"key":"k","json":\#(json)}"#, #"{"key":"k","json":\#(json),"ttl":5}"#,
      #"{"json": \#(json) ,"type":"string","key":"k"}"#,
    ] {
      #expect(SeedDraining.records(line).map(\.value) == [.text(expected)], "\(line)")
    }
  }

  static let unreadable: [(String, Int, String)] = [
    // Members.
    (#"{"value":"v"}"#, 1, #""key" is missing"#),
    (#"{"key":"k"}"#, 1, #""value" is missing"#),
    (#"{"key":1,"value":"v"}"#, 8, #""key" must be a string, got 1"#),
    (#"{"key":"k","value":"v","foo":1}"#, 24, #"unknown member "foo""#),
    (#"{"key":"k","value":"v","db":-1}"#, 29, #""db" must be the number of a database, got -1"#),
    (#"{"key":"k","value":"v","db":"0"}"#, 29, "number of a database"),
    (#"{"key":"k","value":"v","size":1}"#, 24, #"unknown member "size""#),
    (#"{"key":"k","value":"v","size":0}"#, 24, #"unknown member "size""#),
    (#"{"key":"k","value":"v","json":1}"#, 31, "exclude each other"),
    (#"{"key":"k","type":"hash","json":1}"#, 19, #"leave "type" away"#),
    (#"{"key":"aw==","json":1,"encoding":"base64"}"#, 35, #"without "encoding""#),
    (#"{"key":"k","value":"v","encoding":"hex"}"#, 35, #"only be "base64""#),
    (#"{"key":"k","value":"v","encoding":1}"#, 35, #"only be "base64""#),
    (#"{"key":"k","value":"v","tags":"a"}"#, 31, #""tags" must be an array of strings, got "a""#),
    (#"{"key":"k","value":"v","tags":[1]}"#, 32, "array of strings, got 1"),
    (#"{"key":"k","value":"v","memberships":{}}"#, 38, "an array of objects, got an object"),
    (#"{"key":"k","value":"v","memberships":["s"]}"#, 39, "an array of objects, got \"s\""),
    (#"{"key":"k","value":"v","memberships":[{"set":"s"}]}"#, 39, "objects with set and member"),
    (
      #"{"key":"k","value":"v","memberships":[{"set":1,"member":"m"}]}"#, 46,
      "a set's name is a string, got 1"
    ),
    (#"{"key":"k","value":"v","memberships":[{"set":"s","member":"m","score":"x"}]}"#, 71, "a score is"),
    (#"{"key":"k","value":"v","memberships":[{"set":"s","member":"m","set_expires_at":-1}]}"#, 80, "since"),
    (#"{"key":"k","value":"v","memberships":[{"set":"s","member":"m","ttl":1}]}"#, 63, "set, member,"),
    // Expiry.
    (#"{"key":"k","value":"v","ttl":"6h"}"#, 30, #""ttl" must be seconds as an integer, got "6h""#),
    (#"{"key":"k","value":"v","ttl":"1 month"}"#, 30, #"got "1 month""#),
    (#"{"key":"k","value":"v","ttl":1.5}"#, 30, "integer, got 1.5"),
    (#"{"key":"k","value":"v","ttl":1e3}"#, 30, "integer, got 1e3"),
    (#"{"key":"k","value":"v","ttl":null}"#, 30, "integer, got null"),
    (#"{"key":"k","value":"v","ttl":[1]}"#, 30, "integer, got an array"),
    (#"{"key":"k","value":"v","ttl":99999999999999999999}"#, 30, "integer, got 9999"),
    (#"{"key":"k","value":"v","ttl":0}"#, 30, "expire the key at once"),
    (#"{"key":"k","value":"v","ttl":-2}"#, 30, "negative, got -2"),
    (#"{"key":"k","value":"v","ttl":9200000000000001}"#, 30, "more than 9200000000000000 seconds"),
    (#"{"key":"k","value":"v","expires_at":1700000000}"#, 37, "1700000000 can only be in seconds"),
    (#"{"key":"k","type":"zset","value":[["a",1e400]]}"#, 40, "a double can hold"),
    (#"{"key":"k","type":"zset","value":[["a",-1e-400]]}"#, 40, "a double can hold"),
    (#"{"key":"k","value":"v","ttl":1,"expires_at":1}"#, 45, "exclude each other"),
    (#"{"key":"k","value":"v","expires_at":0}"#, 37, "out of range"),
    (#"{"key":"k","value":"v","expires_at":9223372036854775807}"#, 37, "out of range"),
    (#"{"key":"k","value":"v","expires_at":"2024-01-01"}"#, 37, "milliseconds since 1970 as an integer"),
    // Types.
    (#"{"key":"k","value":5}"#, 20, #"must be in quotes, got 5; "json""#),
    (#"{"key":"k","type":"string","value":true}"#, 36, "must be in quotes, got true"),
    (#"{"key":"k","value":{"a":"b"}}"#, 20, "write hash, list, set, zset or stream"),
    (#"{"key":"k","value":["a"]}"#, 20, #""type" is missing"#),
    (#"{"key":"k","type":"string","value":{}}"#, 36, "got an object"),
    (#"{"key":"k","type":"json","value":"v"}"#, 19, #"unknown type "json"; there are string, hash"#),
    (#"{"key":"k","type":5,"value":"v"}"#, 19, "unknown type 5"),
    (#"{"key":"k","type":"none","value":""}"#, 19, #"unknown type "none""#),
    (#"{"key":"k","type":"hash","value":"v"}"#, 34, #"a hash is an object, got "v""#),
    (#"{"key":"k","type":"hash","value":{"a":1}}"#, 39, "strings in quotes, got 1"),
    (#"{"key":"k","type":"hash","value":[["a","b","c"]]}"#, 35, "[field, value], got another array"),
    (#"{"key":"k","type":"hash","value":[[]]}"#, 35, "[field, value], got another array"),
    (#"{"key":"k","type":"list","value":"v"}"#, 34, "a list is an array"),
    (#"{"key":"k","type":"list","value":["a",1]}"#, 39, "strings in quotes, got 1"),
    (#"{"key":"k","type":"set","value":["a",null]}"#, 38, "strings in quotes, got null"),
    (#"{"key":"k","type":"zset","value":{"a":1}}"#, 34, "[member, score], got an object"),
    (#"{"key":"k","type":"zset","value":[["a"]]}"#, 35, "[member, score], got another array"),
    (
      #"{"key":"k","type":"zset","value":[["a","nan"]]}"#, 40,
      #"a score is a number that a double can hold, "inf" or "-inf""#
    ),
    (#"{"key":"k","type":"zset","value":[["a",true]]}"#, 40, "a score is a number"),
    (#"{"key":"k","type":"zset","value":[[1,1]]}"#, 36, "members are strings"),
    (#"{"key":"k","type":"stream","value":[["*",{"f":"v"}]]}"#, 38, "must be like"),
    (#"{"key":"k","type":"stream","value":[["0-0",{"f":"v"}]]}"#, 38, "larger"),
    (#"{"key":"k","type":"stream","value":[["2-1",{"f":"v"}],["2-1",{"f":"v"}]]}"#, 56, "larger"),
    (#"{"key":"k","type":"stream","value":[["1-0",{}]]}"#, 44, "an entry without content"),
    (#"{"key":"k","type":"dump","value":"A"}"#, 34, "not base64"),
    (#"{"key":"k","type":"dump","value":""}"#, 34, "empty dump"),
    (#"{"key":"k","value":"v","encoding":"base64"}"#, 8, "not base64"),
    // Empty collections.
    (#"{"key":"k","type":"hash","value":{}}"#, 34, "Redis keeps no empty key"),
    (#"{"key":"k","type":"hash","value":[]}"#, 34, "Redis keeps no empty key"),
    (#"{"key":"k","type":"list","value":[]}"#, 34, "Redis keeps no empty key"),
    (#"{"key":"k","type":"set","value":[]}"#, 33, "Redis keeps no empty key"),
    (#"{"key":"k","type":"zset","value":[]}"#, 34, "Redis keeps no empty key"),
    (#"{"key":"k","type":"stream","value":[]}"#, 36, "Redis keeps no empty key"),
  ]

  @Test(arguments: unreadable) func rejects(line: String, column: Int, words: String) throws {
    let good = #"{"key":"after","value":"v"}"#
    let items = SeedDraining.items(line + "\r\n" + good + "\n")
    try #require(items.count == 2)
    let rejection = try #require(items[0].rejection)
    #expect(rejection.reason.contains(words), "\(rejection.reason)")
    #expect(rejection.column == column)
    #expect(rejection.bytes == Array(line.utf8))
    let position = SeedPosition(line: 2, offset: line.utf8.count + 2)
    #expect(items[1] == .record(SeedRecord("after", .text("v")), position))
  }

  @Test func valuesLongerThanTheLimitAreRejected() {
    let line = Array(#"{"key":"k","type":"list","value":["1234","12345"]}"#.utf8)
    #expect(SeedDraining.items(line, longestValue: 5).first?.record != nil)
    let rejection = SeedDraining.items(line, longestValue: 4).first?.rejection
    #expect(rejection?.column == 42)
    #expect(rejection?.reason == "5 bytes long; Redis stores at most 4")
  }

  @Test func quotesLittleAndNoControlCharacters() throws {
    let hostile = #"\u001b[31m\u202e"# + String(repeating: "é", count: 300)
    let items = SeedDraining.items(#"{"key":"k","value":"v","ttl":"\#(hostile)"}"#)
    let reason = try #require(items.first?.rejection?.reason)
    #expect(reason.contains(#"\x1b[31m\xe2\x80\xaeé"#))
    #expect(reason.hasSuffix("é…\""))
    #expect(reason.utf8.count < 120)
  }
}
