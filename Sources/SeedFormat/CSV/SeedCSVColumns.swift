import Bytes

/// The columns that the header names.
struct SeedCSVColumns {
  private var key: Int?
  private var value: Int?
  private var ttl: Int?
  private var type: Int?
  private let count: Int

  /// Reads the header.
  init(_ header: [SeedCSVCell]) throws(SeedFault) {
    count = header.count
    for (index, cell) in header.enumerated() {
      let isNew: Bool
      switch String(decoding: cell.bytes, as: UTF8.self) {
      case "key": isNew = SeedCSVColumns.set(&key, index)
      case "value": isNew = SeedCSVColumns.set(&value, index)
      case "ttl": isNew = SeedCSVColumns.set(&ttl, index)
      case "type": isNew = SeedCSVColumns.set(&type, index)
      default:
        throw SeedFault(
          column: cell.column,
          "unknown column \"\(cell.bytes.lend(SeedFault.shown))\"; the first line names the columns key, value and "
            + "where wanted ttl and type, separated by commas")
      }
      guard isNew else {
        throw SeedFault(column: cell.column, "two columns \"\(cell.bytes.lend(SeedFault.shown))\"")
      }
    }
    guard key != nil else { throw SeedFault(column: 0, "the first line names no column \"key\"") }
    guard value != nil else { throw SeedFault(column: 0, "the first line names no column \"value\"") }
  }

  /// Makes a record of a row.
  func record(_ row: [SeedCSVCell], longestValue: Int) throws(SeedFault) -> SeedRecord {
    guard row.count == count, let key, let value else {
      throw SeedFault(column: 0, "\(row.count) values where the first line names \(count) columns")
    }
    for cell in row where cell.bytes.count > longestValue {
      throw SeedFault(
        column: cell.column, "\(cell.bytes.count) bytes long; Redis stores at most \(longestValue)")
    }
    for cell in row {
      // Bytes of another encoding would be stored as they are, and no reader would find the key.
      guard let place = cell.bytes.lend(UTF8Text.firstInvalid) else { continue }
      throw SeedFault(
        column: cell.column + place,
        "not UTF-8; convert the file to it, or write binary values in JSON lines in base64")
    }
    guard !row[key].bytes.isEmpty else { throw SeedFault(column: row[key].column, "\"key\" is empty") }
    return SeedRecord(
      key: row[key].bytes, value: try seedValue(row[value], type.map { row[$0] }),
      expiry: try expiry(ttl.map { row[$0] }))
  }

  private func seedValue(_ cell: SeedCSVCell, _ type: SeedCSVCell?) throws(SeedFault) -> SeedValue {
    guard let type, !type.bytes.isEmpty, type.bytes != Array("string".utf8) else {
      return .string(cell.bytes)
    }
    guard type.bytes == Array("dump".utf8) else {
      throw SeedFault(
        column: type.column,
        "type \"\(type.bytes.lend(SeedFault.shown))\" does not go into CSV, only string and dump; use JSON lines"
      )
    }
    guard let payload = cell.bytes.lend(Base64.decode), !payload.isEmpty else {
      throw SeedFault(column: cell.column, "a dump's value must be base64 with padding")
    }
    return .dump(payload)
  }

  private func expiry(_ cell: SeedCSVCell?) throws(SeedFault) -> SeedExpiry {
    guard let cell, !cell.bytes.isEmpty else { return .unstated }
    guard let seconds = cell.bytes.lend(SeedNumber.integer) else {
      throw SeedFault(
        column: cell.column,
        "\"ttl\" must be seconds as an integer, got \"\(cell.bytes.lend(SeedFault.shown))\"")
    }
    return try SeedExpiryReader.expiry(ttl: seconds, at: cell.column)
  }

  private static func set(_ place: inout Int?, _ index: Int) -> Bool {
    guard place == nil else { return false }
    place = index
    return true
  }
}
