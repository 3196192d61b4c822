import Keyspace

/// How the name of a tag's set is made.
package struct TagKey: Sendable {
  /// What is replaced by the tag in a template.
  package static let placeholder = "{tag}"
  /// `tag:{tag}`.
  package static let standard = TagKey(before: Array("tag:".utf8), after: [])
  /// What Laravel puts behind the name of a tag.
  private static let entries = Array(":entries".utf8)

  private let before: [UInt8]
  private let after: [UInt8]

  private init(before: [UInt8], after: [UInt8]) {
    self.before = before
    self.after = after
  }

  /// Reads a template that holds `{tag}` once; `\xHH` is a byte. Nil where it does not hold it once.
  package init?(_ template: String) {
    let mark = Array(TagKey.placeholder.utf8)
    guard let parts = KeyLiteral.bytes(of: template).parts(around: mark) else { return nil }
    (before, after) = parts
  }

  /// The names under which the members of a tag may be kept: that of the template and, where it is another,
  /// that of Laravel's sorted set.
  func names(of tag: [UInt8]) -> [[UInt8]] {
    let name = before + tag + after
    return after.ends(with: TagKey.entries) ? [name] : [name, name + TagKey.entries]
  }

  /// What the names of all tags begin with, as a pattern; ``mayName(_:)`` looks at their ends.
  var glob: Glob {
    let special = Array("\\*?[]".utf8)
    return Glob(
      pattern: before.flatMap { special.contains($0) ? [UInt8(ascii: "\\"), $0] : [$0] } + [UInt8(ascii: "*")]
    )
  }

  /// True for what may be the name of a tag.
  func mayName(_ key: [UInt8]) -> Bool {
    guard key.count > before.count + after.count, key.starts(with: before) else { return false }
    return key.ends(with: after) || key.ends(with: after + TagKey.entries)
  }

  /// True where the tags are Laravel's: sorted sets whose scores are the moments at which their members expire.
  var isSorted: Bool { after.ends(with: TagKey.entries) }

  /// How the members of a sorted set become keys, where nothing else is said.
  ///
  /// Laravel keeps the entries of a tag without the prefix of the store, and puts that prefix before `tag:`
  /// (`RedisTagSet::addEntry` and `RedisTaggedCache::flushValues` in illuminate/cache).
  var sortedMember: MemberKey {
    let word = Array("tag:".utf8)
    return before.ends(with: word) ? MemberKey(before: Array(before.dropLast(word.count)), after: []) : .same
  }
}

extension [UInt8] {
  func ends(with suffix: [UInt8]) -> Bool {
    count >= suffix.count && self[(count - suffix.count)...].elementsEqual(suffix)
  }
}
