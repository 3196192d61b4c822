import Bytes
import Quantities

/// What is known of one key.
package struct InspectedKey: Sendable {
  /// Whether there is such a key.
  package enum State: String, Sendable {
    /// It is there.
    case present
    /// There is no such key.
    case absent
    /// The server does not say, because the user may not read the key.
    case forbidden
  }

  /// What a key holds, as much of it as is shown.
  package enum Value: Sendable, Equatable {
    /// The beginning of a string.
    case text([UInt8])
    /// Some elements, each of one part (lists, sets) or more: field and value, member and score, id and fields.
    case elements([[[UInt8]]])
    /// Not shown, for a reason in words.
    case withheld(String)
  }

  /// The key's bytes.
  package let key: [UInt8]
  /// Whether there is such a key.
  package var state = State.present
  /// The type; nil where the server does not tell, here and below.
  package var type: String?
  /// How the server stores the value, such as `listpack`.
  package var encoding: String?
  /// Bytes of a string, elements of a collection.
  package var length: Int?
  /// Bytes that the server uses; of a large collection estimated from some of its elements.
  package var memoryBytes: Int?
  /// The time to live in milliseconds; -1 where the key never expires.
  package var ttlMilliseconds: Int64?
  /// When the key expires, in seconds since 1970 by the server's clock; nil where it never does.
  package var expiresAt: Int?
  /// Seconds since the last use.
  package var idleSeconds: Int?
  /// The server's logarithmic counter of uses, 0 to 255, under an LFU policy.
  package var frequency: Int?
  /// The slot of a cluster, 0 to 16383, also where the server is in none.
  package var slot = 0
  /// The node of a cluster that has the key.
  package var node: String?
  /// The namespace; nil where the name shows none, here and below.
  package var namespace: [UInt8]?
  /// The version.
  package var version: [UInt8]?
  /// The whole shape of the name.
  package var template: [UInt8]?
  /// What the key is for, where its name says so.
  package var role: String?
  /// The tags that name the key; nil where they were not looked for.
  package var tags: [[UInt8]]?
  /// What the key holds; nil where it was not asked for.
  package var value: Value?
  /// What its owner should know.
  package var findings: [ReportFinding] = []

  /// A key of which nothing is known yet.
  package init(key: [UInt8]) { self.key = key }

  /// True where the length counts elements, not bytes.
  var isCollection: Bool { type.map { $0 != "string" } ?? false }

  /// What the elements of the type are called.
  private var elementNoun: String {
    switch type {
    case "hash": "field"
    case "stream": "entr"
    case "set", "zset": "member"
    default: "element"
    }
  }

  /// The length in words: `12 fields`, `340 bytes`.
  var lengthText: String? {
    guard let length else { return nil }
    guard isCollection else { return length == 1 ? "1 byte" : "\(NumberText.count(length)) bytes" }
    let isStream = elementNoun == "entr"
    return "\(NumberText.count(length)) \(elementNoun)"
      + (length == 1 ? (isStream ? "y" : "") : (isStream ? "ies" : "s"))
  }

  /// The members in the contract's order.
  func json(_ wording: ReportWording) -> JSON {
    .object(
      JSON.names([("key", key)]) + [
        ("state", .string(state.rawValue)), ("type", .optional(type)), ("encoding", .optional(encoding)),
        ("length", .optional(length)), ("memory_bytes", .optional(memoryBytes)),
        ("ttl_seconds", .optional(ttlMilliseconds.map { $0 < 0 ? -1 : rounded(Double($0) / 1000, to: 3) })),
        ("expires_at", .optional(expiresAt.map { Timestamp(secondsSince1970: $0).text })),
        ("idle_seconds", .optional(idleSeconds)), ("frequency", .optional(frequency)), ("slot", .int(slot)),
        ("node", .optional(node)),
        (
          "name",
          .object(
            JSON.names([("namespace", namespace), ("version", version), ("template", template)]) + [
              ("role", .optional(role))
            ])
        ),
        ("tags", tags.map { .array($0.map(JSON.key)) } ?? .null), ("value", .optional(value?.json)),
        ("findings", .array(findings.map { $0.json(wording) })),
      ])
  }
}

extension InspectedKey.Value {
  /// A text, an array of elements, or null with the reason beside it.
  fileprivate var json: JSON {
    switch self {
    case .text(let bytes): JSON.key(bytes)
    case .elements(let elements):
      .array(elements.map { $0.count == 1 ? JSON.key($0[0]) : .array($0.map(JSON.key)) })
    case .withheld(let reason): .object([("withheld", .string(reason))])
    }
  }
}
