import Bytes
import Quantities

extension StatsCondition {
  /// Reads a condition: comparisons of fields with values, joined by `and` and `or`, with parentheses.
  ///
  /// `and` binds closer than `or`. A value takes the unit of its field: `100MB`, `2s`, `80%`, or a plain number
  /// in bytes, seconds and ratios.
  ///
  /// - Throws: `StatsConditionError` for a field that does not exist and for anything that is no condition.
  package init(_ text: String) throws(StatsConditionError) {
    var tokenizer = StatsTokenizer(text)
    var parser = StatsConditionParser(tokens: try tokenizer.tokens())
    self = try parser.condition(depth: 0)
    try parser.expectEnd()
  }
}

/// Recursive descent over the pieces of a condition.
private struct StatsConditionParser {
  let tokens: [StatsToken]
  var position = 0

  private static let deepest = 50

  init(tokens: [StatsToken]) { self.tokens = tokens }

  private var next: StatsToken? { position < tokens.count ? tokens[position] : nil }

  mutating func expectEnd() throws(StatsConditionError) {
    switch next {
    case nil: return
    case .close: throw .malformed("a ')' has no '('")
    default: throw .malformed("'and' or 'or' is missing between two comparisons")
    }
  }

  mutating func condition(depth: Int) throws(StatsConditionError) -> StatsCondition {
    guard depth <= StatsConditionParser.deepest else {
      throw .malformed("its parentheses are nested too deep")
    }
    var left = try conjunction(depth: depth)
    while next == .or {
      position += 1
      left = .or(left, try conjunction(depth: depth))
    }
    return left
  }

  private mutating func conjunction(depth: Int) throws(StatsConditionError) -> StatsCondition {
    var left = try term(depth: depth)
    while next == .and {
      position += 1
      left = .and(left, try term(depth: depth))
    }
    return left
  }

  private mutating func term(depth: Int) throws(StatsConditionError) -> StatsCondition {
    guard next == .open else { return .comparison(try comparison()) }
    position += 1
    let inner = try condition(depth: depth + 1)
    guard next == .close else { throw .malformed("a '(' is not closed") }
    position += 1
    return inner
  }

  private mutating func comparison() throws(StatsConditionError) -> StatsPredicate {
    let left = try operand("a comparison begins with a field, such as hit_ratio < 0.8")
    guard case .relation(let relation) = next else {
      throw .malformed("'\(left)' is compared with nothing; write it as in hit_ratio < 0.8")
    }
    position += 1
    let right = try operand("a value is missing after '\(relation.rawValue)'")
    return try resolve(left, relation, right)
  }

  private mutating func operand(_ complaint: String) throws(StatsConditionError) -> String {
    guard case .word(let word) = next else { throw .malformed(complaint) }
    position += 1
    return word
  }

  /// Tells fields from values, and sees that the two can be compared.
  private func resolve(
    _ left: String, _ relation: StatsPredicate.Relation, _ right: String
  ) throws(StatsConditionError) -> StatsPredicate {
    let units = (StatsUnit.unit(of: left), StatsUnit.unit(of: right))
    switch units {
    case (nil, nil):
      throw try StatsNumber.read(left) == nil ? .unknownField(left) : .unknownField(right)
    case (let unit?, nil):
      let value = try literal(right, for: left, unit, relation)
      return StatsPredicate(left: .field(value.field), relation: relation, right: value.operand)
    case (nil, let unit?):
      let value = try literal(left, for: right, unit, relation)
      return StatsPredicate(left: value.operand, relation: relation, right: .field(value.field))
    case (let first?, let second?):
      guard (first == .text) == (second == .text) else {
        throw .malformed("\(left) and \(right) cannot be compared: one is a word, the other a number")
      }
      try expectOrder(relation, first, of: left)
      return StatsPredicate(
        left: .field(.init(name: left)), relation: relation, right: .field(.init(name: right)))
    }
  }

  private func literal(
    _ text: String, for field: String, _ unit: StatsUnit, _ relation: StatsPredicate.Relation
  ) throws(StatsConditionError) -> (field: StatsPredicate.Field, operand: StatsPredicate.Operand) {
    try expectOrder(relation, unit, of: field)
    if unit == .text { return (.init(name: field), .text(text)) }
    guard let number = try StatsNumber.read(text) else {
      throw StatsConditionParser.isName(text)
        ? .unknownField(text) : .malformed("'\(text)' is no value for \(field)")
    }
    let isRate = number.unit == .rate && unit == .count && StatsUnit.isCounted(field)
    if let given = number.unit, given != unit, !isRate, !(given == .ratio && unit == .factor) {
      throw .malformed("\(field) is measured in \(unit.plural), and '\(text)' in \(given.plural)")
    }
    if unit == .ratio, number.unit == nil, !(0...1).contains(number.value) {
      let percent = number.value < 2 ? number.value * 100 : number.value
      throw .malformed("\(field) is a ratio from 0 to 1: write \(NumberText.fixed(percent, decimals: 0))%")
    }
    return (.init(name: field, isRate: isRate), .number(number.value))
  }

