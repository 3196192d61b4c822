import Foundation

/// JSON lines, written and read without the tool.
package enum JSONLines {
  /// One object to a line.
  package static func text(_ records: [[String: Any]]) throws -> String {
    try records.map { record in
      let data = try JSONSerialization.data(withJSONObject: record, options: [.sortedKeys])
      return String(decoding: data, as: UTF8.self) + "\n"
    }.joined()
  }

  /// The objects of the lines; throws where one is something else.
  package static func objects(_ bytes: [UInt8]) throws -> [[String: Any]] {
    try bytes.split(separator: UInt8(ascii: "\n")).map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line))
      guard let object = object as? [String: Any] else { throw HarnessFailure("a line holds no object") }
      return object
    }
  }

  /// Strings `prefix0`, `prefix1`, … with some value each, and more members as they stand.
  package static func strings(
    _ count: Int, _ prefix: String = "app:v2:", length: Int = 20, members: String = ""
  ) -> String {
    let filler = String(repeating: "v", count: length)
    let more = members.isEmpty ? "" : "," + members
    return (0..<count).map { #"{"key":"\#(prefix)\#($0)","value":"\#($0) \#(filler)"\#(more)}"# + "\n" }
      .joined()
  }
}

extension [UInt8] {
  /// The bytes as text, with U+FFFD for what is not UTF-8.
  package var text: String { String(decoding: self, as: UTF8.self) }
}
