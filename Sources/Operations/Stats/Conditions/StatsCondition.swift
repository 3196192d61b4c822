import Bytes

/// A condition on the figures of `stats`, such as `hit_ratio < 0.8 or evicted_keys > 100`.
package indirect enum StatsCondition: Sendable, Equatable {
  /// One comparison.
  case comparison(StatsPredicate)
  /// Both hold.
  case and(StatsCondition, StatsCondition)
  /// One of them holds, or both.
  case or(StatsCondition, StatsCondition)

  /// Every field that the condition names, in order, each once.
  package var fields: [String] {
    switch self {
    case .comparison(let comparison):
      return comparison.fields
    case .and(let left, let right), .or(let left, let right):
      let first = left.fields
      return first + right.fields.filter { !first.contains($0) }
    }
  }

  /// Whether the condition holds; nil where that depends on a field without a value.
  ///
  /// Kleene's logic: what is false with an unknown part stays false, what is true stays true.
  package func holds(_ value: (String) -> StatsValue?) -> Bool? {
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

/// The value of a field or a literal.
package enum StatsValue: Sendable, Equatable {
  /// A number in the field's unit: things, bytes, seconds, or a ratio from 0 to 1.
  case number(Double)
  /// A word.
  case text(String)
}

/// Two operands and how they must compare.
package struct StatsPredicate: Sendable, Equatable {
  /// One side.
  package enum Operand: Sendable, Equatable {
    /// A field by its name.
    case field(String)
    /// A value.
    case literal(StatsValue)
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

  var fields: [String] {
    [left, right].compactMap { operand -> String? in
      guard case .field(let name) = operand else { return nil }
      return name
    }
  }

  func holds(_ value: (String) -> StatsValue?) -> Bool? {
    func resolve(_ operand: Operand) -> StatsValue? {
      switch operand {
      case .field(let name): value(name)
      case .literal(let literal): literal
      }
    }
    guard let left = resolve(left), let right = resolve(right) else { return nil }
    switch (left, right) {
    case (.number(let left), .number(let right)): return compare(left, right)
    case (.text(let left), .text(let right)):
      return relation == .equal ? left == right : relation == .notEqual ? left != right : nil
    default: return nil
    }
  }

  private func compare(_ left: Double, _ right: Double) -> Bool {
    switch relation {
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    case .equal: left == right
    case .notEqual: left != right
    }
  }
}

/// Why a condition cannot be read.
package enum StatsConditionError: Error, Sendable, Equatable {
  /// There is no field of that name.
  case unknownField(String)
  /// The condition is not well formed; one sentence for people.
  case malformed(String)
}
