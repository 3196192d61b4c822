extension Units {
  /// Reads a size in bytes such as `4096`, `1_000_000`, `512KiB`, `1.5MiB` or `1MB`.
  ///
  /// `KB MB GB TB` are powers of 1000 and `KiB MiB GiB TiB` powers of 1024; a plain number or `B` is bytes. A
  /// fraction has at most six digits and is cut to whole bytes. `k`, `m` and `mb` are refused, because Redis
  /// itself reads `1k` as 1000 and `1kb` as 1024.
  ///
  /// - Throws: `UnitError` for anything else, and for more than `Int64.max` bytes.
  package static func bytes(_ text: String) throws(UnitError) -> Int {
    var scanner = UnitScanner(text)
    guard let digits = scanner.groupedDigits() else {
      if text.hasPrefix("-") {
        throw UnitError(text, "is negative and a size cannot be; write it without '-'")
      }
      throw UnitError(text, "is not a size; \(sizeHint)")
    }
    var fraction: [UInt8] = []
    if scanner.skip(UInt8(ascii: ".")) {
      fraction = scanner.digits()
      guard (1...6).contains(fraction.count) else {
        throw UnitError(text, "must have one to six digits after the point, such as 1.5MiB")
      }
    }
    let name = scanner.rest()
    guard let unit = byteUnits[name] else { throw unknownSize(text, name: name) }
    guard fraction.isEmpty || unit > 1 else {
      throw UnitError(
        text, "is not a whole number of bytes; leave the fraction out or add a unit, such as 1.5MiB")
    }
    guard let whole = UnitScanner.value(of: digits), let part = partOf(unit, fraction) else {
      throw tooLarge(text)
    }
    let (bytes, overflowed) = whole.multipliedReportingOverflow(by: unit)
    let (sum, carried) = bytes.addingReportingOverflow(part)
    guard !overflowed, !carried, let size = Int(exactly: sum) else { throw tooLarge(text) }
    return size
  }

  private static let sizeHint =
    "write bytes or a number and a unit (KB, MB, GB, TB, KiB, MiB, GiB, TiB), such as 512KiB"

  private static let byteUnits: [String: Int64] = [
    "": 1, "B": 1,
    "KB": 1_000, "kB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
    "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
  ]

  /// The whole bytes in a decimal fraction of a unit.
  ///
  /// Six digits of the largest unit, 2^40, stay under 2^60.
  private static func partOf(_ unit: Int64, _ fraction: [UInt8]) -> Int64? {
    guard let numerator = UnitScanner.value(of: fraction) else { return nil }
    var denominator: Int64 = 1
    for _ in fraction { denominator *= 10 }
    return unit * numerator / denominator
  }

  private static func tooLarge(_ text: String) -> UnitError {
    UnitError(text, "is larger than \(Int.max) bytes; write a smaller size")
  }

  private static func unknownSize(_ text: String, name: String) -> UnitError {
    let letters = name.lowercased().filter { $0 != " " && $0 != "b" && $0 != "i" }
    guard ["k", "m", "g", "t"].contains(letters) else {
      return UnitError(text, "is not a size; \(sizeHint)")
    }
    let upper = letters.uppercased()
    let power = ["K": "", "M": "²", "G": "³", "T": "⁴"][upper] ?? ""
    return UnitError(
      text,
      "leaves open which size is meant; write \(upper)B for 1000\(power) bytes or \(upper)iB for 1024\(power)"
    )
  }
}
