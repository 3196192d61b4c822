package import Bytes

/// When keys expire, counted in short windows of absolute time.
package struct ExpiryTimeline: Sendable, Equatable {
  /// The length of a window in seconds.
  package let resolution: Int
  /// The first moment, in seconds since 1970.
  package let start: Int
  /// Keys in each window from `start` on.
  package private(set) var counts: [UInt32]
  /// Keys that expire after the last window.
  package private(set) var later = 0

  /// Windows of `resolution` seconds from a moment up to a horizon, both in seconds.
  package init(start: Int, horizon: Int, resolution: Int) {
    self.resolution = max(1, resolution)
    self.start = start - start % self.resolution
    counts = Array(repeating: 0, count: max(1, horizon / self.resolution + 1))
  }

  /// Counts a key that expires at a moment in seconds since 1970.
  package mutating func add(expiry: Int) {
    let window = (expiry - start) / resolution
    if window < 0 || expiry < start { return }
    if window < counts.count { counts[window] += 1 } else { later += 1 }
  }

  /// Adds another timeline of the same start and horizon; the coarser of the two resolutions stays.
  package mutating func merge(_ other: ExpiryTimeline) {
    if other.resolution > resolution {
      let finer = self
      self = other
      return merge(finer)
    }
    later += other.later
    // The starts may differ by a part of a step, because each lies on a whole step of its own.
    for (index, count) in other.counts.enumerated() where count > 0 {
      let step = (other.start + index * other.resolution - start) / resolution
      counts[min(max(0, step), counts.count - 1)] += count
    }
  }

  /// Keys counted in the windows.
  package var total: Int { counts.reduce(0) { $0 + Int($1) } }
}

extension ExpiryTimeline: Checkpointed {
  /// Adds the windows that have keys, each with the number of empty ones before it.
  package func write(to writer: inout CheckpointWriter) {
    writer.add(resolution)
    writer.add(start)
    writer.add(counts.count)
    writer.add(later)
    let filled = counts.indices.filter { counts[$0] > 0 }
    writer.add(filled.count)
    var next = 0
    for window in filled {
      writer.add(window - next)
      writer.add(Int(counts[window]))
      next = window + 1
    }
  }

  /// Reads a timeline.
  package init(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    resolution = try reader.number(in: 1...86_400)
    start = try reader.amount()
    counts = Array(repeating: 0, count: try reader.number(in: 1...ExpiryTimeline.mostWindows))
    later = try reader.amount()
    var next = 0
    for _ in 0..<(try reader.count()) {
      next += try reader.number(in: 0...counts.count)
      guard counts.indices.contains(next) else { throw CheckpointDamage() }
      counts[next] = UInt32(try reader.number(in: 0...Int(UInt32.max >> 1)))
      next += 1
    }
  }

  /// No timeline is longer than a year of seconds.
  private static let mostWindows = 366 * 86_400
}
