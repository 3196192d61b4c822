/// Where a command has its first key.
enum CommandKey {
  private static let keyless: [StaticString] = [
    "MULTI", "EXEC", "DISCARD", "INFO", "TIME", "PING", "ROLE", "CLUSTER", "READONLY", "ASKING",
  ]
  private static let second: [StaticString] = ["OBJECT", "MEMORY"]

  /// The place of the key among a command's words; nil where it has none.
  static func position(_ name: ArraySlice<UInt8>) -> Int? {
    if keyless.contains(where: { isName(name, $0) }) { return nil }
    return second.contains { isName(name, $0) } ? 2 : 1
  }

  static func isName(_ name: ArraySlice<UInt8>, _ other: StaticString) -> Bool {
    guard name.count == other.utf8CodeUnitCount else { return false }
    return other.withUTF8Buffer { name.elementsEqual($0) }
  }
}
