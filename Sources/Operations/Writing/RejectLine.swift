import Reporting
import SeedFormat

/// A line of the file of rejects.
package enum RejectLine {
  /// What each of them begins with.
  package static let beginning = #"{"line":"#

  /// A record that was not written; its key in its place where it is not at hand.
  static func line(
    refused record: SeedRecord?, _ key: [UInt8], at position: SeedPosition, _ reason: String
  ) -> [UInt8] {
    guard let record else {
      return RecordLine.encode(
        [("line", .int(position.line)), ("column", .int(1)), ("reason", .string(reason))]
          + JSON.names([("key", key)]))
    }
    return line(SeedRejection(of: record, at: position, reason))
  }

  /// The record as it stood, with its line, its column and what is wrong; base64 where it is no UTF-8.
  static func line(_ rejection: SeedRejection) -> [UInt8] {
    var members: [(String, JSON)] = [
      ("line", .int(rejection.position.line)), ("column", .int(rejection.column)),
      ("reason", .string(rejection.reason)),
    ]
    if let text = String(validating: rejection.bytes, as: UTF8.self) {
      members.append(("record", .string(text)))
    } else {
      members += [
        ("record", RecordLine.base64(rejection.bytes)), ("encoding", .string("base64")),
      ]
    }
    return RecordLine.encode(members)
  }
}
