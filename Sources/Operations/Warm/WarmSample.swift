import Bytes
import SeedFormat

/// A few of the records that were written, to be read back: those whose keys have the smallest hashes, which is a
/// fair choice, and of two records with one key the last.
struct WarmSample {
  /// So many records are kept.
  static let size = 100
  /// Larger values are not kept for a comparison.
  static let longest = 64 << 10

  /// Records that are too large to be kept.
  private(set) var tooLarge = 0
  private(set) var records: [(hash: UInt64, record: SeedRecord)] = []

  /// Takes a record that is about to be written, if it is among the chosen; gives its hash then.
  mutating func offer(_ record: SeedRecord) -> UInt64? {
    let hash = KeyHash.value(record.key.span)
    guard record.value.size <= WarmSample.longest else {
      tooLarge += 1
      // An earlier record of the key is not what stands there now.
      remove(hash)
      return nil
    }
    if let place = records.firstIndex(where: { $0.hash == hash }) {
      records[place].record = record
      return hash
    }
    guard records.count < WarmSample.size || hash < (records.last?.hash ?? 0) else { return nil }
    let place = records.firstIndex { $0.hash > hash } ?? records.count
    records.insert((hash, record), at: place)
    if records.count > WarmSample.size { records.removeLast() }
    return hash
  }

  /// Forgets a record that was not written after all.
  mutating func remove(_ hash: UInt64) { records.removeAll { $0.hash == hash } }
}

extension SeedValue {
  /// The bytes of all that the value holds.
  var size: Int {
    switch self {
    case .string(let bytes), .dump(let bytes): bytes.count
    case .hash(let fields): fields.reduce(0) { $0 + $1.field.count + $1.value.count }
    case .list(let elements), .set(let elements): elements.reduce(0) { $0 + $1.count }
    case .sortedSet(let members): members.reduce(0) { $0 + $1.member.count + 8 }
    case .stream(let entries):
      entries.reduce(0) { $0 + $1.fields.reduce(16) { $0 + $1.field.count + $1.value.count } }
    }
  }

  /// True for what takes more than one element.
  var isCollection: Bool {
    switch self {
    case .string, .dump: false
    case .hash, .list, .set, .sortedSet, .stream: true
    }
  }

  /// Redis' name of the type; nil for a dump, which does not tell.
  var typeName: String? {
    switch self {
    case .string: "string"
    case .hash: "hash"
    case .list: "list"
    case .set: "set"
    case .sortedSet: "zset"
    case .stream: "stream"
    case .dump: nil
    }
  }
}
