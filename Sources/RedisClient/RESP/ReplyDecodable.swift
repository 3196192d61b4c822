/// A reply was not of the type that the command promises.
package struct DecodeError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was expected, as in "an integer".
  package let expected: String
  /// What came instead.
  package let found: String

  /// Makes an error from what was expected and what came.
  package init(expected: String, found: String) {
    self.expected = expected
    self.found = found
  }

  /// One sentence for people.
  package var description: String { "expected \(expected), the server sent \(found)" }
}

/// A type that one reply turns into.
package protocol ReplyDecodable {
  /// Reads the value; throws `DecodeError` when the reply is of another type.
  init(reply: Reply) throws(DecodeError)
}

extension Reply {
  /// The reply as a value of a type.
  package func decode<Value: ReplyDecodable>(_: Value.Type = Value.self) throws(DecodeError) -> Value {
    try Value(reply: self)
  }

  func mismatch(_ expected: String) -> DecodeError { DecodeError(expected: expected, found: summary) }
}

extension Array: ReplyDecodable where Element: ReplyDecodable {
  /// Reads an array, a set or the flattened pairs of a map.
  package init(reply: Reply) throws(DecodeError) {
    guard reply.kind == .array || reply.kind == .map else { throw reply.mismatch("an array") }
    self = []
    reserveCapacity(reply.childCount)
    for child in reply.children { append(try Element(reply: child)) }
  }
}

/// The bytes of a string reply.
package struct ReplyBytes: ReplyDecodable, Sendable, Equatable {
  /// The bytes as they came.
  package let bytes: [UInt8]

  /// Reads a string or status.
  package init(reply: Reply) throws(DecodeError) {
    guard reply.kind == .string || reply.kind == .status, let range = reply.textRange else {
      throw reply.mismatch("a string")
    }
    bytes = Array(reply.buffer.bytes[range])
  }
}

extension String: ReplyDecodable {
  /// Reads a string or status as UTF-8, repairing what is not.
  package init(reply: Reply) throws(DecodeError) {
    self = String(decoding: try ReplyBytes(reply: reply).bytes, as: UTF8.self)
  }
}

extension Int64: ReplyDecodable {
  /// Reads an integer, also one that the server sends as a string.
  package init(reply: Reply) throws(DecodeError) {
    if let integer = reply.integer {
      self = integer
    } else if reply.kind == .string, let value = Int64(try String(reply: reply)) {
      self = value
    } else {
      throw reply.mismatch("an integer")
    }
  }
}

extension Double: ReplyDecodable {
  /// Reads a RESP3 double, or the string or integer that RESP2 sends in its place.
  package init(reply: Reply) throws(DecodeError) {
    if let double = reply.double {
      self = double
    } else if let integer = reply.integer {
      self = Double(integer)
    } else if reply.kind == .string, let value = Double(try String(reply: reply)) {
      self = value
    } else {
      throw reply.mismatch("a number")
    }
  }
}

extension Bool: ReplyDecodable {
  /// Reads a RESP3 boolean, or the 0 or 1 that RESP2 sends in its place.
  package init(reply: Reply) throws(DecodeError) {
    switch (reply.boolean, reply.integer) {
    case (let value?, _): self = value
    case (_, 0): self = false
    case (_, 1): self = true
    default: throw reply.mismatch("a boolean")
    }
  }
}

extension Optional: ReplyDecodable where Wrapped: ReplyDecodable {
  /// Reads a value, or nil where the server answers null.
  package init(reply: Reply) throws(DecodeError) {
    self = reply.isNull ? nil : try Wrapped(reply: reply)
  }
}

/// A map reply as text pairs; RESP2 sends the same as a flat array.
package struct ReplyFields: ReplyDecodable, Sendable, Equatable {
  /// The values that are text or integers, by name; nested values are left out.
  package let values: [String: String]

  /// Reads a map or a flat array of pairs.
  package init(reply: Reply) throws(DecodeError) {
    guard reply.kind == .map || (reply.kind == .array && reply.childCount.isMultiple(of: 2)) else {
      throw reply.mismatch("a map")
    }
    let children = reply.children
    var values: [String: String] = [:]
    for pair in stride(from: 0, to: children.count, by: 2) {
      let name = try String(reply: children[pair])
      let value = children[pair + 1]
      if let integer = value.integer {
        values[name] = String(integer)
      } else if let text = try? String(reply: value) {
        values[name] = text
      }
    }
    self.values = values
  }
}

// MARK: - What single commands answer

// Each type takes just what its commands answer and throws for anything else: a number of the wrong kind, or a status where
// a number belongs, must never pass for a fact about a key.

/// What PTTL answers, and HPTTL for each field.
package enum RemainingTime: ReplyDecodable, Sendable, Equatable {
  /// There is no such key or field.
  case absent
  /// It never expires.
  case forever
  /// The time that is left, in milliseconds, at least 0.
  case milliseconds(Int64)

  /// The number as PTTL gives it: -2, -1 or milliseconds.
  package var number: Int64 {
    switch self {
    case .absent: -2
    case .forever: -1
    case .milliseconds(let time): time
    }
  }

  /// Reads an integer from -2 on.
  package init(reply: Reply) throws(DecodeError) {
    switch reply.integer {
    case .some(-2): self = .absent
    case .some(-1): self = .forever
    case let time? where time >= 0: self = .milliseconds(time)
    default: throw reply.mismatch("a time to live")
    }
  }
}

/// What commands answer that count: HLEN and its kin, SADD, MEMORY USAGE, OBJECT IDLETIME.
package struct ElementCount: ReplyDecodable, Sendable, Equatable {
  /// The number, at least 0.
  package let count: Int

  /// Reads an integer that is not negative.
  package init(reply: Reply) throws(DecodeError) {
    guard let integer = reply.integer, integer >= 0 else { throw reply.mismatch("a count") }
    count = Int(integer)
  }
}

/// What SISMEMBER, and EXISTS of one key, answer: 1 for yes, 0 for no.
package struct Presence: ReplyDecodable, Sendable, Equatable {
  /// True for yes.
  package let isThere: Bool

  /// Reads 0 or 1.
  package init(reply: Reply) throws(DecodeError) {
    guard let integer = reply.integer, integer == 0 || integer == 1 else { throw reply.mismatch("0 or 1") }
    isThere = integer == 1
  }
}

/// What TYPE answers.
package struct KeyTypeName: ReplyDecodable, Sendable, Equatable {
  /// What TYPE says of a key that does not exist.
  package static let none = "none"

  /// The type's name, never empty.
  package let name: String

  /// Reads a status, or a string as some proxies send it.
  package init(reply: Reply) throws(DecodeError) {
    guard let name = try? String(reply: reply), !name.isEmpty else { throw reply.mismatch("a type") }
    self.name = name
  }
}

/// What commands answer that only succeed: AUTH, SELECT, SET, READONLY.
package struct Acknowledgement: ReplyDecodable, Sendable, Equatable {
  /// Reads the status OK.
  package init(reply: Reply) throws(DecodeError) {
    guard reply.kind == .status, try String(reply: reply) == "OK" else { throw reply.mismatch("OK") }
  }
}
