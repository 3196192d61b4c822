import Bytes

/// The collections, none of which may be empty: Redis keeps no empty key.
extension SeedValueReader {
  /// Reads a list or a set.
  func elements(_ index: Int, _ name: String) throws(SeedFault) -> [[UInt8]] {
    let elements = try strings(
      index, "\(name) is an array of strings in quotes")
    return try filled(elements, index, name)
  }

  /// Reads fields from an object or from pairs of field and value, in which a field may occur twice.
  func fields(_ index: Int, _ name: String) throws(SeedFault) -> [SeedField] {
    var fields: [SeedField] = []
    let wanted = "\(name) holds strings in quotes"
    switch json.kind(index) {
    case .object:
      var next = index + 1
      while next < json.after(index) {
        fields.append(SeedField(field: try string(next, wanted), value: try string(next + 1, wanted)))
        next = json.after(next + 1)
      }
    case .array:
      var next = index + 1
      while next < json.after(index) {
        let (field, value) = try pair(next, "\(name) is an object, or an array of [field, value]")
        fields.append(SeedField(field: try string(field, wanted), value: try string(value, wanted)))
        next = json.after(next)
      }
    case .string, .number, .literal: throw fault(index, "\(name) is an object, got \(json.shown(index))")
    }
    return try filled(fields, index, name)
  }

  /// Reads a sorted set from pairs of member and score.
  func scoredMembers(_ index: Int) throws(SeedFault) -> [SeedMember] {
    let wanted = "a zset is an array of [member, score]"
    guard json.kind(index) == .array else { throw fault(index, "\(wanted), got \(json.shown(index))") }
    var members: [SeedMember] = []
    var next = index + 1
    while next < json.after(index) {
      let (member, score) = try pair(next, wanted)
      let kind = json.kind(score)
      guard kind == .number || kind == .string, json.read(score, { SeedNumber.isScore($0) }) else {
        throw fault(score, "a score is a number, \"inf\" or \"-inf\", got \(json.shown(score))")
      }
      members.append(
        SeedMember(
          member: try string(member, "a zset's members are strings in quotes"), score: json.bytes(score)))
      next = json.after(next)
    }
    return try filled(members, index, "a zset")
  }

  /// Reads a stream from pairs of id and fields.
  func entries(_ index: Int) throws(SeedFault) -> [SeedEntry] {
    let wanted = "a stream is an array of [id, {field: value}]"
    guard json.kind(index) == .array else { throw fault(index, "\(wanted), got \(json.shown(index))") }
    var entries: [SeedEntry] = []
    var last = SeedStreamID.zero
    var next = index + 1
    while next < json.after(index) {
      let (place, content) = try pair(next, wanted)
      guard json.kind(place) == .string, let id = json.read(place, { SeedStreamID($0) }) else {
        throw fault(place, "an entry's id must be like \"1700000000000-0\", got \(json.shown(place))")
      }
      guard id > last else {
        throw fault(place, "an entry's id must be larger than the one before, got \(json.shown(place))")
      }
      last = id
      entries.append(SeedEntry(id: json.bytes(place), fields: try fields(content, "an entry")))
      next = json.after(next)
    }
    return try filled(entries, index, "a stream")
  }

  private func filled<Element>(_ elements: [Element], _ index: Int, _ name: String) throws(SeedFault)
    -> [Element]
  {
    guard !elements.isEmpty else { throw fault(index, "\(name) without content; Redis keeps no empty key") }
    return elements
  }

  /// The indices of the two values of an array.
  private func pair(_ index: Int, _ wanted: String) throws(SeedFault) -> (Int, Int) {
    if json.kind(index) == .array, json.after(index) > index + 1 {
      let second = json.after(index + 1)
      if second < json.after(index), json.after(second) == json.after(index) { return (index + 1, second) }
    }
    throw fault(index, "\(wanted), got \(json.kind(index) == .array ? "another array" : json.shown(index))")
  }
}
