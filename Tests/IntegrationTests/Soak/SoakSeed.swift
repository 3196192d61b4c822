import Foundation
import TestHarness
import TestSupport

/// A random seed, in any format, with records that cannot be loaded in between.
struct SoakSeed {
  let format: String
  private(set) var bytes: [UInt8] = []
  /// Records, those that cannot be loaded included.
  private(set) var records = 0
  /// The lines, or in RESP the numbers of the commands, of those.
  private(set) var rejectedLines: [Int] = []
  /// What is done with the records.
  let options: [String]
  /// True where what is there already decides.
  let isConditional: Bool

  var rejected: Int { rejectedLines.count }

  init(_ random: inout SeededGenerator) throws {
    format = random.pick("jsonl", "jsonl", "csv", "resp", "gzip")
    let policy = random.pick([], [], ["--if-missing"], ["--refresh-below", "50%"])
    isConditional = !policy.isEmpty
    options =
      policy + (random.chance(0.5) ? ["--ttl", "2h", "--jitter", "20%"] : [])
      + (random.chance(0.3) ? ["--tag", "all", "--tag", "old"] : [])
    let count = Int.random(in: 300...1_500, using: &random)
    switch format {
    case "csv": addCSV(count, &random)
    case "resp": addRESP(count, &random)
    default: try addLines(count, &random)
    }
    if format == "gzip" { bytes = try Command("gzip", ["-c"], input: .bytes(bytes)).run().stdout }
  }

  private mutating func reject(_ line: Int) {
    rejectedLines.append(line)
    records += 1
  }

  // MARK: - JSON lines

  private mutating func addLines(_ count: Int, _ random: inout SeededGenerator) throws {
    let bad = [
      "{", #"{"key":"k"}"#, #"{"key":"k","value":1}"#, #"{"key":"k","value":"v","ttl":0}"#, "[]", "\u{1}x",
    ]
    for line in 1...count {
      switch Int.random(in: 0..<100, using: &random) {
      case 0..<3:
        bytes += Array((bad.randomElement(using: &random) ?? "{").utf8)
        // The first line must show the format.
        if line == 1 { bytes = Array("{".utf8) }
        reject(line)
      case 3..<5: bytes += random.chance(0.5) ? [] : Array("  ".utf8)
      default:
        let data = try JSONSerialization.data(withJSONObject: record(line, &random), options: [.sortedKeys])
        bytes += Array(data)
        records += 1
      }
      bytes += random.chance(0.05) ? [13, 10] : [10]
    }
  }

  private func record(_ number: Int, _ random: inout SeededGenerator) -> [String: Any] {
    // Some names come twice, some are there already.
    let key = "app:\(random.chance(0.03) ? number / 2 : number)"
    var record: [String: Any] = ["key": key]
    if random.chance(0.3) { record["ttl"] = random.pick(-1, 3_000, 90_000) }
    switch Int.random(in: 0..<30, using: &random) {
    case 0: (record["type"], record["value"]) = ("hash", ["a": "\(number)", "b": ""])
    case 1: (record["type"], record["value"]) = ("list", (0..<random.pick(1, 5, 30, 1_300)).map { "e\($0)" })
    case 2: (record["type"], record["value"]) = ("set", (0..<random.pick(1, 1, 20, 1_100)).map { "\($0)" })
    case 3: (record["type"], record["value"]) = ("zset", [["m", number], ["n", 0.5]] as [Any])
    case 4:
      let entries = (1...random.pick(2, 3, 40, 300)).map { ["\($0)-1", ["f": "v"]] as [Any] }
      (record["type"], record["value"]) = ("stream", entries)
    default:
      record["value"] = "\(number) " + String(repeating: "ä", count: .random(in: 0...60, using: &random))
    }
    if random.chance(0.1) { record["tags"] = ["t\(number % 5)"] }
    return record
  }

  // MARK: - CSV and RESP

  private mutating func addCSV(_ count: Int, _ random: inout SeededGenerator) {
    bytes = Array("key,value,ttl\n".utf8)
    var line = 2
    for number in 0..<count {
      if random.chance(0.03) {
        bytes += Array(random.pick("k,v\n", "k,v,1h\n", ",v,\n", "k,a\"b,\n").utf8)
        reject(line)
      } else if random.chance(0.1) {
        bytes += Array("app:\(number),\"two\nlines of \(number)\",9000\n".utf8)
        records += 1
        line += 1
      } else {
        bytes += Array("app:\(number),value \(number),\(random.pick("", "-1", "7200"))\n".utf8)
        records += 1
      }
      line += 1
    }
  }

  private mutating func addRESP(_ count: Int, _ random: inout SeededGenerator) {
    var command = 1
    for number in 0..<count {
      let key = "app:\(number)"
      if random.chance(0.03) {
        add(random.pick(["FLUSHALL"], ["INCR", key], ["SET", key, "v", "NX"], ["HSET", key, "a"]))
        reject(command)
      } else if random.chance(0.1) {
        // Commands on one key that follow each other are one record.
        for element in 0..<3 {
          add(["RPUSH", key, "e\(element)", "\(number)"])
          command += 1
        }
        add(["EXPIRE", key, "5000"])
        records += 1
      } else {
        add(["SET", key, "value \r\n \(number)"] + (random.chance(0.5) ? ["EX", "9000"] : []))
        records += 1
      }
      command += 1
    }
  }

  private mutating func add(_ words: [String]) {
    bytes += Array("*\(words.count)\r\n".utf8)
    for word in words { bytes += Array("$\(word.utf8.count)\r\n\(word)\r\n".utf8) }
  }
}
