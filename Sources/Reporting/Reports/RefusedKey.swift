import Bytes
import Quantities

/// A key that the server has refused to change, or one that could not be saved before.
package struct RefusedKey: Sendable, Equatable {
  /// How many are named in a report for programs.
  package static let named = 100
  /// How many of those are shown to people.
  static let shown = 5

  /// The line of its record in the seed, from 1; nil where there is no seed.
  package let line: Int?
  /// The key.
  package let key: [UInt8]
  /// Why, safe to show.
  package let reason: String

  /// Names a key.
  package init(line: Int? = nil, key: [UInt8], reason: String) {
    (self.line, self.key, self.reason) = (line, key, reason)
  }

  /// The key in a report for programs.
  var json: JSON {
    let place = line.map { [("line", JSON.int($0))] } ?? []
    return .object(place + JSON.names([("key", key)]) + [("reason", .string(reason))])
  }

  /// The key for people: "line 7, app:1: ERR …".
  var text: String {
    let place = line.map { "line \(NumberText.count($0)), " } ?? ""
    return "\(place)\(KeyText.display(key, maxWidth: 60)): \(KeyText.sanitized(reason))"
  }
}

extension [RefusedKey] {
  /// Adds keys while there is room for their names.
  package mutating func name(_ more: some Sequence<RefusedKey>) {
    for key in more {
      guard count < RefusedKey.named else { return }
      append(key)
    }
  }

  /// The first of them as one member of a report; none where there are none.
  var members: [(String, JSON)] { isEmpty ? [] : [("refused", .array(map(\.json)))] }
}
