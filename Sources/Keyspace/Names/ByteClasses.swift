/// The kinds of bytes that a piece of a key is made of, as a set.
struct ByteClasses: OptionSet, Sendable {
  let rawValue: UInt16

  static let lowercase = ByteClasses(rawValue: 1)
  static let uppercase = ByteClasses(rawValue: 2)
  static let digit = ByteClasses(rawValue: 4)
  static let dot = ByteClasses(rawValue: 8)
  /// `-` and `_`, which join words.
  static let joint = ByteClasses(rawValue: 16)
  /// What is left of ASCII: spaces, control characters and other punctuation.
  static let punctuation = ByteClasses(rawValue: 32)
  /// Bytes above ASCII: letters of any script, or no text at all.
  static let beyondASCII = ByteClasses(rawValue: 64)
  /// `*`, which shows what varies.
  static let star = ByteClasses(rawValue: 128)
  static let slash = ByteClasses(rawValue: 256)
  /// `{` and `}`, which are punctuation as well.
  static let brace = ByteClasses(rawValue: 512)
  /// The space, and what it is written as in URLs: `+`, and `%` of `%20`. They are punctuation as well.
  static let blank = ByteClasses(rawValue: 1024)
  /// What parts segments: `:`, `|`, `#`, `~`, and the `>` of `->`. They are punctuation as well.
  static let strong = ByteClasses(rawValue: 2048)
  /// What parts the pieces of a segment, `.` and `/` apart. They are punctuation as well.
  static let weak = ByteClasses(rawValue: 4096)
  /// `@`, which is punctuation as well.
  static let at = ByteClasses(rawValue: 8192)

  /// What splits a segment into pieces.
  static let dividers: ByteClasses = [.dot, .slash, .weak]

  /// Small letters and digits: `v2`, base 36.
  static let lowercaseAndDigit: ByteClasses = [.lowercase, .digit]
  /// What a word does not hold.
  static let marks: ByteClasses = [.punctuation, .star, .dot]
  /// One of these is in every identifier that is told from a name by what its bytes are beside each other.
  static let signsOfIdentifiers: ByteClasses = [.digit, .uppercase, .punctuation, .star, .beyondASCII]
  /// What addresses hold beside letters and digits.
  static let signsBesideLetters: ByteClasses = [.punctuation, .star, .beyondASCII]
  /// What a number among words may hold.
  static let digitAndPunctuation: ByteClasses = [.digit, .punctuation]

  /// What a name is made of: letters of any script.
  static let letters: ByteClasses = [.lowercase, .uppercase, .beyondASCII]

  /// The class of each byte value.
  static let table: [ByteClasses] = (UInt8.min...UInt8.max).map { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): .lowercase
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): .uppercase
    case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
    case UInt8(ascii: "."): .dot
    case UInt8(ascii: "/"): .slash
    case UInt8(ascii: "-"), UInt8(ascii: "_"): .joint
    case UInt8(ascii: "*"): .star
    case UInt8(ascii: "{"), UInt8(ascii: "}"): [.punctuation, .brace]
    case UInt8(ascii: " "), UInt8(ascii: "+"), UInt8(ascii: "%"): [.punctuation, .blank]
    case UInt8(ascii: ":"), UInt8(ascii: "|"), UInt8(ascii: "#"), UInt8(ascii: "~"), UInt8(ascii: ">"):
      [.punctuation, .strong]
    case UInt8(ascii: ","), UInt8(ascii: "?"), UInt8(ascii: "&"), UInt8(ascii: "("), UInt8(ascii: "["),
      UInt8(ascii: "="), UInt8(ascii: "\\"), 0, 0x1e:
      [.punctuation, .weak]
    case UInt8(ascii: "@"): [.punctuation, .at]
    case 0x80...: .beyondASCII
    default: .punctuation
    }
  }

  /// The classes of all bytes of a text.
  ///
  /// Complexity: O(n).
  init(of bytes: Span<UInt8>) {
    let table = ByteClasses.table
    let rows = table.span
    var classes: ByteClasses = []
    // Invariant: the table has a row for each value of a byte.
    for index in bytes.indices {
      classes.formUnion(rows[unchecked: Int(bytes[unchecked: index])])
    }
    self = classes
  }

  init(rawValue: UInt16) { self.rawValue = rawValue }

  // Asked for each byte: without optimisation the generic operators of OptionSet take twenty times as long.

  func contains(_ other: ByteClasses) -> Bool { rawValue & other.rawValue == other.rawValue }

  func isDisjoint(with other: ByteClasses) -> Bool { rawValue & other.rawValue == 0 }

  mutating func formUnion(_ other: ByteClasses) { self = ByteClasses(rawValue: rawValue | other.rawValue) }

  func union(_ other: ByteClasses) -> ByteClasses { ByteClasses(rawValue: rawValue | other.rawValue) }

  static func == (left: ByteClasses, right: ByteClasses) -> Bool { left.rawValue == right.rawValue }
}
