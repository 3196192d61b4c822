/// What the lines of a journal come to, read from the first to the last.
package protocol JournalReading {
  /// Whose journal it is.
  var header: JournalHeader { get }
  /// Takes in the next line, given without its end.
  mutating func read(_ line: [UInt8]) throws(JournalRefusal)
  /// Settles what is open, once all lines are read.
  mutating func close() throws(JournalRefusal)
}

/// Why a run cannot resume from a file.
package enum JournalRefusal: Error, Equatable {
  /// The file does not begin as a journal does.
  case noJournal
  /// A line in its middle cannot be read; lines count from 1.
  case unreadable(line: Int)
}

/// Reads a journal line by line: sees that each is sealed, and hands it over without its seal.
package struct JournalReader<Reading: JournalReading> {
  /// What the lines have come to; nil before the first.
  private var reading: Reading?
  private var lines = 0
  /// The seal of the lines so far: another run continues with it.
  package private(set) var seal = JournalSeal()
  /// The bytes of the whole lines: what follows them is a line that was cut off.
  package private(set) var length = 0

  /// Nothing read yet.
  package init() {}

  /// Takes the next line, given without its end; `begin` reads the first.
  package mutating func read(
    _ line: [UInt8], begin: ([UInt8]) throws(JournalRefusal) -> Reading
  ) throws(JournalRefusal) {
    lines += 1
    length += line.count + 1
    guard let content = seal.open(line) else {
      throw lines == 1 ? .noJournal : .unreadable(line: lines)
    }
    if reading == nil { reading = try begin(content) } else { try reading?.read(content) }
  }

  /// What all lines come to.
  package mutating func close() throws(JournalRefusal) -> Reading {
    try reading?.close()
    guard let reading else { throw .noJournal }
    return reading
  }
}
