import Keyspace

/// How the members of a tag and the names of their keys are made from each other.
package struct MemberKey: Sendable, Equatable {
  /// What is replaced by the member in a template.
  package static let placeholder = "{member}"
  /// Members that are the names themselves.
  static let same = MemberKey(before: [], after: [])

  /// What a key has before its member.
  let before: [UInt8]
  /// What it has behind it.
  let after: [UInt8]

  init(before: [UInt8], after: [UInt8]) {
    (self.before, self.after) = (before, after)
  }

  /// Reads a template that holds `{member}` once; `\xHH` is a byte. Nil where it does not hold it once.
  package init?(_ template: String) {
    guard let parts = KeyLiteral.bytes(of: template).parts(around: Array(MemberKey.placeholder.utf8)) else {
      return nil
    }
    (before, after) = parts
  }

  /// The member that stands for a key; nil where none can.
  func member(of key: [UInt8]) -> [UInt8]? {
    guard key.count >= before.count + after.count, key.starts(with: before), key.ends(with: after) else {
      return nil
    }
    return Array(key[before.count..<(key.count - after.count)])
  }
}

extension [UInt8] {
  /// What stands before and behind a mark that is there once; nil where it is not there, or more than once.
  func parts(around mark: [UInt8]) -> (before: [UInt8], after: [UInt8])? {
    guard count >= mark.count else { return nil }
    let places = (0...(count - mark.count)).filter { self[$0..<($0 + mark.count)].elementsEqual(mark) }
    guard let place = places.first, places.count == 1 else { return nil }
    return (Array(self[..<place]), Array(self[(place + mark.count)...]))
  }
}
