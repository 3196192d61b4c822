package import Bytes

extension KeyText {
  /// Returns ``quoted(_:)``, cut in the middle to at most `maxWidth` terminal columns.
  ///
  /// The ends survive because keys differ there: the namespace in front, the identifier at the back.
  package static func display(_ key: [UInt8], maxWidth: Int, style: Style = .plain) -> String {
    TextWidth.truncatedMiddle(quoted(key), to: maxWidth, ellipsis: style.ellipsis)
  }
}
