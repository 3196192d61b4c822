/// Tells identifiers from names by their shape alone: what varies from key to key shows as `*`.
///
/// A shape says "identifier" for numbers, UUIDs, ULIDs, hexadecimal and base64-like tokens, dates and addresses.
/// The limits are chosen so that names people write (`sha256`, `getUserById2`, `facade`) stay names; what slips through
/// is caught by counting distinct values (`GroupTree`).
enum SegmentShape {
  /// Longer segments are never names: they would only fill memory.
  static let longestName = 128

  /// True where the bytes look like an identifier rather than a name.
  ///
  /// Complexity: O(n), one pass over at most `longestName` bytes.
  static func isVariable(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard !bytes.isEmpty else { return false }
    guard bytes.count <= longestName else { return true }
    let census = ByteCensus(bytes)
    if census.letters == 0 { return census.digits > 0 && census.others == 0 }
    return isHexadecimal(bytes, census) || isUUID(bytes) || isULID(bytes, census) || isDate(bytes)
      || isEmailAddress(bytes) || isRandomToken(bytes, census)
  }

  /// RFC 9562's text form: 8-4-4-4-12 hexadecimal digits.
  static func isUUID(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count == 36 else { return false }
    for (offset, byte) in bytes.enumerated() {
      let isDash = offset == 8 || offset == 13 || offset == 18 || offset == 23
      guard isDash ? byte == UInt8(ascii: "-") : byte.isHexDigit else { return false }
    }
    return true
  }

  /// At least seven digits of base 16 that hold both a digit and a letter (a short git hash has seven), or `0x…`.
  private static func isHexadecimal(_ bytes: ArraySlice<UInt8>, _ census: ByteCensus) -> Bool {
    if census.digits + census.hexLetters == bytes.count {
      return census.digits > 0 ? bytes.count >= 7 : bytes.count >= 16
    }
    return bytes.count > 4 && bytes.starts(with: [UInt8(ascii: "0"), UInt8(ascii: "x")])
      && census.digits + census.hexLetters == bytes.count - 1
  }

  /// 26 digits of Crockford's base 32, of which the first is at most 7 because the value has 128 bits.
  private static func isULID(_ bytes: ArraySlice<UInt8>, _ census: ByteCensus) -> Bool {
    guard bytes.count == 26, census.digits > 0, let first = bytes.first else { return false }
    guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(first) else { return false }
    return bytes.allSatisfy { $0.isDigit || ($0.isLetter && !lettersOutsideCrockford.contains($0)) }
  }

  private static let lettersOutsideCrockford = Array("ilouILOU".utf8)

  /// ISO 8601's forms that hold letters: `2026-01-31T12`, `2026-W05`, `2026-Q1`; those without are numbers already.
  private static func isDate(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count >= 6, bytes.prefix(4).allSatisfy(\.isDigit) else { return false }
    return bytes.dropFirst(4).allSatisfy { $0.isDigit || dateMarks.contains($0) }
  }

  private static let dateMarks = Array("-T:Z.+_WQ".utf8)

  private static func isEmailAddress(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let at = bytes.firstIndex(of: UInt8(ascii: "@")), at > bytes.startIndex else { return false }
    let domain = bytes[(at + 1)...]
    guard let dot = domain.lastIndex(of: UInt8(ascii: ".")) else { return false }
    return dot > domain.startIndex && dot < domain.endIndex - 1 && !bytes.contains(UInt8(ascii: " "))
  }

  /// Base64-like and base36-like tokens: letters and digits that change places more often than words do.
  private static func isRandomToken(_ bytes: ArraySlice<UInt8>, _ census: ByteCensus) -> Bool {
    guard bytes.count >= 10, census.others == 0, census.dots == 0 else { return false }
    if census.digits >= 2, census.digitBorders >= 4, census.joints == 0 { return true }
    guard bytes.count >= 16 else { return false }
    let changes = census.digitBorders + census.caseBorders + census.joints
    // A random base64 character differs in class from its neighbour six times in ten.
    guard changes * 20 >= (bytes.count - 1) * 7 else { return false }
    // Camel case has capitals alone and digits at the end; a random token has neither order.
    let disorder = census.capitalPairs + census.digitBorders
    return census.digits > 0 ? disorder >= 4 : bytes.count >= 20 && census.capitalPairs >= 4
  }
}

/// What a segment is made of, counted in one pass.
private struct ByteCensus {
  var digits = 0
  var letters = 0
  var hexLetters = 0
  /// `-`, `_`, `+`, `/`, `=`, `,`, `#`: what base64 and numbers use.
  var joints = 0
  var dots = 0
  /// Spaces, other punctuation, control characters and bytes above ASCII.
  var others = 0
  /// Neighbours of which one is a digit and the other a letter.
  var digitBorders = 0
  /// Neighbouring letters of different case.
  var caseBorders = 0
  /// Neighbouring capitals.
  var capitalPairs = 0

  init(_ bytes: ArraySlice<UInt8>) {
    var previous: UInt8 = 0
    for byte in bytes {
      if byte.isDigit {
        digits += 1
        if previous.isLetter { digitBorders += 1 }
      } else if byte.isLetter {
        countLetter(byte, after: previous)
      } else {
        switch byte {
        case UInt8(ascii: "."): dots += 1
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="),
          UInt8(ascii: ","), UInt8(ascii: "#"), UInt8(ascii: ":"):
          joints += 1
        default: others += 1
        }
      }
      previous = byte
    }
  }

  private mutating func countLetter(_ byte: UInt8, after previous: UInt8) {
    letters += 1
    if byte.isHexDigit { hexLetters += 1 }
    if previous.isDigit {
      digitBorders += 1
    } else if previous.isLetter {
      if byte.isUppercase != previous.isUppercase { caseBorders += 1 }
      if byte.isUppercase, previous.isUppercase { capitalPairs += 1 }
    }
  }
}

extension UInt8 {
  var isDigit: Bool { self &- 0x30 < 10 }
  var isUppercase: Bool { self &- 0x41 < 26 }
  var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
  var isHexDigit: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }
}
