import Bytes
import Reporting

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The form of a line in a journal or a file of rejects: one JSON object.
enum RecordLine {
  /// A line of some members, with its end.
  static func encode(_ members: [(String, JSON)]) -> [UInt8] {
    JSON.object(members).serialized() + [UInt8(ascii: "\n")]
  }

  /// Reads a line, given without its end; nil where it has another form.
  static func decode<Value: Decodable>(_ type: Value.Type, from line: [UInt8]) -> Value? {
    try? JSONDecoder().decode(type, from: Data(line))
  }

  /// Reads a line of which every member is known; nil where it has another form.
  static func decode<Value: RecordMembers>(_ type: Value.Type, from line: [UInt8]) -> Value? {
    let known = Set(Value.CodingKeys.allCases.map(\.stringValue))
    guard let names = try? JSONDecoder().decode(MemberNames.self, from: Data(line)).all,
      names.allSatisfy(known.contains)
    else { return nil }
    return try? JSONDecoder().decode(type, from: Data(line))
  }

  /// The names of an object's members.
  private struct MemberNames: Decodable {
    private struct Name: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }

      init?(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    let all: [String]

    init(from decoder: any Decoder) throws {
      all = try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue)
    }
  }

  /// Bytes that are no UTF-8.
  static func base64(_ bytes: [UInt8]) -> JSON { .string(Base64.text(bytes)) }

  /// Reads back what `base64` has made of bytes; nil for other text.
  static func bytes(ofBase64 text: String) -> [UInt8]? { Array(text.utf8).lend(Base64.decode) }
}

/// A line of a journal or a checkpoint, whose members are all known.
protocol RecordMembers: Decodable {
  associatedtype CodingKeys: CodingKey & CaseIterable
}
