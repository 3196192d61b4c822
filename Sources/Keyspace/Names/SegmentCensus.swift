import Bytes

/// What a segment is made of and what kinds of neighbours it holds, counted in one pass.
struct SegmentCensus {
  var digits = 0
  var letters = 0
  /// Letters that are digits of base 16.
  var hexLetters = 0
  /// `-` and `_`.
  var dashes = 0
  /// `+`, `/` and `=`, which base64 uses besides letters and digits.
  var base64Marks = 0
  /// Dots, spaces, other punctuation, control characters and bytes above ASCII.
  var others = 0
  /// Neighbouring digits.
  var digitPairs = 0
  /// Neighbours of which one is a digit and the other a letter.
  var digitBorders = 0
  /// A capital after a small letter, as between the words of a camel-case name.
  var camelBorders = 0
  /// A small letter after a capital, as at the start of a word.
  var wordStarts = 0
  /// Neighbouring capitals.
  var capitalPairs = 0
  /// Neighbouring letters within a word that words hardly ever hold.
  var rarePairs = 0
  /// All other neighbouring letters within a word.
  var usualPairs = 0

  /// Neighbouring letters of different case.
  var caseBorders: Int { camelBorders + wordStarts }

  /// How far the neighbours speak for a random token, above 0, or for words.
  ///
  /// The weights are a logistic regression's, rounded: 70,000 identifiers of C, Python and Swift sources and
  /// names of system files against 60,000 random tokens of base 32, 36, 62 and 64, each of 10 to 32 bytes.
  /// Dashes weigh less than they did there, because words between them are looked for as well.
  var randomness: Int {
    5 * digitBorders + 4 * rarePairs + 2 * camelBorders + capitalPairs - 2 * usualPairs - 2 * digitPairs - 6
      * dashes
  }

  /// Counts the bytes of a segment, of which there are at most `SegmentShape.longestSegment`.
  ///
  /// Complexity: O(n).
  init(_ bytes: Span<UInt8>) {
    let tables = CensusTables.shared
    let (kinds, pairs) = (tables.kinds.span, tables.pairs.span)
    var counts: UInt64 = 0
    var neighbours: UInt64 = 0
    var previous = CensusTables.Kind.none
    var followers: UInt32 = 0
    for index in bytes.indices {
      // Invariant: the tables have a row for each value of a byte, and for each pair of shapes.
      let kind = kinds[unchecked: Int(bytes[unchecked: index])]
      counts &+= kind.counts
      let pair = pairs[unchecked: previous.shape &<< 2 | kind.shape]
      neighbours &+= pair
      // Small letters behind capitals and the like: within a word, a pair may be rare.
      if pair & CensusTables.wordPair != 0, followers &>> kind.letter & 1 == 1 { rarePairs &+= 1 }
      followers = kind.followers
      previous = kind
    }
    take(counts, neighbours)
  }

  private mutating func take(_ counts: UInt64, _ neighbours: UInt64) {
    func field(_ place: UInt64, of packed: UInt64) -> Int {
      Int(packed >> (place * CensusTables.width) & (1 << CensusTables.width - 1))
    }
    digits = field(0, of: counts)
    letters = field(1, of: counts)
    hexLetters = field(2, of: counts)
    dashes = field(3, of: counts)
    base64Marks = field(4, of: counts)
    others = field(5, of: counts)
    digitPairs = field(0, of: neighbours)
    digitBorders = field(1, of: neighbours)
    camelBorders = field(2, of: neighbours)
    wordStarts = field(3, of: neighbours)
    capitalPairs = field(4, of: neighbours)
    usualPairs = field(5, of: neighbours) - rarePairs
  }
}

/// What a census counts for each byte and for each two neighbours, several small counts in one number.
private struct CensusTables: Sendable {
  /// What is counted for a byte.
  struct Kind: Sendable {
    /// A count of one for each of: digits, letters, letters that are digits of base 16, dashes, marks of base64, others.
    var counts: UInt64
    /// 0 for what is neither letter nor digit, 1 for a digit, 2 for a small letter, 3 for a capital.
    var shape = 0
    /// A letter's place in the alphabet.
    var letter: UInt32 = 0
    /// A bit for each letter that hardly follows this one in a word.
    var followers: UInt32 = 0

    /// What precedes the first byte.
    static let none = Kind(counts: 0)
  }

  /// Bits of a count: a segment may have 256 bytes.
  static let width: UInt64 = 10
  /// The count of neighbouring letters within a word.
  static let wordPair = one(5)
  static let shared = CensusTables()

  /// The kind of each byte value.
  let kinds: [Kind]
  /// What is counted for each two shapes, at four times the first's number and the second's: pairs of digits, digits
  /// beside letters, borders of camel case, starts of words, pairs of capitals, and letters within a word.
  let pairs: [UInt64]

  private init() {
    kinds = (UInt8.min...UInt8.max).map(CensusTables.kind)
    var pairs = [UInt64](repeating: 0, count: 16)
    pairs[0b0101] = CensusTables.one(0)
    for border in [0b0110, 0b0111, 0b1001, 0b1101] { pairs[border] = CensusTables.one(1) }
    pairs[0b1011] = CensusTables.one(2)
    pairs[0b1110] = CensusTables.one(3) | CensusTables.wordPair
    pairs[0b1111] = CensusTables.one(4) | CensusTables.wordPair
    pairs[0b1010] = CensusTables.wordPair
    self.pairs = pairs
  }

  private static func one(_ place: UInt64) -> UInt64 { 1 << (place * width) }

  private static func kind(of byte: UInt8) -> Kind {
    if byte.isDigit { return Kind(counts: one(0), shape: 1) }
    if byte.isLetter {
      return Kind(
        counts: byte.isHexDigit ? one(1) | one(2) : one(1), shape: byte.isUppercase ? 3 : 2,
        letter: UInt32(byte & 0x1f) - 1, followers: LetterPairs.followers(of: byte))
    }
    switch byte {
    case .dash, UInt8(ascii: "_"): return Kind(counts: one(3))
    case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): return Kind(counts: one(4))
    default: return Kind(counts: one(5))
    }
  }
}

/// Pairs of neighbouring letters that words hardly ever hold.
///
/// Two random letters form such a pair four times in ten, two neighbours in a name once in two hundred times.
private enum LetterPairs {
  /// For each letter from `a` to `z`, the letters that hardly follow it: pairs that made up less than 0.012 %
  /// of all in 4,000 words counted in the identifiers of C, Python and Swift sources.
  private static let rareFollowers = [
    "hjoq", "bfhkqvwxz", "bjqvwxz", "kqwxz", "jz", "ghjkmpqvwxz", "bdfjqvwxz", "bcdfghjknpqvwxz", "hijqwy",
    "bcdfghjklmnqrtvwxyz", "bghjkopqtvxyz", "hjqwxz", "ghjknqrvwxz", "jqwxz", "hqz", "jqwxz",
    "abcdefghijkmnopqrtvwxyz", "hjqxz", "bjz", "gjkqvz", "hjkquvwyz", "bcdfghjklnqrtuvwxyz",
    "bcfgjkmpqtuvwxyz",
    "bdghjklnoqruvwyz", "dfghjkqruvwxyz", "bcdfghjklmnpqrstuvwxyz",
  ]

  /// A bit for each letter that hardly follows another, which is of either case.
  static func followers(of letter: UInt8) -> UInt32 {
    rareFollowers[Int(letter & 0x1f) - 1].utf8.reduce(0) { $0 | 1 << UInt32($1 - UInt8(ascii: "a")) }
  }
}
