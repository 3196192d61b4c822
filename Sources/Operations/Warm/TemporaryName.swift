/// Names for keys that are being written and not yet in their place.
enum TemporaryName {
  /// A name that begins as the key does, so that rules which allow the one allow the other; in a cluster it lies in
  /// the same slot, so that it can be renamed to the key.
  ///
  /// The slot of a name is that of its first non-empty `{…}`, else of the whole name (Redis cluster
  /// specification, "Hash tags").
  static func beside(_ key: [UInt8], run: String, number: Int, isCluster: Bool) -> [UInt8] {
    let (open, close) = (UInt8(ascii: "{"), UInt8(ascii: "}"))
    let suffix = Array(":rediscache:\(run):\(number)".utf8)
    if let start = key.firstIndex(of: open), let end = key[start...].firstIndex(of: close), end > start + 1 {
      return key + suffix
    }
    // A brace inside would end the tag early: no other name lies in the slot of such a key.
    return !isCluster || key.isEmpty || key.contains(close) ? key + suffix : [open] + key + [close] + suffix
  }
}
