/// Walks over an amount: digits, then a unit.
struct UnitScanner {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  var isAtEnd: Bool { position == bytes.count }

  /// The digits that follow; empty when there are none.
  mutating func digits() -> [UInt8] {
    take { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// Whatever follows up to the next digit.
  mutating func word() -> String {
    String(decoding: take { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }, as: UTF8.self)
  }

  /// Steps over one byte if it is next.
  mutating func skip(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  /// Digits, which single underscores may separate; nil for an underscore elsewhere, and where no digits
  /// follow.
  mutating func groupedDigits() -> [UInt8]? {
    var all = digits()
    guard !all.isEmpty else { return nil }
    while skip(UInt8(ascii: "_")) {
      let group = digits()
      guard !group.isEmpty else { return nil }
      all += group
    }
    return all
  }

  /// Everything that is left.
  mutating func rest() -> String {
    String(decoding: take { _ in true }, as: UTF8.self)
  }

  /// The value of decimal digits; nil when it is larger than `Int64.max`.
  static func value(of digits: [UInt8]) -> Int64? {
    var value: Int64 = 0
    for digit in digits {
      let (tens, overflowed) = value.multipliedReportingOverflow(by: 10)
      let (next, carried) = tens.addingReportingOverflow(Int64(digit & 0x0F))
      if overflowed || carried { return nil }
      value = next
    }
    return value
  }

  private mutating func take(while belongs: (UInt8) -> Bool) -> [UInt8] {
    let start = position
    while position < bytes.count, belongs(bytes[position]) { position += 1 }
    return Array(bytes[start..<position])
  }
}
