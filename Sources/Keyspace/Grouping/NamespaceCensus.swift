/// Counts first segments, to distinguish namespaces from identifiers.
///
/// A first segment is the name that people look for, so many different ones do not at once make the place
/// vary: one that holds a fair share of all keys stays a name, however many others there are.
struct NamespaceCensus: Sendable {
  /// More different first segments than this are never kept, whatever their share.
  static let capacity = 4096
  /// A namespace with fewer keys than this is no exception to the limit.
  static let fewestKeys = 100

  /// Keys that have a namespace.
  var total = 0
  /// Their number when first segments were last merged; nil while each new one still gets a node of its own.
  var totalWhenClosed: Int?

  /// True once new first segments get no node of their own.
  var isClosed: Bool { totalWhenClosed != nil }

  /// True where a first segment is a name by its share: at least one key in a hundred.
  func isName(seen: Int) -> Bool { seen >= NamespaceCensus.fewestKeys && seen * 100 >= total }

  /// True where a first segment may still become a name: SCAN meets keys in random order, so one that
  /// holds a hundredth of all keys has a quarter of that share early on, with near certainty.
  func mayBecomeName(seen: Int) -> Bool { seen * 400 >= total }
}
