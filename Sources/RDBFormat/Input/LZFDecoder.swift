/// Unpacks strings that a server has compressed with LZF, piece by piece.
///
/// A piece is a run of literal bytes (a control byte below 32, and one byte more than it says) or a reference to up to
/// 8,192 bytes back (three bits of length and thirteen of distance, with a byte of further length where the three are
/// all set), as M. Lehmann's liblzf describes it. It holds what references reach, and what was not taken yet.
struct LZFDecoder {
  /// What the next byte is.
  private enum State {
    case control
    case literal(Int)
    case length(high: Int)
    case distance(high: Int, length: Int)
  }

  private static let window = 8192
  /// The fewest free bytes with which a piece is begun.
  private static let longestPiece = 264
  private static let capacity = window + (1 << 15)

  private(set) var buffer = [UInt8](repeating: 0, count: LZFDecoder.capacity)
  private var count = 0
  private var taken = 0
  private var state = State.control
  private var missing = 0

  /// Begins a string of a length.
  mutating func begin(length: Int) {
    count = 0
    taken = 0
    state = .control
    missing = length
  }

  /// True where the string is as long as announced, and no piece is cut off.
  var isWhole: Bool { if case .control = state { missing == 0 } else { false } }

  /// Where in ``buffer`` the bytes lie that were not taken yet.
  var fresh: Range<Int> { taken..<count }

  /// Takes all that is fresh, and makes room.
  mutating func take() {
    taken = count
    guard LZFDecoder.capacity - count < 1 << 14 else { return }
    let start = count - LZFDecoder.window
    for index in 0..<LZFDecoder.window { buffer[index] = buffer[start + index] }
    count = LZFDecoder.window
    taken = count
  }

  /// Unpacks compressed bytes from an index on, as far as there is room; returns the index behind them.
  mutating func decode(_ bytes: Span<UInt8>, from start: Int) throws(RDBError.Kind) -> Int {
    var position = start
    while position < bytes.count, LZFDecoder.capacity - count >= LZFDecoder.longestPiece {
      switch state {
      case .control:
        let control = Int(bytes[position])
        position += 1
        if control < 32 {
          state = .literal(control + 1)
        } else if control >> 5 == 7 {
          state = .length(high: control & 0x1f)
        } else {
          state = .distance(high: control & 0x1f, length: control >> 5 + 2)
        }
      case .literal(let length):
        let part = min(length, bytes.count - position)
        try append(bytes.extracting(position..<position + part))
        position += part
        state = part == length ? .control : .literal(length - part)
      case .length(let high):
        state = .distance(high: high, length: Int(bytes[position]) + 9)
        position += 1
      case .distance(let high, let length):
        try copy(length, from: high << 8 + Int(bytes[position]) + 1)
        position += 1
        state = .control
      }
    }
    return position
  }

  private mutating func append(_ bytes: Span<UInt8>) throws(RDBError.Kind) {
    guard bytes.count <= missing else { throw .damaged("a compressed string is longer than announced") }
    let start = count
    var room = buffer.mutableSpan
    for index in bytes.indices { room[start &+ index] = bytes[unchecked: index] }
    count &+= bytes.count
    missing &-= bytes.count
  }

  private mutating func copy(_ length: Int, from distance: Int) throws(RDBError.Kind) {
    guard length <= missing else { throw .damaged("a compressed string is longer than announced") }
    guard distance <= count else { throw .damaged("a compressed string refers to what is not there") }
    let start = count
    var room = buffer.mutableSpan
    // Byte by byte: what is copied may be what was just written.
    for index in start..<start &+ length { room[index] = room[index &- distance] }
    count &+= length
    missing &-= length
  }
}
