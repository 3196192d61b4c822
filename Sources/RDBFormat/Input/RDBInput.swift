/// The bytes of a dump that have come and are not consumed, and what is kept of those that are.
struct RDBInput {
  /// The bytes, with the consumed ones at the front.
  private(set) var bytes: [UInt8] = []
  /// The index of the first byte that is not consumed.
  private(set) var position = 0
  /// Whether nothing more comes.
  private(set) var isComplete = false
  /// The offset of the first of ``bytes`` in the file.
  private var base = 0
  private let size: Int?

  private var checksum: CRC64?
  private var summed = 0
  private var captured: [UInt8] = []
  private var captureStart: Int?

  init(size: Int?, sums: Bool) {
    self.size = size
    checksum = sums ? CRC64() : nil
  }

  /// The offset in the file of the first byte that is not consumed.
  var offset: Int { base &+ position }
  /// How many bytes are there.
  var available: Int { bytes.count &- position }

  mutating func append(_ chunk: [UInt8]) {
    settle()
    base += position
    if position == bytes.count {
      bytes = chunk
    } else {
      bytes.removeSubrange(..<position)
      bytes += chunk
    }
    position = 0
    summed = 0
    if captureStart != nil { captureStart = 0 }
  }

  mutating func complete() { isComplete = true }

  /// Consumes bytes that are there.
  mutating func skip(_ count: Int) { position &+= count }

  /// True where that number of bytes is there; throws where it will never be.
  func holds(_ count: Int) throws(RDBError.Kind) -> Bool {
    if available >= count { return true }
    if isComplete { throw .truncated }
    return false
  }

  /// A little-endian number of up to 8 bytes, which are there.
  func integer(at start: Int, _ count: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<count { value |= UInt64(bytes[start &+ index]) << UInt64(8 &* index) }
    return value
  }

  /// Refuses a length of bytes of which more would have to follow than are left of the file.
  func check(_ length: UInt64) throws(RDBError.Kind) -> Int {
    guard length <= RDBLimits.longest else { throw .badLength }
    if let size, Int(length) > size &- offset { throw .badLength }
    return Int(length)
  }

  // MARK: - What is kept

  /// Takes what was consumed since the last time into the checksum and the captured bytes.
  private mutating func settle() {
    if var sum = checksum {
      let bytes = bytes
      sum.add(bytes.span.extracting(summed..<position))
      checksum = sum
      summed = position
    }
    if let start = captureStart {
      captured += bytes[start..<position]
      captureStart = position
    }
  }

  /// The checksum of all that is consumed; nil where none is made.
  mutating func sum() -> UInt64? {
    settle()
    return checksum?.value
  }

  /// Begins to keep what is consumed, behind a first byte.
  mutating func beginCapture(after first: UInt8) {
    captured = [first]
    captureStart = position
  }

  /// How many bytes are kept so far.
  var capturedCount: Int { captureStart.map { captured.count &+ position &- $0 } ?? 0 }

  /// Ends the capture; nil where none was begun.
  mutating func takeCapture() -> [UInt8]? {
    guard let start = captureStart else { return nil }
    captured += bytes[start..<position]
    captureStart = nil
    defer { captured = [] }
    return captured
  }
}
