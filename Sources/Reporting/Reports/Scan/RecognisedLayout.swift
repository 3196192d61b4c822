import Bytes

/// A framework whose layout of key names a scan has recognised.
package struct RecognisedLayout: Sendable, Equatable {
  /// The framework's name.
  package let framework: String
  /// The prefixes that the user has given its keys; empty where there is none.
  package var prefixes: [[UInt8]]
  /// The versions that its keys carry.
  package var versions: [[UInt8]]

  /// Makes an entry.
  package init(framework: String, prefixes: [[UInt8]], versions: [[UInt8]]) {
    self.framework = framework
    self.prefixes = prefixes
    self.versions = versions
  }

  /// "Django (prefix shop, versions 1 and 2)".
  var words: String {
    let parts = [
      RecognisedLayout.list(prefixes.filter { !$0.isEmpty }.map(KeyText.quoted), "prefix", "prefixes"),
      RecognisedLayout.list(versions.map(KeyText.quoted), "version", "versions"),
    ].compactMap(\.self)
    return parts.isEmpty ? framework : "\(framework) (\(parts.joined(separator: ", ")))"
  }

  private static func list(_ names: [String], _ one: String, _ several: String) -> String? {
    guard let last = names.last else { return nil }
    guard names.count > 1 else { return "\(one) \(last)" }
    guard names.count <= 4 else { return "\(names.count) \(several)" }
    return "\(several) \(names.dropLast().joined(separator: ", ")) and \(last)"
  }

  var json: JSON {
    .object([
      ("framework", .string(framework)), ("prefixes", .array(prefixes.map(JSON.key))),
      ("versions", .array(versions.map(JSON.key))),
    ])
  }
}
