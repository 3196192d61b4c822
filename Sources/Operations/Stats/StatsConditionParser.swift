import RedisClient

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
      return StatsPredicate(left: .field(left), relation: relation, right: .literal(value))
    case (nil, let unit?):
      let value = try literal(left, for: right, unit, relation)
      return StatsPredicate(left: .literal(value), relation: relation, right: .field(right))
    case (let first?, let second?):
      guard (first == .text) == (second == .text) else {
        throw .malformed("\(left) and \(right) cannot be compared: one is a word, the other a number")
      }
      try expectOrder(relation, first, of: left)
      return StatsPredicate(left: .field(left), relation: relation, right: .field(right))
    }
  }

  private func literal(
    _ text: String, for field: String, _ unit: StatsUnit, _ relation: StatsPredicate.Relation
  ) throws(StatsConditionError) -> StatsValue {
    try expectOrder(relation, unit, of: field)
    if unit == .text { return .text(text) }
    guard let number = try StatsNumber.read(text) else {
      throw StatsConditionParser.isName(text)
        ? .unknownField(text) : .malformed("'\(text)' is no value for \(field)")
    }
    if let given = number.unit, given != unit {
      throw .malformed("\(field) is measured in \(unit.plural), and '\(text)' in \(given.plural)")
    }
    return .number(number.value)
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
    case .ratio: "ratios"
    case .bytes: "bytes"
    case .seconds: "seconds"
    case .text: "words"
    }
  }
}
