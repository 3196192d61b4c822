/// Reads comma-separated values (RFC 4180) independently of the code under test.
package enum CSVReader {
  /// The rows of a text, each with its cells as bytes.
  package static func rows(of text: [UInt8]) -> [[[UInt8]]] {
    let (quote, comma, line) = (UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\n"))
    var rows: [[[UInt8]]] = []
    var row: [[UInt8]] = []
    var cell: [UInt8] = []
    var isQuoted = false
    var index = 0
    while index < text.count {
      let byte = text[index]
      index += 1
      if isQuoted {
        if byte != quote {
          cell.append(byte)
        } else if index < text.count, text[index] == quote {
          cell.append(quote)
          index += 1
        } else {
          isQuoted = false
        }
      } else if byte == quote {
        isQuoted = true
      } else if byte == comma || byte == line {
        row.append(cell)
        cell = []
        if byte == line {
          rows.append(row)
          row = []
        }
      } else {
        cell.append(byte)
      }
    }
    return rows
  }
}