  private func expectOrder(
    _ relation: StatsPredicate.Relation, _ unit: StatsUnit, of field: String
  ) throws(StatsConditionError) {
    guard unit == .text, relation != .equal, relation != .notEqual else { return }
    throw .malformed("\(field) is a word: it can be compared with == and != only")
  }

  private static func isName(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { $0 == "_" || $0 == "." || ("a"..."z").contains($0) }
  }
}

extension StatsUnit {
  /// The unit as a sentence names it.
  fileprivate var plural: String {
    switch self {
    case .count: "numbers of things"
    case .ratio, .factor: "ratios"
    case .rate: "things a second"
    case .bytes: "bytes"
    case .seconds: "seconds"
    case .text: "words"
    }
  }
}

// MARK: - Pieces

/// A piece of a condition.
private enum StatsToken: Equatable {
  case word(String)
  case relation(StatsPredicate.Relation)
  case and
  case or
  case open
  case close
}

/// Cuts a condition into its pieces.
private struct StatsTokenizer {
  /// Longer than any real condition; it bounds the depth of the parser.
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

  /// The characters of names, of numbers, of rates such as `100/s` and of policies such as `allkeys-lru`.
  private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", ".", "%", "-", "+", "µ", "/": true
    default: false
    }
  }
}

/// Reads the numbers of conditions: `0.8`, `80%`, `1_000`, `100MB`, `512KiB`, `2s`, `0.5ms`, `1h30m`, `100/s`, `5/m`.
private enum StatsNumber {
  /// The value and the kind that its unit names, nil for a plain number; nil where the text is no number.
  static func read(_ text: String) throws(StatsConditionError) -> (value: Double, unit: StatsUnit?)? {
    guard let first = text.unicodeScalars.first,
      ("0"..."9").contains(first) || "-+.".unicodeScalars.contains(first)
    else { return nil }
    let digits = text.prefix { $0.isASCII && ($0.isNumber || "._-+".contains($0)) }
    let plain = digits.filter { $0 != "_" }
    let name = String(text.dropFirst(digits.count))
    if let scale = scales[name] {
      guard let number = Double(plain), number.isFinite else { throw .malformed("'\(text)' is not a number") }
      return (number * scale.factor, scale.unit)
    }
    if name.hasPrefix("/") {
      guard let seconds = periods[String(name.dropFirst())], let number = Double(plain), number.isFinite
      else {
        throw .malformed("'\(text)' is not a rate; write 100/s, 100/m or 100/h")
      }
      return (number / seconds, .rate)
    }
    // Several units, such as 1h30m, and a good word on what is wrong with any other.
    do {
      let duration = try Units.duration(text)
      return (duration / .seconds(1), .seconds)
    } catch {
      if let exponent = Double(text), exponent.isFinite { return (exponent, nil) }
      throw .malformed(
        "'\(text)' is not a number with a unit known here: % for ratios, ms s m h d w, B KB MB GB TB KiB MiB GiB TiB"
      )
    }
  }

  private static let periods: [String: Double] = ["s": 1, "m": 60, "min": 60, "h": 3_600, "d": 86_400]

  private static let scales: [String: (factor: Double, unit: StatsUnit?)] = [
    "": (1, nil), "%": (0.01, .ratio),
    "us": (1e-6, .seconds), "µs": (1e-6, .seconds), "ms": (1e-3, .seconds), "s": (1, .seconds),
    "m": (60, .seconds), "h": (3_600, .seconds), "d": (86_400, .seconds), "w": (604_800, .seconds),
    "B": (1, .bytes), "KB": (1e3, .bytes), "kB": (1e3, .bytes), "MB": (1e6, .bytes), "GB": (1e9, .bytes),
    "TB": (1e12, .bytes), "KiB": (0x1p10, .bytes), "MiB": (0x1p20, .bytes), "GiB": (0x1p30, .bytes),
    "TiB": (0x1p40, .bytes),
  ]
}
