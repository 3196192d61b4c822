import Bytes
import Keyspace
import Reporting

/// The options that choose the keys of a group, for commands that are suggested.
///
/// Names come out of keys and are hostile; where an option could not say a name, the option is left out, and
/// the command chooses more than the group rather than failing.
enum GroupSelection {
  /// The options for a group of a grouping; `name` is that of a type or node.
  static func options(
    for label: GroupLabel, name: String?, grouping: ScanGrouping, separator: String?
  ) -> [SuggestedOption] {
    guard !label.isOverflow else { return [] }
    var options: [SuggestedOption] = []
    switch grouping {
    case .node, .database: return []
    case .segment(let number):
      return name.map { [.segment(number, SegmentChoice.text(ScanTally.segment(of: $0)))] } ?? []
    case .type:
      guard let name, name != "unknown", !name.hasPrefix("-") else { return [] }
      return [.type(name)]
    // Without a version in the label nothing is known of the keys' versions here.
    case .namespace where label.layout == nil:
      return [.namespace(label.namespace.map { choice(of: $0, separator) } ?? "none")]
    case .template, .entity:
      if let group = label.template ?? label.entity { return [.template(KeyText.quoted(group))] }
    case .namespace, .version, .role: break
    }
    if let template = label.template { return [.template(KeyText.quoted(template))] }
    // A name alone does not show what the layout of all of them does.
    if label.layout == .namespace { return [] }
    if label.layout == .bareVersion { options.append(.schema("django")) }
    options.append(.namespace(label.namespace.map { choice(of: $0, separator) } ?? "none"))
    switch label.version {
    case nil: options.append(.keyVersion("none"))
    case let version? where isSayable(version):
      options.append(.keyVersion(String(decoding: version, as: UTF8.self)))
    default: break
    }
    return options
  }

  /// True where the names of a template's keys, each by itself, show the namespace and version that they have together, as
  /// far as its examples say.
  static func isReadAlone(_ template: ScanSummaries.Summary, _ naming: KeyNaming) -> Bool {
    var reader = naming.makeReader()
    return template.examples.allSatisfy { name in
      reader.read(name)
      return reader.reading.namespace == template.label.namespace
        && reader.reading.version?.text == template.label.version
    }
  }

  /// True where the options choose the keys of the group and no others, so that removing them may be suggested.
  static func isExact(_ label: GroupLabel, grouping: ScanGrouping) -> Bool {
    if label.template != nil, grouping.readsNames { return !label.isOverflow }
    // A `*` may stand for more names than those that make up the group.
    guard !label.isOverflow, label.layout != .namespace, let namespace = label.namespace,
      !namespace.contains(UInt8(ascii: "*"))
    else {
      return false
    }
    switch grouping {
    case .namespace: return true
    case .version: return label.version.map(isSayable) ?? true
    case .entity, .template, .type, .role, .node, .database, .segment: return false
    }
  }

  /// A namespace as `NamespaceChoice` reads it: segments that are globs, in which `*` stands for what varies.
  private static func choice(of namespace: [UInt8], _ separator: String?) -> String {
    let parts = NamespaceChoice.parts(of: namespace, Array((separator ?? "").utf8))
    var text = ""
    for (index, segment) in parts.segments.enumerated() {
      if index > 0 { text += String(decoding: parts.separators[index - 1], as: UTF8.self) }
      text += segment.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
        .map { KeyText.pattern(Array($0)) }.joined(separator: "*")
    }
    return text
  }

  /// True where `VersionChoice` reads the version's text as that version; `v*` and words without a number it
  /// does not.
  private static func isSayable(_ version: [UInt8]) -> Bool {
    let text = String(decoding: version, as: UTF8.self)
    guard let first = version.first, first != UInt8(ascii: "-"), Array(text.utf8) == version else {
      return false
    }
    let version = KeyVersion(version)
    return VersionChoice(text).map { $0.contains(version) && !$0.contains(nil) } ?? false
  }
}
