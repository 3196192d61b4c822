import Reporting

/// Wraps a string as `{"value":…,"cachedAt":ms,"expiresAt":ms}`, for readers that serve a value while they fetch a
/// newer one.
enum SeedEnvelope {
  /// The wrapped value; nil where the value is no text, which JSON cannot hold.
  ///
  /// A record that was given as `json` is put into the envelope as it is, any other as a string. `expiresAt` is
  /// null where the key never expires.
  static func wrap(_ value: [UInt8], isJSON: Bool, now: Int64, freshFor: Int64?) -> [UInt8]? {
    var bytes = Array(#"{"value":"#.utf8)
    if isJSON {
      bytes += value
    } else {
      guard let text = String(validating: value, as: UTF8.self) else { return nil }
      bytes += JSON.string(text).serialized()
    }
    bytes += #","cachedAt":\#(now),"expiresAt":"#.utf8
    bytes += freshFor.map { String(now + $0) }.map { Array($0.utf8) } ?? Array("null".utf8)
    return bytes + [UInt8(ascii: "}")]
  }
}
