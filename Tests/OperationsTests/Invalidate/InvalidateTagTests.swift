import Keyspace
import RedisClient
import Testing

@testable import Operations

/// Keys that tags and lists name.
struct InvalidateTagTests {
  private static func names(_ range: Range<Int>, _ prefix: String = "app:") -> [[UInt8]] {
    range.map { utf8("\(prefix)\($0)") }
  }

  private static func keys(_ range: Range<Int>, _ prefix: String = "app:") -> [FakeKey] {
    names(range, prefix).map { FakeKey($0) }
  }

  // MARK: - Tags

  @Test(arguments: [1, 7, 500]) func theMembersOfASetAreRemovedAndTakenOut(batch: Int) throws {
    let set = FakeKey("tag:hot", members: Self.names(0..<60) + [utf8("shop:1"), utf8("app:gone")])
    let server = FakeServer(Self.keys(0..<100) + Self.keys(0..<5, "shop:") + [set])
    let report = try server.invalidate {
      $0.tags = [utf8("hot")]
      $0.walk.selection.pattern = Glob("app:*")
      $0.batchSize = batch
    }.report
    #expect(report.counts.removed == 60 && report.counts.absent == 1)
    #expect(report.header.isComplete && report.header.warnings.isEmpty)
    #expect(server.living().count == 100 - 60 + 5 + 1)
    let left = Set(server.living()[utf8("tag:hot")]?.members ?? [])
    #expect(
      left == [utf8("shop:1"), utf8("app:gone")], "what was not chosen is left, and what was not removed")
    #expect(server.count("SCAN") == 0, "the database is not walked")
    let untagged = server.log.firstIndex { $0.name == "SREM" } ?? .max
    #expect(untagged < server.log.firstIndex { $0.name == "UNLINK" } ?? 0, "first taken out, then removed")
  }

  /// Taken for no member, a key would be removed and stay in its tag for ever.
  @Test(arguments: ["SISMEMBER", "SREM", "SADD"])
  func anAnswerThatNoServerGivesAboutAMembershipRemovesNothing(_ command: String) throws {
    for odd in [FakeReply.status("OK"), .integer(-1), .bulk(utf8("1")), .array([])] {
      let server = FakeServer(Self.keys(0..<10) + [FakeKey("tag:hot", members: Self.names(0..<10))])
      server.faults.reply = { $0[0].text == command ? odd : nil }
      let outcome = try server.invalidate { $0.tags = [utf8("hot")] }
      #expect(outcome.failure?.kind == .protocolViolation, "\(odd): \(outcome)")
      #expect(
        outcome.report.counts.removed == 0 && server.living().count == 11 && server.count("UNLINK") == 0)
    }
  }

  @Test func aTagWhoseMembersAreAllGoneIsGone() throws {
    let server = FakeServer(Self.keys(0..<10) + [FakeKey("tag:hot", members: Self.names(0..<10))])
    _ = try server.invalidate { $0.tags = [utf8("hot")] }
    #expect(server.living().isEmpty)
  }

  @Test func membersThatAreNotAcknowledgedStayMembers() throws {
    let set = FakeKey("tag:hot", members: Self.names(0..<20))
    let server = FakeServer(Self.keys(0..<20) + [set])
    server.faults.error = { name, key in
      name == "UNLINK" && key == utf8("app:7") ? "NOPERM No permissions to access a key" : nil
    }
    let outcome = try server.invalidate { $0.tags = [utf8("hot")] }
    #expect(outcome.report.counts.removed == 19 && outcome.report.counts.failed == 1)
    #expect(server.living()[utf8("tag:hot")]?.members == [utf8("app:7")])
  }

  @Test func laravelsEntriesAreSortedSetsWithoutThePrefix() throws {
    let entries = FakeKey(
      "laravel_cache_tag:people:entries", type: "zset", members: ["a1:user:1", "a1:user:2"].map(utf8))
    let keys = ["laravel_cache_a1:user:1", "laravel_cache_a1:user:2", "laravel_cache_b", "a1:user:1"]
    let server = FakeServer(keys.map { FakeKey($0) } + [entries])
    let report = try server.invalidate {
      $0.tags = [utf8("people")]
      $0.tagKey = TagKey("laravel_cache_tag:{tag}") ?? .standard
    }.report
    #expect(report.counts.removed == 2 && report.header.isComplete)
    #expect(Set(server.living().keys) == [utf8("laravel_cache_b"), utf8("a1:user:1")])
    #expect(server.count("ZREM") == 1)
  }

  @Test(arguments: [1, 3, 500]) func membersOfSeveralTagsAreRemovedOnce(batch: Int) throws {
    let tags = [
      FakeKey("tag:a", members: Self.names(0..<40) + [utf8("shop:0")]),
      FakeKey("tag:b", members: Self.names(20..<60) + [utf8("shop:0")]),
      FakeKey("tag:c:entries", type: "zset", members: Self.names(0..<10) + Self.names(55..<70)),
    ]
    let server = FakeServer(Self.keys(0..<100) + Self.keys(0..<1, "shop:") + tags)
    let report = try server.invalidate {
      $0.tags = ["a", "b", "c"].map(utf8)
      $0.walk.selection.pattern = Glob("app:*")
      $0.batchSize = batch
    }.report
    #expect(report.counts.removed == 70 && report.counts.matched == 70)
    #expect(server.removals.joined().count == 70)
    // No tag keeps a member that is no more, or names it again.
    #expect(report.header.warnings.isEmpty)
    let left = server.living()
    #expect(left[utf8("tag:a")]?.members == [utf8("shop:0")])
    #expect(left[utf8("tag:b")]?.members == [utf8("shop:0")])
    #expect(left[utf8("tag:c:entries")] == nil)
    #expect(left.count == 30 + 1 + 2)
  }

  @Test func aTagMayHaveASetAndASortedSet() throws {
    let tags = [
      FakeKey("tag:a", members: Self.names(0..<5)),
      FakeKey("tag:a:entries", type: "zset", members: Self.names(5..<10)),
    ]
    let server = FakeServer(Self.keys(0..<20) + tags)
    #expect(try server.invalidate { $0.tags = [utf8("a")] }.report.counts.removed == 10)
    #expect(server.living().count == 10)
  }

  @Test func softExpiryTakesNothingOutOfATag() throws {
    let server = FakeServer(Self.keys(0..<10) + [FakeKey("tag:a", members: Self.names(0..<10))])
    let report = try server.invalidate {
      $0.tags = [utf8("a")]
      $0.action = .expire(within: 1000)
    }.report
    #expect(report.counts.removed == 10 && server.count("SREM") == 0)
    #expect(server.living()[utf8("tag:a")]?.members.count == 10)
  }

  @Test func aTagWithoutMembersIsSaid() throws {
    let server = FakeServer(Self.keys(0..<10) + [FakeKey("tag:a", members: Self.names(0..<2))])
    let report = try server.invalidate { $0.tags = ["none", "a", "new\nline"].map(utf8) }.report
    #expect(report.counts.removed == 2 && report.header.isComplete)
    #expect(
      report.header.warnings == [
        "the tag none has no members here", #"the tag "new\nline" has no members here"#,
      ])
  }

  @Test(arguments: ["string", "hash", "list", "stream", "odd\u{1B}[2J"])
  func whatIsNoSetIsNoTag(type: String) throws {
    let server = FakeServer(Self.keys(0..<10) + [FakeKey("tag:a", type: type)])
    let error = #expect(throws: ClientError.self) { try server.invalidate { $0.tags = [utf8("a")] } }
    #expect(error?.kind == .usage && error?.message.contains("is no tag: it is of type") == true)
    #expect(error?.message.contains("\u{1B}") == false)
    #expect(server.living().count == 11)
  }

  @Test func aTagThatMayNotBeLookedAtIsAnError() throws {
    let server = FakeServer(Self.keys(0..<10))
    server.faults.error = { name, _ in name == "TYPE" ? "NOPERM No permissions to access a key" : nil }
    let error = #expect(throws: ClientError.self) { try server.invalidate { $0.tags = [utf8("a")] } }
    #expect(error?.kind == .permission)
  }

  @Test func membersThatCannotBeTakenOutAreSaid() throws {
    let server = FakeServer(Self.keys(0..<10) + [FakeKey("tag:a", members: Self.names(0..<10))])
    server.faults.error = { name, _ in name == "SREM" ? "NOPERM No permissions to access a key" : nil }
    let report = try server.invalidate { $0.tags = [utf8("a")] }.report
    #expect(report.counts.removed == 10 && !report.header.isComplete)
    #expect(
      report.header.warnings.first?.hasPrefix("removed keys could not be taken out of their tags") == true)
  }

  @Test func whatALimitCutsOffStaysInItsTagAndNothingElseDoes() throws {
    let set = FakeKey("tag:a", members: Self.names(0..<50))
    let server = FakeServer(Self.keys(0..<50) + [set])
    // Members that were added after they were counted.
    server.faults.reply = { $0[0].text == "SCARD" ? .integer(5) : nil }
    let outcome = try server.invalidate {
      $0.tags = [utf8("a")]
      $0.maximumKeys = 20
      $0.batchSize = 8
    }
    #expect(outcome.stop == .limit(WriteLimit(maximumKeys: 20)) && outcome.report.counts.removed == 20)
    let members = server.living()[utf8("tag:a")]?.members ?? []
    #expect(members.count == 30 && members.allSatisfy { server.living()[$0] != nil })
  }

  /// A tag that went before its members are known would take their names along.
  @Test(arguments: [1, 7, 500]) func aTagAmongItsMembersGoesLast(batch: Int) throws {
    let outer = FakeKey("tag:a", members: Self.names(0..<50) + [utf8("tag:a"), utf8("tag:b")])
    let inner = FakeKey("tag:b", members: Self.names(50..<100) + [utf8("tag:a")])
    let server = FakeServer(Self.keys(0..<100) + [outer, inner])
    let report = try server.invalidate {
      $0.tags = [utf8("a"), utf8("b")]
      $0.batchSize = batch
      $0.walk.count = 10
    }.report
    #expect(report.header.isComplete && report.counts.matched == 102)
    #expect(server.living().keys.allSatisfy { $0.starts(with: utf8("tag:")) })
  }

  @Test(arguments: [
    ("tag:{tag}", ["tag:x", "tag:x:entries"], ""), ("{tag}", ["x", "x:entries"], ""),
    ("app_tag:{tag}", ["app_tag:x", "app_tag:x:entries"], "app_"),
    ("app_tag:{tag}:entries", ["app_tag:x:entries"], "app_"),
    ("keys-of:{tag}!", ["keys-of:x!", "keys-of:x!:entries"], ""),
    ("\\x00tag:{tag}", ["\u{0}tag:x", "\u{0}tag:x:entries"], "\u{0}"),
  ]) func tagKeysAreMadeFromATemplate(template: String, names: [String], prefix: String) throws {
    let key = try #require(TagKey(template))
    #expect(key.names(of: utf8("x")) == names.map(utf8))
    #expect(key.sortedMember.before == utf8(prefix) && key.sortedMember.after.isEmpty)
  }

  @Test(arguments: ["", "tag", "tag:{Tag}", "{tag}{tag}", "{tag", "tag}"])
  func aTemplateNamesTheTagOnce(template: String) { #expect(TagKey(template) == nil) }

  @Test(arguments: [
    ("{member}", "x", "x"), ("page:{member}", "page:x", "x"), ("{member}:html", "x:html", "x"),
    ("a{member}b", "ab", ""), ("a{member}b", "b", nil), ("aa{member}aa", "aaa", nil),
    ("\\x00{member}", "x", nil),
  ]) func membersAreMadeFromATemplate(template: String, key: String, member: String?) throws {
    let template = try #require(MemberKey(template))
    #expect(template.member(of: utf8(key)) == member.map(utf8))
  }

  @Test(arguments: ["", "page:", "{member}{member}", "{Member}"])
  func aTemplateNamesTheMemberOnce(template: String) { #expect(MemberKey(template) == nil) }

  /// A run that ends between the tag and its keys leaves both steps to the run that resumes it.
  @Test(arguments: 0..<16, [0.0, 1.0]) func aLostConnectionLosesNoMembership(at call: Int, carriedOut: Double)
    throws
  {
    let server = FakeServer(Self.keys(0..<20) + [FakeKey("tag:hot", members: Self.names(0..<20))])
    (server.faults.breaksAtCall, server.faults.carriedOut) = (call, carriedOut)
    let backup = MemoryFile("backup")
    let records = RemovalRecords(journal: MemoryFile.journal(), backup: backup)
    func run(_ earlier: JournalSummary?) throws -> RemovalOutcome {
      try server.invalidate(records: records) {
        ($0.tags, $0.batchSize, $0.earlier) = ([utf8("hot")], 10, earlier)
      }
    }
    do { _ = try run(nil) } catch is ClientError {}
    server.faults.breaksAtCall = nil
    let journal = try #require(records.journal as? MemoryFile)
    let last = try run(try journal.summary())
    #expect(last.failure == nil && last.report.counts.failed == 0)
    #expect(server.living().isEmpty, "no key is left without its tag")
    let saved = backup.records.filter { !$0.memberships.isEmpty }
    #expect(Set(saved.map(\.key)) == Set(Self.names(0..<20)), "what was taken out was saved before")
  }

  // MARK: - Lists

  @Test(arguments: [1, 10, 500]) func repeatedKeysOfAListCountOnce(batch: Int) throws {
    let server = FakeServer(Self.keys(0..<100))
    var list = Self.names(0..<60) + Self.names(30..<50) + Self.names(200..<207) + Self.names(200..<203)
    list.append([0, 0xff, 0x0a])
    let named = list
    for isDryRun in [true, false] {
      let report = try server.invalidate {
        $0.list = KeyList(named)
        $0.batchSize = batch
        $0.isDryRun = isDryRun
      }.report
      #expect(report.counts.toWrite == 60 && report.counts.absent == 8 && report.counts.matched == 68)
      #expect(report.header.warnings == ["23 keys were named twice and counted once"])
      #expect(report.header.isComplete)
    }
    #expect(server.living().count == 40 && server.count("SCAN") == 0)
    #expect(Set(server.living().keys) == Set(Self.names(60..<100)))
  }

  @Test func aListIsBoundByTheOtherConditionsToo() throws {
    let server = FakeServer(Self.keys(0..<20) + (0..<20).map { FakeKey("shop:\($0)", type: "hash") })
    let report = try server.invalidate {
      $0.list = KeyList(Self.names(0..<20) + Self.names(0..<25, "shop:"))
      $0.walk.selection.type = "hash"
      $0.walk.selection.excluded = [Glob("shop:1*")]
    }.report
    #expect(report.counts.removed == 9 && report.counts.absent == 5)
    #expect(server.living().count == 31)
  }

  @Test func aListThatIsTooLongIsCountedFirst() throws {
    let server = FakeServer(Self.keys(0..<20))
    let outcome = try server.invalidate {
      $0.list = KeyList(Self.names(0..<20))
      $0.maximumKeys = 19
    }
    #expect(outcome.refusal == .tooMany(counted: 20, limit: 19) && server.living().count == 20)
    let fits = try server.invalidate {
      $0.list = KeyList(Self.names(0..<10) + Self.names(0..<10) + Self.names(100..<200))
      $0.maximumKeys = 10
    }
    #expect(fits.refusal == nil && fits.report.counts.removed == 10)
  }

  @Test func aListThatBreaksOffIsAFailureWithAReport() throws {
    let server = FakeServer(Self.keys(0..<200))
    let names = Self.names(0..<200)
    let list = KeyList(count: 200) { () throws(ClientError) -> (Int) throws(ClientError) -> KeyList.Piece in
      let next = try KeyList(names).open()
      var pieces = 0
      return { limit throws(ClientError) in
        pieces += 1
        guard pieces < 4 else { throw ClientError(.usage, "the list cannot be read any further") }
        return try next(limit)
      }
    }
    let outcome = try server.invalidate {
      $0.list = list
      $0.batchSize = 20
    }
    #expect(outcome.failure?.message == "the list cannot be read any further")
    let counts = outcome.report.counts
    #expect(counts.removed + counts.unknown >= 200 - server.living().count && counts.unknown <= 20)
  }
}
