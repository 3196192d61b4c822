import Bytes
import Keyspace

/// The newest version of each single namespace, as far as a bound allows.
struct NewestVersions {
  /// The bound on namespaces that are remembered, at about a hundred bytes each.
  static let limit = 100_000

  private var versions: [[UInt8]: KeyVersion] = [:]
  /// True where namespaces were met that are not remembered.
  private(set) var isFull = false

  init() {}

  /// Notes the version of a key.
  mutating func note(_ reading: KeyReading) {
    guard let version = reading.version else { return }
    note(version, of: reading.namespace ?? [])
  }

  /// Adds the versions of another node.
  mutating func merge(_ other: NewestVersions) {
    for (namespace, version) in other.versions { note(version, of: namespace) }
    isFull = isFull || other.isFull
  }

  private mutating func note(_ version: KeyVersion, of namespace: [UInt8]) {
    guard let known = versions[namespace] else {
      if versions.count < NewestVersions.limit { versions[namespace] = version } else { isFull = true }
      return
    }
    if known < version { versions[namespace] = version }
  }

  /// True where a newer version of the key's namespace is known.
  func isSuperseded(_ reading: KeyReading) -> Bool {
    guard let version = reading.version else { return false }
    // `v3` and `v03` are spellings of one version, here as in version expressions.
    return versions[reading.namespace ?? []].map { version.compareNumbers(with: $0) < 0 }
      ?? false
  }
}

extension NewestVersions {
  /// Writes the versions to a checkpoint.
  func write(to writer: inout CheckpointWriter) {
    writer.add(isFull)
    writer.add(versions.count)
    for (namespace, version) in versions {
      writer.add(namespace)
      writer.add(version.text)
    }
  }

  /// Reads the versions.
  init(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    self.init()
    isFull = try reader.flag()
    for _ in 0..<(try reader.count()) { versions[try reader.piece()] = KeyVersion(try reader.piece()) }
  }
}
