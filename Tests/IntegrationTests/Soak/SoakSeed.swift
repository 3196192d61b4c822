import Foundation
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

  init(_ dice: inout Dice) throws {
    format = dice.pick("jsonl", "jsonl", "csv", "resp", "gzip")
    let policy = dice.pick([], [], ["--if-missing"], ["--refresh-below", "50%"])
    isConditional = !policy.isEmpty
    options =
      policy + (dice.chance(0.5) ? ["--ttl", "2h", "--jitter", "20%"] : [])
      + (dice.chance(0.3) ? ["--tag", "all", "--tag", "old"] : [])
    let count = Int.random(in: 300...1_500, using: &dice)
    switch format {
    case "csv": addCSV(count, &dice)
    case "resp": addRESP(count, &dice)
    default: try addLines(count, &dice)
    }
    if format == "gzip" { bytes = try Command("gzip", ["-c"], input: .bytes(bytes)).run().stdout }
  }

  private mutating func reject(_ line: Int) {
    rejectedLines.append(line)
    records += 1
  }

  // MARK: - JSON lines

  private mutating func addLines(_ count: Int, _ dice: inout Dice) throws {
    let bad = [
      "{", #"{"key":"k"}"#, #"{"key":"k","value":1}"#, #"{"key":"k","value":"v","ttl":0}"#, "[]", "\u{1}x",
    ]
    for line in 1...count {
      switch Int.random(in: 0..<100, using: &dice) {
      case 0..<3:
        bytes += Array((bad.randomElement(using: &dice) ?? "{").utf8)
        // The first line must show the format.
        if line == 1 { bytes = Array("{".utf8) }
        reject(line)
      case 3..<5: bytes += dice.chance(0.5) ? [] : Array("  ".utf8)
      default:
        let data = try JSONSerialization.data(withJSONObject: record(line, &dice), options: [.sortedKeys])
        bytes += Array(data)
        records += 1
      }
      bytes += dice.chance(0.05) ? [13, 10] : [10]
    }
  }

  private func record(_ number: Int, _ dice: inout Dice) -> [String: Any] {
    // Some names come twice, some are there already.
    let key = "app:\(dice.chance(0.03) ? number / 2 : number)"
    var record: [String: Any] = ["key": key]
    if dice.chance(0.3) { record["ttl"] = dice.pick(-1, 3_000, 90_000) }
    switch Int.random(in: 0..<30, using: &dice) {
    case 0: (record["type"], record["value"]) = ("hash", ["a": "\(number)", "b": ""])
    case 1: (record["type"], record["value"]) = ("list", (0..<dice.pick(1, 5, 30, 1_300)).map { "e\($0)" })
    case 2: (record["type"], record["value"]) = ("set", (0..<dice.pick(1, 1, 20, 1_100)).map { "\($0)" })
    case 3: (record["type"], record["value"]) = ("zset", [["m", number], ["n", 0.5]] as [Any])
    case 4:
      let entries = (1...dice.pick(2, 3, 40, 300)).map { ["\($0)-1", ["f": "v"]] as [Any] }
      (record["type"], record["value"]) = ("stream", entries)
    default: record["value"] = "\(number) " + String(repeating: "ä", count: .random(in: 0...60, using: &dice))
    }
    if dice.chance(0.1) { record["tags"] = ["t\(number % 5)"] }
    return record
  }

  // MARK: - CSV and RESP

  private mutating func addCSV(_ count: Int, _ dice: inout Dice) {
    bytes = Array("key,value,ttl\n".utf8)
    var line = 2
    for number in 0..<count {
      if dice.chance(0.03) {
        bytes += Array(dice.pick("k,v\n", "k,v,1h\n", ",v,\n", "k,a\"b,\n").utf8)
        reject(line)
      } else if dice.chance(0.1) {
        bytes += Array("app:\(number),\"two\nlines of \(number)\",9000\n".utf8)
        records += 1
        line += 1
      } else {
        bytes += Array("app:\(number),value \(number),\(dice.pick("", "-1", "7200"))\n".utf8)
        records += 1
      }
      line += 1
    }
  }

  private mutating func addRESP(_ count: Int, _ dice: inout Dice) {
    var command = 1
    for number in 0..<count {
      let key = "app:\(number)"
      if dice.chance(0.03) {
        add(dice.pick(["FLUSHALL"], ["INCR", key], ["SET", key, "v", "NX"], ["HSET", key, "a"]))
        reject(command)
      } else if dice.chance(0.1) {
        // Commands on one key that follow each other are one record.
        for element in 0..<3 {
          add(["RPUSH", key, "e\(element)", "\(number)"])
          command += 1
        }
        add(["EXPIRE", key, "5000"])
        records += 1
      } else {
        add(["SET", key, "value \r\n \(number)"] + (dice.chance(0.5) ? ["EX", "9000"] : []))
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
