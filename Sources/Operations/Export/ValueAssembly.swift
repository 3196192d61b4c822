import SeedFormat

/// A collection that grows piece by piece, in time that is linear in its elements.
///
/// SCAN may bring an element twice; it counts once then, and its later value or score wins.
struct ValueAssembly {
  private var fields: [SeedField] = []
  private var members: [SeedMember] = []
  private var elements: [[UInt8]] = []
  /// Where each field or member is.
  private var places: [[UInt8]: Int] = [:]
  /// The bytes of all pieces, repetitions included.
  private(set) var bytes = 0

  /// The elements so far.
  var count: Int { places.count }

  /// Adds a page of a hash, a set or a sorted set.
  mutating func append(_ page: SeedValue) {
    bytes += page.size
    switch page {
    case .hash(let more):
      for field in more {
        if let place = place(of: field.field, next: fields.count) {
          fields[place] = field
        } else {
          fields.append(field)
        }
      }
    case .sortedSet(let more):
      for member in more {
        if let place = place(of: member.member, next: members.count) {
          members[place] = member
        } else {
          members.append(member)
        }
      }
    case .set(let more):
      for element in more where place(of: element, next: elements.count) == nil { elements.append(element) }
    case .string, .list, .stream, .dump: break
    }
  }

  /// The value as it has been read.
  func value(as form: ValueForm) -> SeedValue {
    switch form {
    case .hash: .hash(fields)
    case .zset: .sortedSet(members)
    case .string, .list, .set, .stream, .dump: .set(elements)
    }
  }

  /// Where an element is already; nil for a new one, which is noted at the next place.
  private mutating func place(of name: [UInt8], next: Int) -> Int? {
    if let place = places[name] { return place }
    places[name] = next
    return nil
  }
}
