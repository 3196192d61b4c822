import Bytes

/// A piece of a condition.
enum StatsToken: Equatable {
  case word(String)
  case relation(StatsPredicate.Relation)
  case and
  case or
  case open
  case close
}

/// Cuts a condition into its pieces.
struct StatsTokenizer {
  /// Nobody writes a longer condition, and the parser's depth is bounded by it.
  static let longest = 2_000

  private let scalars: [Unicode.Scalar]
  private var position = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  /// The pieces in order.
  mutating func tokens() throws(StatsConditionError) -> [StatsToken] {
    guard scalars.count <= StatsTokenizer.longest else {
      throw .malformed("it is longer than \(StatsTokenizer.longest) characters")
    }
    var tokens: [StatsToken] = []
    while let scalar = peek {
      if scalar.properties.isWhitespace {
        position += 1
      } else {
        tokens.append(try next(scalar))
      }
    }
    return tokens
  }

  private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func next(_ scalar: Unicode.Scalar) throws(StatsConditionError) -> StatsToken {
    switch scalar {
    case "(":
      position += 1
      return .open
    case ")":
      position += 1
      return .close
    case "<", ">", "=", "!": return try relation()
    case "'", "\"": return try quotedWord(until: scalar)
    case _ where StatsTokenizer.isWordPart(scalar): return word()
    default: throw .malformed("'\(KeyText.excerpt(String(scalar), atMost: 1))' has no meaning here")
    }
  }

  private mutating func relation() throws(StatsConditionError) -> StatsToken {
    var text = ""
    while let scalar = peek, "<>=!".unicodeScalars.contains(scalar), text.count < 2 {
      text.unicodeScalars.append(scalar)
      position += 1
    }
    if let relation = StatsPredicate.Relation(rawValue: text) { return .relation(relation) }
    if text == "=" { throw .malformed("write == to compare") }
    throw .malformed("'\(text)' is no comparison; there are < <= > >= == !=")
  }

  private mutating func quotedWord(until quote: Unicode.Scalar) throws(StatsConditionError) -> StatsToken {
    position += 1
    var text = ""
    while let scalar = peek {
      position += 1
      if scalar == quote { return .word(text) }
      text.unicodeScalars.append(scalar)
    }
    throw .malformed("a quote is not closed")
  }

  private mutating func word() -> StatsToken {
    var text = ""
    while let scalar = peek, StatsTokenizer.isWordPart(scalar) {
      text.unicodeScalars.append(scalar)
      position += 1
    }
    return switch text.lowercased() {
    case "and": .and
    case "or": .or
    default: .word(text)
    }
  }

  /// The characters of names, of numbers and of policies such as `allkeys-lru`.
  private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", ".", "%", "-", "+", "µ": true
    default: false
    }
  }
}
