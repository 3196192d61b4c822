import Keyspace
package import Quantities
package import Reporting

/// What is done to the keys that `invalidate` chooses.
package enum RemovalAction: Sendable, Equatable {
  /// UNLINK: removed at once, large values freed in the background.
  case unlink
  /// DEL: removed and freed at once.
  case delete
  /// The TTL is cut to a random moment within so many milliseconds, and never made longer.
  case expire(within: Int64)

  /// What a batch is called in reports.
  package var name: String {
    switch self {
    case .unlink: "UNLINK"
    case .delete: "DEL"
    case .expire: "PEXPIRE"
    }
  }
}

/// What `invalidate` is asked to do.
package struct InvalidateRequest: Sendable {
  /// Which keys, and how hard the server is worked.
  package var walk = WalkRequest()
  /// Only the members of these tags; empty where tags do not matter.
  package var tags: [[UInt8]] = []
  /// Where the members of a tag are kept.
  package var tagKey = TagKey.standard
  /// Only the keys of this list.
  package var list: KeyList?
  /// What is done to the keys.
  package var action = RemovalAction.unlink
  /// True where everything is done but the writing.
  package var isDryRun = false
  /// How many keys there should be: counted before anything is removed.
  package var expectation: ExpectedCount?
  /// The bound on keys; nil for none.
  package var maximumKeys: Int? = 1_000_000
  /// The bound on keys a batch, at least 1.
  package var batchSize = 500
  /// True where the keys are looked for again at the end.
  package var verifies = false
  /// The options that lead to the same run again, for suggested commands.
  package var commandContext: [SuggestedOption] = []
  /// What an earlier run of the same journal has done.
  package var earlier: JournalSummary?

  /// Every key, as nobody should ask for.
  package init() {}

  /// A batch ends with the key that takes it over so many bytes.
  static let batchBytes = 1 << 20
  /// Fewer keys than these wait for those of the next page.
  static let smallBatch = 50
  /// So many commands that take members out of tags wait for the next batch at most.
  static let mostUntagged = 500
}

/// How the name of a tag's set is made.
package struct TagKey: Sendable {
  /// What stands for the tag in a template.
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

  /// Reads a template that holds `{tag}` once; `\xHH` stands for a byte. Nil where it does not.
  package init?(_ template: String) {
    let text = KeyLiteral.bytes(of: template)
    let mark = Array(TagKey.placeholder.utf8)
    guard text.count >= mark.count else { return nil }
    let places = (0...(text.count - mark.count)).filter { text[$0..<($0 + mark.count)].elementsEqual(mark) }
    guard let place = places.first, places.count == 1 else { return nil }
    before = Array(text[..<place])
    after = Array(text[(place + mark.count)...])
  }

  /// The names under which the members of a tag may be kept: that of the template and, where it is another,
  /// that of Laravel's sorted set.
  func names(of tag: [UInt8]) -> [[UInt8]] {
    let name = before + tag + after
    return after.ends(with: TagKey.entries) ? [name] : [name, name + TagKey.entries]
  }

  /// What stands before the members of a sorted set to make keys of them.
  ///
  /// Laravel keeps the entries of a tag without the prefix of the store, and puts that prefix before `tag:`
  /// (`RedisTagSet::addEntry` and `RedisTaggedCache::flushValues` in illuminate/cache).
  var memberPrefix: [UInt8] {
    let word = Array("tag:".utf8)
    return before.ends(with: word) ? Array(before.dropLast(word.count)) : []
  }
}

extension [UInt8] {
  func ends(with suffix: [UInt8]) -> Bool {
    count >= suffix.count && self[(count - suffix.count)...].elementsEqual(suffix)
  }
}
