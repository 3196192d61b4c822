extension Span<UInt8> {
  /// True where the bytes are the same as others.
  func holds(_ others: Span<UInt8>) -> Bool {
    guard count == others.count else { return false }
    // Invariant: both are as long as the indices say.
    for index in indices where self[unchecked: index] != others[unchecked: index] { return false }
    return true
  }
}

extension Array where Element == UInt8 {
  /// A copy of bytes that are only lent, of the first `limit` where there are more.
  public init(copying span: Span<UInt8>, atMost limit: Int = .max) {
    self = span.withUnsafeBufferPointer { Array($0.prefix(limit)) }
  }
}
