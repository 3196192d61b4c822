extension Array where Element == UInt8 {
  /// A copy of bytes that are only lent, of the first `limit` where there are more.
  public init(copying span: Span<UInt8>, atMost limit: Int = .max) {
    self = span.withUnsafeBufferPointer { Array($0.prefix(limit)) }
  }
}
