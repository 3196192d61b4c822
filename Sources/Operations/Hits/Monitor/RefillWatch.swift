/// Finds reads that a write of the same key follows at once: whoever looks for a key in vain fills it in.
///
/// That is an inference: a client may write what it has just found, and what nobody fills in is not seen. A write accounts for
/// one read, so that the refresh of a key which many read is one miss at most.
struct RefillWatch: Sendable {
  /// The bound on reads that are followed at a time.
  private static let mostOpen = 1 << 16

  /// How long a read is followed, in microseconds.
  private let delay: Int
  /// The moments of the reads that no write has followed yet, by the hash of the name, in order.
  private var open: [UInt64: [Int]] = [:]
  private var count = 0

  /// Follows each read for a while.
  init(delay: Duration) { self.delay = Int(delay / .microseconds(1)) }

  /// Notes a read at a moment, in microseconds; false where it is not followed, because too many are.
  mutating func noteRead(_ hash: UInt64, at moment: Int) -> Bool {
    guard count < RefillWatch.mostOpen else { return false }
    open[hash, default: []].append(moment)
    count += 1
    return true
  }

  /// Notes that a key was given a value; true where a read that is followed has looked for it in vain.
  mutating func noteFill(_ hash: UInt64, at moment: Int) -> Bool {
    guard var moments = open[hash] else { return false }
    count -= moments.count
    // The clock of a server may be set back: then nothing follows.
    let late = moments.prefix { moment - $0 > delay }.count
    moments.removeFirst(late)
    let isFilled = moments.first.map { moment >= $0 } ?? false
    if isFilled { moments.removeFirst() }
    count += moments.count
    open[hash] = moments.isEmpty ? nil : moments
    return isFilled
  }
}
