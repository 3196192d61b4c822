/// What is counted in a piece of packed elements.
struct PackCount {
  /// Strings of one element.
  let stride: Int
  /// How many of them count for the largest.
  let measured: Int
  /// The strings so far.
  private(set) var texts = 0
  /// The length of the longest that counts.
  private(set) var longest = 0
  /// Times to live that are set, where the third of each three strings is one.
  private(set) var expiries = 0
  private var place = 0

  init(stride: Int = 1, measured: Int = 1) {
    self.stride = stride
    self.measured = measured
  }

  /// Notes a string.
  mutating func note(length: Int) {
    if place < measured, length > longest { longest = length }
    advance()
  }

  /// Notes an integer.
  mutating func note(integer: Int64) {
    if place < measured {
      longest = max(longest, integer.textLength)
    } else if stride == 3, integer != 0 {
      expiries &+= 1
    }
    advance()
  }

  private mutating func advance() {
    texts &+= 1
    place &+= 1
    if place == stride { place = 0 }
  }

  /// True between two elements.
  var isEven: Bool { place == 0 }
}

/// Reads one kind of packed elements as they pass.
protocol PackWalker {
  /// Begins a piece of a length in bytes.
  mutating func begin(length: Int)
  /// Takes the next bytes of the piece.
  mutating func take(_ bytes: Span<UInt8>, _ count: inout PackCount) throws(RDBError.Kind)
  /// True where the piece has come to its own end.
  var isWhole: Bool { get }
}
