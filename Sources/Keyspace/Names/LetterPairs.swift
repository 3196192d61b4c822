/// Pairs of neighbouring letters that words hardly ever hold.
///
/// Two random letters form such a pair four times in ten, two neighbours in a name once in two hundred times.
enum LetterPairs {
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
