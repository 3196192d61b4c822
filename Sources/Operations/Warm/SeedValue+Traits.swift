import SeedFormat

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

  /// Redis' name of the type; nil for a dump, whose type is not read.
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
