import Foundation
import TestSupport
import Testing

@testable import Keyspace

/// Key names that libraries write, read alone and all in one database (`Tests/Keyspaces`).
@Suite struct LibraryKeyspacesTests {
  /// A name whose right reading is known.
  private struct Row {
    var file: String
    var key: [UInt8]
    var namespace: [UInt8]?
    var version: [UInt8]?
    var template: [UInt8]

    init(_ columns: [String]) {
      file = columns[0]
      key = LibraryKeyspacesTests.bytes(columns[2])
      namespace = columns[3] == "-" ? nil : LibraryKeyspacesTests.bytes(columns[3])
      version = columns[4] == "-" ? nil : LibraryKeyspacesTests.bytes(columns[4])
      template = LibraryKeyspacesTests.bytes(columns[6])
    }
  }

  /// The bytes of a field: `\xHH` is a byte, `""` nothing.
  private static func bytes(_ text: String) -> [UInt8] {
    guard text != "\"\"" else { return [] }
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let first = rest.first {
      if rest.starts(with: "\\x".utf8), rest.count >= 4,
        let value = UInt8(String(decoding: rest.dropFirst(2).prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(4)
      } else {
        bytes.append(first)
        rest = rest.dropFirst()
      }
    }
    return bytes
  }

  private static func lines(_ name: String) throws -> [String] {
    try Repository.text("Tests/Keyspaces/\(name)").split(separator: "\n").map(String.init)
  }

  private static func rows() throws -> [Row] {
    try lines("expected.tsv").dropFirst()
      .map { Row($0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)) }
  }

  private static func keys(of files: [String]) throws -> [[UInt8]] {
    try files.flatMap { try lines("\($0).txt").map(bytes) }
  }

  /// The rows that are read otherwise once all keys have been seen.
  private static func misread(_ rows: [Row], among keys: [[UInt8]]) -> [String] {
    var grouping = KeyGrouping(.template())
    for key in keys { grouping.add(key) }
    grouping.settle()
    return rows.compactMap { row in
      grouping.reader.read(row.key)
      let group = grouping.tree.group(for: grouping.reader.reading)
      let label = grouping.tree.label(of: grouping.tree.current(group))
      let isRight =
        label.namespace == row.namespace && label.version == row.version && label.template == row.template
      return isRight ? nil : "\(KeyGrouping.text(row.key)) reads as \(KeyGrouping.text(label.template))"
    }
  }

  @Test func readsEachLibraryAlone() throws {
    let rows = try Self.rows()
    var misread: [String] = []
    for file in Set(rows.map(\.file)).sorted() {
      misread += Self.misread(rows.filter { $0.file == file }, among: try Self.keys(of: [file]))
    }
    #expect(rows.count >= 120)
    #expect(misread.count * 20 <= rows.count, "\(misread)")
  }

  @Test func readsAllLibrariesInOneDatabase() throws {
    let rows = try Self.rows()
    var keys = try Self.keys(of: Set(rows.map(\.file)).sorted())
    var random = SeededGenerator(seed: 17)
    keys.shuffle(using: &random)
    let misread = Self.misread(rows, among: keys)
    #expect(misread.count * 10 <= rows.count, "\(misread)")
  }

  /// Templates that begin with `*` say nothing of what their keys are; bare hashes have nothing to say.
  @Test func fewKeysEndBehindAStar() throws {
    var grouping = KeyGrouping(.template())
    for key in try Self.keys(of: Set(try Self.rows().map(\.file)).sorted()) { grouping.add(key) }
    grouping.settle()
    let starred = grouping.labels.filter { $0.key.template != [0x2a] && $0.key.template?.first == 0x2a }
    #expect(starred.values.reduce(0, +) * 20 <= grouping.total)
  }
}
