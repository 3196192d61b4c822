/// Reads when a record expires.
struct SeedExpiryReader {
  /// The longest time to live, in seconds.
  static let longestSeconds = SeedExpiry.longest / 1000
  /// Moments of the years 2001 to 5138 in seconds since 1970; as milliseconds they are long past.
  private static let seconds: Range<Int64> = 1_000_000_000..<100_000_000_000

  let json: SeedJSON

  init(_ json: SeedJSON) { self.json = json }

  func expiry(_ members: SeedMembers) throws(SeedFault) -> SeedExpiry {
    switch (members[.ttl], members[.expiresAt]) {
    case (nil, nil): return .unstated
    case (let ttl?, nil):
      return try SeedExpiryReader.expiry(
        ttl: try number(ttl, #""ttl" must be seconds"#), at: json.column(ttl))
    case (nil, let time?):
      let milliseconds = try number(time, #""expires_at" must be milliseconds since 1970"#)
      guard milliseconds > 0, milliseconds / 1000 <= SeedExpiryReader.longestSeconds else {
        throw SeedFault(column: json.column(time), #""expires_at" is out of range, got \#(milliseconds)"#)
      }
      if let reason = SeedExpiryReader.doubt(about: milliseconds) {
        throw SeedFault(column: json.column(time), #""expires_at" \#(reason)"#)
      }
      return .at(milliseconds: milliseconds)
    case (_?, let time?):
      throw SeedFault(column: json.column(time), #""ttl" and "expires_at" exclude each other"#)
    }
  }

  /// Why a moment can only be meant in the other unit, seconds or milliseconds since 1970; nil where it need not be.
  static func doubt(about moment: Int64, inSeconds: Bool = false) -> String? {
    if inSeconds {
      guard moment >= seconds.upperBound, seconds.contains(moment / 1000) else { return nil }
      return "is in seconds since 1970, and \(moment) can only be in milliseconds"
    }
    guard seconds.contains(moment) else { return nil }
    return "is in milliseconds since 1970, and \(moment) can only be in seconds"
  }

  /// The expiry for a number of seconds; -1 means none.
  static func expiry(ttl seconds: Int64, at column: Int) throws(SeedFault) -> SeedExpiry {
    switch seconds {
    case -1: return .never
    case 1...longestSeconds: return .after(milliseconds: seconds * 1000)
    case 0: throw SeedFault(column: column, #""ttl" 0 would expire the key at once; -1 means none"#)
    case ..<0: throw SeedFault(column: column, #""ttl" is negative, got \#(seconds); -1 means none"#)
    default:
      throw SeedFault(column: column, #""ttl" is more than \#(longestSeconds) seconds, got \#(seconds)"#)
    }
  }

  private func number(_ index: Int, _ wanted: String) throws(SeedFault) -> Int64 {
    let number = json.kind(index) == .number ? json.read(index) { SeedNumber.integer($0) } : nil
    if let number { return number }
    throw SeedFault(column: json.column(index), "\(wanted) as an integer, got \(json.shown(index))")
  }
}
