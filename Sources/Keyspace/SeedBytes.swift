extension Array where Element == UInt8 {
  /// Lends the bytes as a span, which can only be taken of a constant.
  func lend<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    let bytes = self
    return body(bytes.span)
  }
}
