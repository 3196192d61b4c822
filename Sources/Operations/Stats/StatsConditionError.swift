/// Why a condition cannot be read.
package enum StatsConditionError: Error, Sendable, Equatable {
  /// There is no field of that name.
  case unknownField(String)
  /// The condition is not well formed; one sentence for people.
  case malformed(String)
}
