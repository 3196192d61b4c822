import Bytes

/// Percent-encoding as in RFC 3986, section 2.1, on bytes.
enum PercentCoding {
  /// The bytes that `text` stands for, or nil where a `%` is not followed by two hexadecimal digits.
  static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count)
    var rest = text.makeIterator()
    while let byte = rest.next() {
      guard byte == UInt8(ascii: "%") else {
        decoded.append(byte)
        continue
      }
      guard let high = rest.next()?.hexValue, let low = rest.next()?.hexValue else {
        return nil
      }
      decoded.append(high << 4 | low)
    }
    return decoded
  }

  /// A path as it stands in a URI: everything but unreserved characters, `/`, `:` and `+` escaped.
  static func encode(path: String) -> String { encode(path, keeping: "/:+") }

  /// One segment of a path as it stands in a URI: everything but unreserved characters escaped.
  static func encode(segment: String) -> String { encode(segment, keeping: "") }

  private static func encode(_ text: String, keeping kept: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
      let scalar = Unicode.Scalar(byte)
      if byte.isUnreserved || kept.unicodeScalars.contains(scalar) {
        encoded.unicodeScalars.append(scalar)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += digits.count == 1 ? "%0" + digits : "%" + digits
      }
    }
    return encoded
  }

  /// An IPv6 address whose zone separator is escaped for a URI: `fe80::1%eth0` becomes `fe80::1%25eth0`.
  static func escapingZone(_ host: String) -> String {
    guard let percent = host.firstIndex(of: "%") else { return host }
    return host[..<percent] + "%25" + host[host.index(after: percent)...]
  }
}

extension UInt8 {
  /// Whether RFC 3986 (section 2.3) lets this byte stand for itself everywhere in a URI.
  var isUnreserved: Bool {
    isAlphanumeric || self == UInt8(ascii: "-") || self == UInt8(ascii: ".") || self == UInt8(ascii: "_")
      || self == UInt8(ascii: "~")
  }
}
