import Bytes

/// What becomes of a place with too many names: which of them stay, and what the others have in common.
struct CrowdRule {
  /// A name in a place, and how many keys have it.
  struct Name {
    var piece: [UInt8]
    var keys: Int
  }

  /// Names that become one: what they begin with, and which they are.
  struct Family: Equatable {
    var prefix: [UInt8]
    var members: [Int]
  }

  /// A place may have this many names.
  let limit: Int
  /// A name with fewer keys does not stand out in a crowded place.
  let fewestKeys: Int

  /// The rule of the first place of a key, where namespaces are.
  static let first = CrowdRule(limit: 256, fewestKeys: 20)
  /// The rule of all other places.
  static let others = CrowdRule(limit: 32, fewestKeys: 10)

  /// How many keys a name must have to stand out: five times the median of all.
  static func outstanding(_ keys: [Int], atLeast minimum: Int) -> Int {
    let sorted = keys.sorted()
    return max(minimum, sorted.isEmpty ? 0 : sorted[(sorted.count - 1) / 2] * 5)
  }

  /// The families among some names; nothing where there is room for all.
  ///
  /// Complexity: O(n log n) in the bytes of all names.
  func families(of names: [Name]) -> [Family] {
    var result: [Family] = []
    collapse(Array(names.indices), of: names, behind: 0, into: &result)
    return result
  }

  /// Looks for families among names that begin alike, for `length` bytes.
  ///
  /// One crowded family never spoils its neighbours: what begins with the same word and is a crowd by itself is
  /// looked at alone, and the rest may have room without it.
  private func collapse(_ members: [Int], of names: [Name], behind length: Int, into result: inout [Family]) {
    guard members.count > limit else { return }
    var byWord: [[UInt8]: [Int]] = [:]
    for member in members {
      let piece = names[member].piece
      byWord[Array(piece[length..<CrowdRule.wordEnd(in: piece, from: length)]), default: []].append(member)
    }
    let crowds = byWord.filter { $0.value.count > limit && !$0.key.isEmpty }
      .sorted { $0.key.lexicographicallyPrecedes($1.key) }
    if crowds.isEmpty || areAlike(crowds.map(\.value), of: names, behind: length, crowds.map(\.key.count)) {
      return close(members, of: names, behind: length, into: &result)
    }
    for (word, crowd) in crowds { collapse(crowd, of: names, behind: length + word.count, into: &result) }
    let inCrowds = Set(crowds.flatMap(\.value))
    let others = members.filter { !inCrowds.contains($0) }
    if others.count > limit { close(others, of: names, behind: length, into: &result) }
  }

  /// Makes a family of all names that do not stand out.
  private func close(_ members: [Int], of names: [Name], behind length: Int, into result: inout [Family]) {
    let least = CrowdRule.outstanding(members.map { names[$0].keys }, atLeast: fewestKeys)
    let joining = members.filter { names[$0].keys < least }
    guard let first = joining.first else { return }
    result.append(Family(prefix: Array(names[first].piece[..<length]), members: joining))
  }

  /// True where crowds continue with the same words, as those of free text do: the word before is then no name
  /// either.
  private func areAlike(_ crowds: [[Int]], of names: [Name], behind length: Int, _ lengths: [Int]) -> Bool {
    guard crowds.count > 2 else { return false }
    let words = zip(crowds, lengths).map { crowd, wordLength in
      Set(
        crowd.map { member -> [UInt8] in
          let piece = names[member].piece
          let start = min(piece.count, length + wordLength)
          return Array(piece[start..<CrowdRule.wordEnd(in: piece, from: start)])
        })
    }
    let all = words.reduce(Set()) { $0.union($1) }
    let average = words.reduce(0) { $0 + $1.count } / words.count
    return average * 2 > all.count
  }

  /// The end of a word, with the `_` or `-` behind it.
  private static func wordEnd(in piece: [UInt8], from start: Int) -> Int {
    var index = start
    while index < piece.count {
      let byte = piece[index]
      index += 1
      if byte == UInt8(ascii: "_") || byte == .dash { break }
    }
    return index
  }
}
