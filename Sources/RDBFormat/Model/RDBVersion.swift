/// Which family of servers wrote a dump, and in which version of the format.
///
/// The numbers of the two families collide, so neither says anything without the other.
package struct RDBVersion: Sendable, Equatable {
  /// Servers that share numbers of versions and value types.
  package enum Family: String, Sendable {
    /// Redis, and Valkey before 9.0.
    case redis
    /// Valkey from 9.0 on.
    case valkey
  }

  /// The family.
  package let family: Family
  /// The version of the format, as the file's first bytes name it.
  package let number: Int

  /// Makes a version.
  package init(_ family: Family, _ number: Int) {
    self.family = family
    self.number = number
  }

  /// The bytes with which a dump of any version begins.
  static let magicLength = 9

  /// Reads the first nine bytes of a dump; nil where they are something else.
  init?(magic: [UInt8]) {
    let (family, word): (Family, [UInt8]) =
      magic.starts(with: "VALKEY".utf8) ? (.valkey, Array("VALKEY".utf8)) : (.redis, Array("REDIS".utf8))
    let digits = magic.dropFirst(word.count)
    guard magic.count == RDBVersion.magicLength, magic.starts(with: word),
      digits.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    self.init(family, digits.reduce(0) { $0 * 10 + Int($1 - 0x30) })
  }

  /// True where every record that a server writes in this version is known, or refused by its own number.
  ///
  /// Neither family has ever given a number a new meaning; so newer versions can be read as far as they hold records of
  /// old kinds.
  package var isReadable: Bool {
    switch family {
    case .redis: (1...15).contains(number)
    case .valkey: (80...81).contains(number)
    }
  }

  /// True where the file ends with a checksum.
  var hasChecksum: Bool { family == .valkey || number >= 5 }

  /// The version in words, such as `Redis format 12`.
  package var description: String { "\(family == .redis ? "Redis" : "Valkey") format \(number)" }
}
