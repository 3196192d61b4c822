import Bytes

/// Reads the key of one line of a list in JSON lines: a seed, or what a scan lists.
package struct SeedKeyReader {
  /// What a line holds.
  package enum Line: Equatable {
    /// An object with a key, and the number of its database where it has one.
    case key([UInt8], database: Int?)
    /// The closing record of a list, with its number of keys.
    case end(Int)
    /// Something else, and what it lacks.
    case fault(String)
  }

  private let json = SeedJSON()
  private var padded: [UInt8] = []

  /// Makes a reader, which belongs to one thread.
  package init() {}

  /// Reads a line, given without its end.
  package mutating func read(_ line: some Collection<UInt8>) -> Line {
    padded.removeAll(keepingCapacity: padded.capacity < 8 << 20)
    padded += line
    let count = padded.count
    padded += [UInt8](repeating: 0, count: SeedJSON.padding)
    do throws(SeedFault) {
      try json.parse(0..<count, of: padded.span)
      return try content()
    } catch {
      return .fault(error.reason)
    }
  }

  private func content() throws(SeedFault) -> Line {
    var (key, encoding, end, database) = (Int?.none, Int?.none, Int?.none, Int?.none)
    var index = 1
    while index < json.after(0) {
      let name = index
      func isNamed(_ text: StaticString) -> Bool { json.read(name) { SeedMemberName.equal($0, text) } }
      if isNamed("key") { key = index + 1 }
      if isNamed("encoding") { encoding = index + 1 }
      if isNamed("end") { end = index + 1 }
      if isNamed("db") { database = index + 1 }
      index = json.after(index + 1)
    }
    guard let key else {
      guard let end, let count = Int(String(decoding: json.bytes(end), as: UTF8.self)), count >= 0 else {
        return .fault(#""key" is missing"#)
      }
      return .end(count)
    }
    guard json.kind(key) == .string else { return .fault(#""key" must be a string"#) }
    let number = database.map { json.kind($0) == .number ? json.read($0) { SeedNumber.database($0) } : nil }
    if let number, number == nil { return .fault(#""db" must be the number of a database"#) }
    let place = number ?? nil
    guard let encoding else { return .key(json.bytes(key), database: place) }
    guard json.kind(encoding) == .string, json.read(encoding, { SeedMemberName.equal($0, "base64") }) else {
      return .fault(#""encoding" can only be "base64""#)
    }
    guard let bytes = json.read(key, Base64.decode) else { return .fault(#""key" is not base64"#) }
    return .key(bytes, database: place)
  }
}
