/// Why a dump cannot be read, or not any further.
package struct RDBError: Error, Sendable, Equatable {
  /// What is wrong.
  package enum Kind: Error, Sendable, Equatable {
    /// The first bytes are not those of a dump.
    case notADump
    /// A version that this reader does not know.
    case unknownVersion(RDBVersion)
    /// A value of a type that this reader does not know.
    case unknownType(Int)
    /// A record that this reader does not know.
    case unknownOpcode(Int)
    /// A value of a module of Redis 4 before its release, which only the module can read.
    case oldModule
    /// The file ends inside a record.
    case truncated
    /// A length that no server writes, or that is more than what is left of the file.
    case badLength
    /// A name of more bytes than the reader holds.
    case longName(Int)
    /// A value to be lifted out of more bytes than the reader holds.
    case longPayload
    /// Bytes that are not what their place asks for.
    case damaged(String)
    /// The checksum at the end is not that of the bytes.
    case wrongChecksum
  }

  /// What is wrong.
  package let kind: Kind
  /// The offset of the record or byte that is wrong, from the start of the unpacked file.
  package let offset: Int
  /// The keys that were read before.
  package let keys: Int

  /// What is wrong and where, without a full stop.
  package var message: String { "\(reason) at byte \(offset)" }

  private var reason: String {
    switch kind {
    case .notADump: "not a dump: the first bytes are neither REDIS nor VALKEY with a version"
    case .unknownVersion(let version): "\(version.description) is unknown"
    case .unknownType(let number): "a value of the unknown type \(number)"
    case .unknownOpcode(let number): "a record of the unknown kind \(number)"
    case .oldModule: "a module's value in a format that cannot be skipped"
    case .truncated: "the file ends inside a record"
    case .badLength: "a length that cannot be"
    case .longName(let length): "a name of \(length) bytes, more than are read"
    case .longPayload: "a value of more bytes than a record of a seed takes"
    case .damaged(let part): "damaged: \(part)"
    case .wrongChecksum: "damaged: the checksum is not that of the bytes"
    }
  }
}

/// The bounds on what a reader holds and believes, whatever a file says.
package struct RDBLimits: Sendable, Equatable {
  /// The longest name of a key, in bytes. Servers take up to 512 MiB, which no application uses.
  package var longestName = 16 << 20
  /// The longest value that is lifted out, in bytes: what a server takes back (`proto-max-bulk-len`).
  package var longestPayload = 512 << 20
  /// The bytes of the file that are left; nil where its size is unknown.
  package var size: Int?

  /// The defaults, for a file of a size in bytes.
  package init(size: Int? = nil) { self.size = size }

  /// No length of a file is larger: 256 TiB. Sums of a few of them cannot overflow.
  static let longest: UInt64 = 1 << 48
  /// The longest value of a fact about the file that is held.
  static let longestFact = 4096
}
