/// Arithmetic on figures from outside, of servers and of files that anyone may have edited: what cannot be represented is
/// unknown, and so is what follows from something unknown. No such figure may meet an operator that stops the process.
extension Optional where Wrapped == Int {
  /// The sum; nil where either side is unknown or the sum is no `Int`.
  package func plus(_ other: Int?) -> Int? {
    guard let self, let other else { return nil }
    let (sum, overflows) = self.addingReportingOverflow(other)
    return overflows ? nil : sum
  }

  /// The difference; nil where either side is unknown or the difference is no `Int`.
  package func minus(_ other: Int?) -> Int? {
    guard let self, let other else { return nil }
    let (difference, overflows) = self.subtractingReportingOverflow(other)
    return overflows ? nil : difference
  }
}

extension Sequence where Element == Int? {
  /// The sum of all; nil where one of them is unknown or the sum is no `Int`, 0 of none.
  package var known: Int? { reduce(Int?.some(0)) { $0.plus($1) } }
}
