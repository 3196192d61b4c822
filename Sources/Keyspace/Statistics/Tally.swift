package import Bytes

/// How often each of a few names was seen; linear, because there are rarely more than six.
package struct Tally: Sendable, Equatable {
  /// The names and their weights, in the order in which they came.
  package private(set) var entries: [(name: String, weight: Double)] = []

  /// Nothing counted yet.
  package init() {}

  /// The sum of all weights.
  package var total: Double { entries.reduce(0) { $0 + $1.weight } }

  /// Counts a name.
  package mutating func add(_ name: String, weight: Double = 1) {
    for index in entries.indices where entries[index].name == name {
      entries[index].weight += weight
      return
    }
    entries.append((name, weight))
  }

  /// Adds another tally, each weight times a factor.
  package mutating func merge(_ other: Tally, scaledBy factor: Double = 1) {
    for entry in other.entries { add(entry.name, weight: entry.weight * factor) }
  }

  /// True where the same names have the same weights in the same order.
  package static func == (left: Tally, right: Tally) -> Bool {
    left.entries.elementsEqual(right.entries) { $0.name == $1.name && $0.weight == $1.weight }
  }
}

extension Tally: Checkpointed {
  /// Adds names and weights.
  package func write(to writer: inout CheckpointWriter) {
    writer.add(entries.count)
    for entry in entries {
      writer.add(entry.name)
      writer.add(entry.weight)
    }
  }

  /// Reads names and weights.
  package init(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    for _ in 0..<(try reader.count()) { entries.append((try reader.text(), try reader.weight())) }
  }
}
