import Bytes

/// A Redis glob: the pattern language of `KEYS` and `SCAN … MATCH`, on bytes.
///
/// `*` matches any bytes, `?` one byte, `[abc]`, `[^a]` and `[a-z]` one byte in or not in a set, and a
/// backslash takes the next byte literally, inside and outside of a set. A set that is never closed reaches
/// to the end of the pattern, and a backslash at the very end is itself. Source: `stringmatchlen` in Redis'
/// util.c.
///
/// In one place servers disagree with each other: a range from below byte 128 to 128 or above depends on
/// whether the server's compiler signs `char` (x86-64 does, ARM on Linux does not). Here bytes are unsigned.
package struct Glob: Sendable {
  /// The pattern as it is sent to the server, with every run of stars reduced to one.
  ///
  /// Redis 7.0 lets `*` match the empty key and `**` not: one star is what the user means.
  package let bytes: [UInt8]

  /// The bytes every matching key begins with.
  package let literalPrefix: [UInt8]

  /// What follows the prefix; empty when the pattern has no wildcard.
  private let tail: [GlobToken]
  private let sets: [ByteSet]
  private let shortestTail: Int

  /// Compiles a pattern; any sequence of bytes is one.
  ///
  /// Linear in the length of the pattern.
  package init(pattern: [UInt8]) {
    let compiled = GlobCompiler(pattern)
    var prefix: [UInt8] = []
    for token in compiled.tokens {
      guard case .byte(let byte) = token else { break }
      prefix.append(byte)
    }
    bytes = compiled.normalized
    literalPrefix = prefix
    tail = Array(compiled.tokens[prefix.count...])
    sets = compiled.sets
    shortestTail = tail.count { $0 != .star }
  }

  /// The bytes that decide in which slot of a cluster a matching key lies, where all matching keys agree on them: a
  /// `{tag}` that is closed before the first wildcard, or the one key that matches.
  package var slotKey: [UInt8]? {
    if let literal { return literal }
    guard let open = literalPrefix.firstIndex(of: UInt8(ascii: "{")),
      let close = literalPrefix[open...].firstIndex(of: UInt8(ascii: "}")), close > open + 1
    else { return nil }
    return Array(literalPrefix[open...close])
  }

  /// Whether the pattern is only stars, so that every key matches.
  package var matchesEverything: Bool {
    literalPrefix.isEmpty && tail == [.star]
  }

  /// Whether the pattern demands no bytes of a key, only a least length: `*`, `?*`, `*?*`.
  package var matchesAnyContent: Bool {
    literalPrefix.isEmpty && tail.contains(.star) && tail.allSatisfy { $0 == .star || $0 == .anyByte }
  }

  /// The one key that matches, when the pattern has no wildcard.
  package var literal: [UInt8]? {
    tail.isEmpty ? literalPrefix : nil
  }

  /// Whether the pattern matches the whole key.
  ///
  /// At most the product of both lengths; linear for patterns with one star. Allocates nothing.
  package func matches(_ key: Span<UInt8>) -> Bool {
    let prefixLength = literalPrefix.count
    guard key.count >= prefixLength + shortestTail else { return false }
    let prefix = literalPrefix.span
    for index in prefix.indices where prefix[index] != key[index] { return false }
    if tail.isEmpty { return key.count == prefixLength }
    return tailMatches(key, from: prefixLength)
  }

  /// Whether the pattern matches the whole key.
  package func matches(_ key: [UInt8]) -> Bool {
    let held = key
    return matches(held.span)
  }

  /// Matches the tokens after the prefix.
  ///
  /// Only the last star ever needs another try: if what lies between two stars matched at its earliest place,
  /// a later place leaves the rest fewer bytes and can match nothing more.
  private func tailMatches(_ key: Span<UInt8>, from start: Int) -> Bool {
    var position = start
    var step = 0
    var afterStar: Int?
    var retryFrom = start
    while position < key.count {
      if step < tail.count {
        let token = tail[step]
        if token == .star {
          step += 1
          if step == tail.count { return true }
          afterStar = step
          retryFrom = position
          continue
        }
        if accepts(token, key[position]) {
          step += 1
          position += 1
          continue
        }
      }
      guard let resume = afterStar else { return false }
      step = resume
      retryFrom += 1
      position = retryFrom
    }
    while step < tail.count, tail[step] == .star { step += 1 }
    return step == tail.count
  }

  private func accepts(_ token: GlobToken, _ byte: UInt8) -> Bool {
    switch token {
    case .byte(let expected): byte == expected
    case .anyByte: true
    case .member(let index): sets[Int(index)].contains(byte)
    case .star: false
    }
  }
}

extension Glob: Hashable {
  /// Two globs are equal when they send the same bytes.
  package static func == (left: Glob, right: Glob) -> Bool {
    left.bytes == right.bytes
  }

  /// Hashes the bytes sent to the server.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(bytes)
  }
}
