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

  /// Counts the bytes of a segment.
  ///
  /// Complexity: O(n).
  init(_ bytes: Span<UInt8>) {
    var previous: UInt8 = 0
    for index in bytes.indices {
      let byte = bytes[index]
      if byte.isDigit {
        digits += 1
        if previous.isLetter { digitBorders += 1 } else if previous.isDigit { digitPairs += 1 }
      } else if byte.isLetter {
        countLetter(byte, after: previous)
      } else {
        countMark(byte)
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
      countPair(previous, byte)
    }
  }

  private mutating func countPair(_ previous: UInt8, _ byte: UInt8) {
    switch (previous.isUppercase, byte.isUppercase) {
    case (false, true):
      camelBorders += 1
      return
    case (true, false): wordStarts += 1
    case (true, true): capitalPairs += 1
    case (false, false): break
    }
    if LetterPairs.isRare(previous, byte) { rarePairs += 1 } else { usualPairs += 1 }
  }

  private mutating func countMark(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "_"): dashes += 1
    case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): base64Marks += 1
    default: others += 1
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

  private static let masks: [UInt32] = rareFollowers.map { followers in
    followers.utf8.reduce(0) { $0 | 1 << UInt32($1 - UInt8(ascii: "a")) }
  }

  /// True where the second letter hardly ever follows the first; both must be letters, in either case.
  static func isRare(_ first: UInt8, _ second: UInt8) -> Bool {
    masks[Int(first & 0x1f) - 1] >> UInt32((second & 0x1f) - 1) & 1 == 1
  }
}
