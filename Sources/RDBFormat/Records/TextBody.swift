/// The bytes of a string as they pass: skipped, collected, or read as a pack; compressed or not.
struct TextBody {
  /// Where the bytes go.
  private struct Sink {
    enum Way {
      case nothing
      case collected
      case pack
    }

    var way = Way.nothing
    var collected: [UInt8] = []
    var pack = PackReader()

    mutating func put(_ bytes: Span<UInt8>) throws(RDBError.Kind) {
      switch way {
      case .nothing: break
      case .collected: bytes.withUnsafeBufferPointer { collected.append(contentsOf: $0) }
      case .pack: try pack.take(bytes)
      }
    }
  }

  private var sink = Sink()
  private var decoder = LZFDecoder()
  private var missing = 0
  private var isCompressed = false

  /// The bytes of the last string that was collected.
  var collected: [UInt8] { sink.collected }
  /// What the last pack holds.
  var count: PackCount { sink.pack.count }

  /// Begins a string that is skipped.
  mutating func skip(_ text: RDBText) {
    sink.way = .nothing
    missing = text.stored
    isCompressed = false
  }

  /// Begins a string that is collected.
  mutating func collect(_ text: RDBText) {
    begin(text, .collected)
    sink.collected.removeAll(keepingCapacity: sink.collected.capacity < 1 << 16)
  }

  /// Begins a string that is read as a pack.
  mutating func read(_ text: RDBText, as format: PackFormat, _ value: RecordLayouts.Value) {
    begin(text, .pack)
    sink.pack.begin(format, length: text.length, value)
  }

  private mutating func begin(_ text: RDBText, _ way: Sink.Way) {
    sink.way = way
    missing = text.stored
    isCompressed = text.isCompressed
    if isCompressed { decoder.begin(length: text.length) }
  }

  /// Lets the bytes pass that are there; true at the end of the string.
  mutating func pass(_ input: inout RDBInput) throws(RDBError.Kind) -> Bool {
    let count = min(missing, input.available)
    if count > 0, !isSkipping {
      try take(input.bytes.span.extracting(input.position..<input.position &+ count))
    }
    input.skip(count)
    missing &-= count
    if missing > 0 {
      _ = try input.holds(1)
      return false
    }
    if isSkipping { return true }
    guard !isCompressed || decoder.isWhole, sink.way != .pack || sink.pack.isWhole else {
      throw .damaged("a compressed or packed string is cut off")
    }
    return true
  }

  /// True where the bytes are not looked at.
  var isSkipping: Bool { sink.way == .nothing }

  private mutating func take(_ bytes: Span<UInt8>) throws(RDBError.Kind) {
    guard isCompressed else { return try sink.put(bytes) }
    var position = 0
    while position < bytes.count {
      position = try decoder.decode(bytes, from: position)
      try TextBody.put(decoder.buffer, decoder.fresh, into: &sink)
      decoder.take()
    }
  }

  private static func put(
    _ bytes: [UInt8], _ range: Range<Int>, into sink: inout Sink
  ) throws(RDBError.Kind) {
    try sink.put(bytes.span.extracting(range))
  }
}
