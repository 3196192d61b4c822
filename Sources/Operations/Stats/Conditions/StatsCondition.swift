package import Reporting

/// A condition on the figures of `stats`, such as `hit_ratio < 0.8 or evicted_keys > 100/s`.
package indirect enum StatsCondition: Sendable, Equatable {
  /// One comparison.
  case comparison(StatsPredicate)
  /// Both hold.
  case and(StatsCondition, StatsCondition)
  /// One of them holds, or both.
  case or(StatsCondition, StatsCondition)

  /// Every field that the condition names, in order, each once.
  package var fields: [StatsPredicate.Field] {
    switch self {
    case .comparison(let comparison):
      return comparison.fields
    case .and(let left, let right), .or(let left, let right):
      let first = left.fields
      return first + right.fields.filter { !first.contains($0) }
    }
  }

  /// Whether the condition holds; nil where that depends on a field that is not known, or has no value.
  ///
  /// Kleene's logic: what is false with an unknown part stays false, what is true stays true.
  package func holds(_ value: (StatsPredicate.Field) -> StatsFigure) -> Bool? {
    switch self {
    case .comparison(let comparison):
      return comparison.holds(value)
    case .and(let left, let right):
      let (left, right) = (left.holds(value), right.holds(value))
      if left == false || right == false { return false }
      return left == nil || right == nil ? nil : true
    case .or(let left, let right):
      let (left, right) = (left.holds(value), right.holds(value))
      if left == true || right == true { return true }
      return left == nil || right == nil ? nil : false
    }
  }
}

/// Two operands and how they must compare.
package struct StatsPredicate: Sendable, Equatable {
  /// A field, as it is or as a rate.
  package struct Field: Sendable, Equatable {
    /// The name, with `interval.`, `lifetime.` or `worst.` before it where one was written.
    package let name: String
    /// True where what is counted is compared as a rate, in events a second.
    package var isRate = false
  }

  /// One side.
  package enum Operand: Sendable, Equatable {
    /// A field.
    case field(Field)
    /// A number in the field's unit: things, bytes, seconds, things a second, or a ratio from 0 to 1.
    case number(Double)
    /// A word.
    case text(String)
  }

  /// The relation, written as in the expression.
  package enum Relation: String, Sendable, CaseIterable {
    /// Less.
    case less = "<"
    /// Less or equal.
    case lessOrEqual = "<="
    /// Greater.
    case greater = ">"
    /// Greater or equal.
    case greaterOrEqual = ">="
    /// Equal.
    case equal = "=="
    /// Not equal.
    case notEqual = "!="
  }

  /// The left side.
  package let left: Operand
  /// The relation.
  package let relation: Relation
  /// The right side.
  package let right: Operand

  var fields: [Field] {
    [left, right].compactMap { operand -> Field? in
      guard case .field(let field) = operand else { return nil }
      return field
    }
  }

  func holds(_ value: (Field) -> StatsFigure) -> Bool? {
    func resolve(_ operand: Operand) -> StatsFigure {
      switch operand {
      case .field(let field): value(field)
      case .number(let number): .number(number...number)
      case .text(let text): .text(text)
      }
    }
    switch (resolve(left), resolve(right)) {
    case (.number(let left), .number(let right)): return compare(left, right)
    case (.text(let left), .text(let right)):
      return relation == .equal ? left == right : relation == .notEqual ? left != right : nil
    default: return nil
    }
  }

  /// Compares two numbers of which no more may be known than between which others they lie.
  private func compare(_ left: ClosedRange<Double>, _ right: ClosedRange<Double>) -> Bool? {
    switch relation {
    case .less: return StatsPredicate.isLess(left, right)
    case .lessOrEqual: return StatsPredicate.isLess(right, left).map { !$0 }
    case .greater: return StatsPredicate.isLess(right, left)
    case .greaterOrEqual: return StatsPredicate.isLess(left, right).map { !$0 }
    case .equal: return StatsPredicate.isEqual(left, right)
    case .notEqual: return StatsPredicate.isEqual(left, right).map { !$0 }
    }
  }

  private static func isLess(_ left: ClosedRange<Double>, _ right: ClosedRange<Double>) -> Bool? {
    if left.upperBound < right.lowerBound { return true }
    return left.lowerBound >= right.upperBound ? false : nil
  }

  private static func isEqual(_ left: ClosedRange<Double>, _ right: ClosedRange<Double>) -> Bool? {
    guard left.overlaps(right) else { return false }
    return left == right && left.lowerBound == left.upperBound ? true : nil
  }
}

/// Why a condition cannot be read.
package enum StatsConditionError: Error, Sendable, Equatable {
  /// There is no field of that name.
  case unknownField(String)
  /// The condition is not well formed; one sentence for people.
  case malformed(String)
}
