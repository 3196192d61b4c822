import Quantities

/// Reads the numbers of conditions: `0.8`, `80%`, `1_000`, `100MB`, `512KiB`, `2s`, `0.5ms`, `1h30m`.
enum StatsNumber {
  /// The value and the kind that its unit names, nil for a plain number; nil where the text is no number.
  static func read(_ text: String) throws(StatsConditionError) -> (value: Double, unit: StatsUnit?)? {
    guard let first = text.unicodeScalars.first,
      ("0"..."9").contains(first) || "-+.".unicodeScalars.contains(first)
    else { return nil }
    let digits = text.prefix { $0.isASCII && ($0.isNumber || "._-+".contains($0)) }
    let plain = digits.filter { $0 != "_" }
    let name = String(text.dropFirst(digits.count))
    if let scale = scales[name] {
      guard let number = Double(plain), number.isFinite else { throw .malformed("'\(text)' is not a number") }
      return (number * scale.factor, scale.unit)
    }
    // Several units, such as 1h30m, and a good word on what is wrong with any other.
    do {
      let duration = try Units.duration(text)
      return (duration / .seconds(1), .seconds)
    } catch {
      if let exponent = Double(text), exponent.isFinite { return (exponent, nil) }
      throw .malformed(
        "'\(text)' is not a number with a unit known here: % for ratios, ms s m h d w, B KB MB GB TB KiB MiB GiB TiB"
      )
    }
  }

  private static let scales: [String: (factor: Double, unit: StatsUnit?)] = [
    "": (1, nil), "%": (0.01, .ratio),
    "us": (1e-6, .seconds), "µs": (1e-6, .seconds), "ms": (1e-3, .seconds), "s": (1, .seconds),
    "m": (60, .seconds), "h": (3_600, .seconds), "d": (86_400, .seconds), "w": (604_800, .seconds),
    "B": (1, .bytes), "KB": (1e3, .bytes), "kB": (1e3, .bytes), "MB": (1e6, .bytes), "GB": (1e9, .bytes),
    "TB": (1e12, .bytes), "KiB": (0x1p10, .bytes), "MiB": (0x1p20, .bytes), "GiB": (0x1p30, .bytes),
    "TiB": (0x1p40, .bytes),
  ]
}
