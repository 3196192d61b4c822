import Quantities

/// The dump files that a report rests on, and the moment from which they were seen.
package struct ReportDump: Sendable {
  /// One file.
  package struct File: Sendable {
    /// The path as given.
    package let path: String
    /// When it was written, `2026-01-31T12:00:00Z`; nil where it does not say.
    package let createdAt: String?
    /// The version of its format.
    package let formatVersion: Int
    /// What the server used then, in bytes; nil where it does not say.
    package let usedMemoryBytes: Int?

    /// Makes a file.
    package init(path: String, createdAt: String?, formatVersion: Int, usedMemoryBytes: Int?) {
      self.path = path
      self.createdAt = createdAt
      self.formatVersion = formatVersion
      self.usedMemoryBytes = usedMemoryBytes
    }
  }

  /// The files, in the order given.
  package let files: [File]
  /// The moment from which times to live were counted, `2026-01-31T12:00:00Z`.
  package let seenAt: String
  /// True where that is when the dumps were written.
  package let isSeenWhenWritten: Bool
  /// How far off the memory of a group may be, relative to it.
  package let memoryError: Double

  /// Makes a set of files.
  package init(files: [File], seenAt: String, isSeenWhenWritten: Bool, memoryError: Double) {
    self.files = files
    self.seenAt = seenAt
    self.isSeenWhenWritten = isSeenWhenWritten
    self.memoryError = memoryError
  }

  /// What the servers used in all; nil where a file does not say.
  private var usedMemory: Int? {
    files.reduce(0) { sum, file in sum.flatMap { sum in file.usedMemoryBytes.map { sum + $0 } } }
  }

  /// From when times to live are seen, as a sentence.
  var momentSentence: String {
    isSeenWhenWritten
      ? "TTLs are those of \(seenAt), when the dump was written."
      : "TTLs are counted from now, \(seenAt); keys that have expired since the dump are left out."
  }

  /// How memory was found, as a sentence; `keys` is what all keys take.
  func memorySentence(_ keys: Int, _ style: Style) -> String {
    let margin = NumberText.margin(memoryError, style: style)
    let used = usedMemory.map { " of the \(NumberText.bytes($0)) that the server used" } ?? ""
    return "Memory is estimated, \(margin) a group: \(NumberText.bytes(keys))\(used)."
  }

  /// The members that a target has for dumps.
  var members: [(String, JSON)] {
    [
      (
        "files",
        .array(
          files.map {
            .object([
              ("path", .string($0.path)), ("created_at", .optional($0.createdAt)),
              ("rdb_version", .int($0.formatVersion)), ("used_memory_bytes", .optional($0.usedMemoryBytes)),
            ])
          })
      ), ("ttl_as_of", .string(seenAt)),
    ]
  }
}
