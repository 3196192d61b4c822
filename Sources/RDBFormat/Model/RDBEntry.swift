/// What a dump says of a key before its value.
package struct RDBKey: Sendable, Equatable {
  /// The number of the database.
  package var database = 0
  /// The name.
  package var name: [UInt8] = []
  /// The type of the value.
  package var type = RDBType.string
  /// When the key expires, in milliseconds since 1970; nil where it never does.
  package var expiresAt: Int64?
  /// Seconds since the last use when the dump was written; nil where the server's policy does not count them.
  package var idleSeconds: Int?
  /// How often the key was used, 0 to 255 on the server's logarithmic scale; nil where its policy does not count it.
  package var frequency: Int?

  /// A key without a name.
  package init() {}
}

/// A key of a dump, and what its value is like.
package struct RDBEntry: Sendable, Equatable {
  /// What comes before the value.
  package var key = RDBKey()
  /// How the server held the value.
  package var encoding = RDBEncoding.raw
  /// Elements, fields, members or entries; 1 for a string, 0 for a module's value.
  package var elements = 0
  /// The bytes of the largest element: a member, a field or a field's value; of a string, its length.
  package var largestElement = 0
  /// The fields of a hash that have a time to live of their own.
  package var expiringFields = 0
  /// The offset of the value behind its name, in bytes of the file.
  package var payloadOffset = 0
  /// The bytes of the value in the file, without its type and name.
  package var payloadLength = 0
  /// The bytes that key and value took in the server's memory, estimated: see ``RDBMemoryModel``.
  package var memoryBytes = 0
  /// The value as DUMP gives it but for the end, where it was asked for: the byte of the type, and the file's own bytes.
  package var payload: [UInt8]?
  /// The name and version of a module's type, in the file's own form.
  var module: UInt64 = 0

  /// An entry of nothing.
  init() {}

  /// The name of the type as TYPE has it: a module's own for a module's value.
  package var typeName: String {
    key.type == .module ? ModuleName.text(of: module) : key.type.rawValue
  }

  /// The value as DUMP gives it, for RESTORE on any server that reads the version: the payload that was kept, the version
  /// in two bytes and the checksum of both. Nil where no payload was kept.
  package func sealedPayload(_ version: RDBVersion) -> [UInt8]? {
    guard var bytes = payload else { return nil }
    bytes += [UInt8(truncatingIfNeeded: version.number), UInt8(truncatingIfNeeded: version.number >> 8)]
    var sum = CRC64()
    let body = bytes
    sum.add(body.span)
    for shift in stride(from: 0, to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: sum.value >> UInt64(shift)))
    }
    return bytes
  }
}

/// What comes out of a dump, in the order of the file.
package enum RDBItem: Sendable, Equatable {
  /// The version; always the first.
  case version(RDBVersion)
  /// A fact about the server or the file, such as `redis-ver` or `ctime`. A value of more than 4 KiB is empty.
  case auxiliary(name: [UInt8], value: [UInt8])
  /// The keys that follow are of this database.
  case database(Int)
  /// A key whose value comes next, where the reader announces keys: it is that of ``RDBReader/entry``.
  case key
  /// A key and its value: ``RDBReader/entry``.
  case entry
  /// The source of a function library, by its length in bytes.
  case library(length: Int)
  /// The end of the dump.
  case end(RDBChecksum)
}

/// What the checksum at the end of a dump says.
package enum RDBChecksum: Sendable, Equatable {
  /// It is that of the bytes.
  case verified
  /// The server wrote none: its version has none, or it was switched off (`rdbchecksum no`).
  case absent
  /// The reader was asked not to look.
  case unchecked
}

/// The names that modules give their types.
private enum ModuleName {
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  /// The nine letters of six bits each in the upper bits of a number; the lower ten are a version.
  static func text(of number: UInt64) -> String {
    String(
      decoding: (0..<9).map { letters[Int(number >> UInt64(58 - 6 * $0) & 0x3f)] }, as: UTF8.self)
  }
}
