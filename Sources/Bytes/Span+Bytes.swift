extension Span<UInt8> {
  /// True where the bytes are the same as others.
  @inlinable package func holds(_ others: Span<UInt8>) -> Bool {
    guard count == others.count else { return false }
    // Invariant: both are as long as the indices say.
    for index in indices where self[unchecked: index] != others[unchecked: index] { return false }
    return true
  }
}

extension Array where Element == UInt8 {
  /// A copy of borrowed bytes, of the first `limit` where there are more.
  package init(copying span: Span<UInt8>, atMost limit: Int = .max) {
    self = span.withUnsafeBufferPointer { Array($0.prefix(limit)) }
  }

  /// Lends the bytes as a span, which can only be taken of a constant.
  @inlinable package func lend<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    let bytes = self
    return body(bytes.span)
  }
}
