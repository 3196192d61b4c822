import Bytes
import Keyspace
import Reporting
import TestSupport
import Testing

@testable import Operations

/// Every row of a table can be chosen by an option, and then holds the keys that it held.
struct ChosenRowsTests {
  /// Keys as a library writes them; what its words call queues are lists.
  private static func keys(_ file: String) throws -> [FakeKey] {
    try Repository.text("Tests/Keyspaces/\(file).txt").split(separator: "\n").enumerated().map {
      index, line in
      let isList = line.contains("queue:") && !line.contains("rq:job")
      return FakeKey(
        KeyText.bytes(quoted: "\"\(line)\""), type: isList ? "list" : "string",
        ttl: 60_000 + Int64(index * 7919 % 80_000) * 1000)
    }
  }

  @Test(arguments: ["12-rq", "44-sidekiq", "54-bullmq", "73-separator"])
  func rowsByRoleAndBySegment(file: String) throws {
    let server = FakeServer(try Self.keys(file))
    let byRole = try server.scan { $0.grouping = .role }.report.groups
    for row in byRole {
      let role = try #require(row.role.flatMap { KeyRole(rawValue: $0) })
      let chosen = try server.scan { $0.walk.selection.roles = [role] }.report
      #expect(chosen.totals.keys == row.keys, "\(role)")
      #expect(chosen.isFiltered)
    }
    for number in 1...3 {
      let rows = try server.scan { $0.grouping = .segment(number) }.report.groups
      #expect(rows.count == Set(rows.map(\.segment)).count)
      for row in rows.prefix(5) {
        let text = "\(number)=\(SegmentChoice.text(row.segment))"
        let chosen = try server.scan {
          $0.walk.selection.segment = SegmentChoice(text, numbers: ScanGrouping.segments)
        }
        #expect(chosen.report.totals.keys == row.keys, "\(text)")
      }
    }
  }

  /// What nobody merges is bounded all the same.
  @Test func segmentsBeyondTheBoundAreOneRow() throws {
    let keys = (0..<50).map { FakeKey("app:\($0):x") } + [FakeKey("app")]
    let groups = try FakeServer(keys).scan {
      $0.grouping = .segment(2)
      $0.maximumGroups = 20
    }.report.groups
    #expect(groups.count == 21)
    #expect(groups.filter(\.isOverflow).count == 1)
    #expect(groups.reduce(0) { $0 + $1.keys } == 51)
  }

  /// Types decide: a list with the words of a queue is one, a string is not.
  @Test func rolesGoByTypes() throws {
    let keys =
      (0..<30).map { FakeKey("mail:queue:\($0)", type: "list", ttl: 60_000) }
      + (0..<20).map { FakeKey("menu:queue:\($0)", ttl: 60_000) }
    let server = FakeServer(keys)
    let chosen = try server.scan { $0.walk.selection.roles = [.queue] }.report
    #expect(chosen.groups.map { $0.namespace?.text } == ["mail"])
    let both = try server.scan { $0.walk.selection.roles = [.queue, .entry] }.report
    #expect(both.totals.keys == 50)
  }

  /// The table, and nothing else, shows a namespace with a fifth of the keys by entity.
  @Test func largeNamespacesAreSplitInTheTable() throws {
    let keys =
      (0..<60).map { FakeKey("app:v2:user:\($0)", ttl: 60_000) }
      + (0..<20).map { FakeKey("app:v2:team:\($0):list", ttl: 60_000) }
      + (0..<19).map { FakeKey("shop:a:\($0)", ttl: 60_000) } + [FakeKey("shop:b:1", ttl: 60_000)]
    let server = FakeServer(
      keys + (0..<30).map { FakeKey("page:\($0 % 2 == 0 ? "x" : "y"):\($0)", ttl: 60_000) })
    let report = try server.scan { $0.splitsLarge = true }.report
    let rows = try #require(report.tableGroups)
    #expect(report.groups.count == 3)
    #expect(rows.contains { $0.entity?.text == "app:v2:user" && $0.keys == 60 })
    #expect(
      rows.contains { $0.entity == nil && $0.namespace?.text == "shop" && $0.keys == 20 }, "15 % of the keys")
    #expect(rows.reduce(0) { $0 + $1.keys } == report.totals.keys)
    let table = report.table(width: 100, style: .plain, wording: .test)
    #expect(table.contains("NAMESPACE  VERSION  ENTITY"), "\(table)")
    for row in rows where row.entity != nil {
      let entity = try #require(row.entity)
      let chosen = try server.scan { $0.walk.selection.templates = [entity] }.report
      #expect(chosen.totals.keys == row.keys, "\(entity.text)")
    }
    let named = try server.scan { $0.splitsLarge = false }.report
    #expect(named.tableGroups == nil)
  }
}
