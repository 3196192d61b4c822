import Bytes
import RDBFormat

/// The seal at the end of each line of a journal: a checksum over that line and all before it, so that no line can be
/// changed, left out, doubled or moved. Only a last line that a kill has cut off is missed by no seal.
package struct JournalSeal: Sendable, Equatable {
  private static let lead = Array(#","sum":""#.utf8)
  private static let tail = Array("\"}".utf8)
  private static let digits = 16

  private var sum = CRC64()

  /// The seal of a file without lines.
  package init() {}

  /// Seals lines: each is a JSON object, and a line end.
  package mutating func close(_ lines: [UInt8]) -> [UInt8] {
    var sealed: [UInt8] = []
    sealed.reserveCapacity(lines.count + 64)
    for line in lines.split(separator: UInt8(ascii: "\n")) {
      add(line)
      sealed += line.dropLast() + JournalSeal.lead
      for shift in stride(from: 56, through: 0, by: -8) {
        Hex.append(UInt8(truncatingIfNeeded: sum.value >> UInt64(shift)), to: &sealed)
      }
      sealed += JournalSeal.tail + [UInt8(ascii: "\n")]
    }
    return sealed
  }

  /// Takes the next line, given without its end, and returns it without its seal; nil where that is not right.
  package mutating func open(_ line: [UInt8]) -> [UInt8]? {
    let length = JournalSeal.lead.count + JournalSeal.digits + JournalSeal.tail.count
    guard line.count > length, line.suffix(JournalSeal.tail.count).elementsEqual(JournalSeal.tail),
      line.suffix(length).starts(with: JournalSeal.lead)
    else { return nil }
    let digits = line.dropLast(JournalSeal.tail.count).suffix(JournalSeal.digits)
    guard digits.allSatisfy({ !$0.isUppercase }),
      let stated = UInt64(String(decoding: digits, as: UTF8.self), radix: 16)
    else { return nil }
    let content = line.dropLast(length) + [UInt8(ascii: "}")]
    add(content[...])
    return stated == sum.value ? Array(content) : nil
  }

  private mutating func add(_ line: ArraySlice<UInt8>) {
    let bytes = Array(line) + [UInt8(ascii: "\n")]
    sum.add(bytes.span)
  }
}

/// A journal whose lines are sealed as they are written.
package final class SealedJournal: RecordFile {
  private let file: any RecordFile
  private var seal: JournalSeal

  /// Goes on with a file behind the lines that a seal has seen.
  package init(_ file: any RecordFile, _ seal: JournalSeal) { (self.file, self.seal) = (file, seal) }

  /// Seals lines and adds them.
  package func append(_ bytes: [UInt8]) throws(RecordError) { try file.append(seal.close(bytes)) }

  /// Returns once all that was added is on disk.
  package func synchronize() throws(RecordError) { try file.synchronize() }
}
