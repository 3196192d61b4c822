import TestSupport
import Testing

@testable import Keyspace

@Suite struct KeyReaderTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var key: String
    var namespace: String?
    var version: String?
    var entity: String?
    var template: String
    var testDescription: String { key }
  }

  // MARK: - Single keys

  static let rows: [Row] = [
    // The table of the documentation, as far as one key shows it.
    Row(
      key: "app:v2:user:123:profile", namespace: "app", version: "v2", entity: "app:v2:user",
      template: "app:v2:user:*:profile"),
    Row(
      key: "user:v2:42.profile", namespace: "user", version: "v2", entity: "user:v2",
      template: "user:v2:*.profile"),
    Row(
      key: "session:9b2c1d5e-7f40-4b7c-8d8b-0e5f7a6b1c2d", namespace: "session", entity: "session",
      template: "session:*"),
    Row(
      key: "user_data_new_123", namespace: "user_data_new", entity: "user_data_new",
      template: "user_data_new_*"),
    Row(
      key: "user:42:v7:profile", namespace: "user:*", version: "v7", entity: "user:*:v7:profile",
      template: "user:*:v7:profile"),
    // Without a namespace.
    Row(key: "", template: ""),
    Row(key: "maintenance", template: "maintenance"),
    Row(key: "42", template: "*"),
    Row(key: "user.42.profile", namespace: "user", entity: "user", template: "user.*.profile"),
    Row(key: "v2", version: "v2", entity: "v2", template: "v2"),
    // A version that comes first takes the segment after it.
    Row(key: "v2:user", namespace: "user", version: "v2", entity: "v2:user", template: "v2:user"),
    Row(
      key: "v2:user:42:profile", namespace: "user", version: "v2", entity: "v2:user",
      template: "v2:user:*:profile"),
    Row(key: "v2:v3:42", namespace: "v3", version: "v2", entity: "v2:v3", template: "v2:v3:*"),
    Row(key: "v2::x", namespace: "x", version: "v2", entity: "v2::x", template: "v2::x"),
    // Only the first version counts, and only `v` with digits.
    Row(
      key: "app:v1:user:v2", namespace: "app", version: "v1", entity: "app:v1:user:v2",
      template: "app:v1:user:v2"),
    Row(key: "app:v:x", namespace: "app", entity: "app:v:x", template: "app:v:x"),
    Row(key: "app:V2:x", namespace: "app", entity: "app", template: "app:*:x"),
    Row(key: "app:v2a:x", namespace: "app", entity: "app:v2a:x", template: "app:v2a:x"),
    Row(key: "app:v2.1:x", namespace: "app", entity: "app:v2", template: "app:v2.*:x"),
    Row(
      key: "app:v123456789012345678901:x", namespace: "app", version: "v123456789012345678901",
      entity: "app:v123456789012345678901:x", template: "app:v123456789012345678901:x"),
    // Empty segments.
    Row(key: ":", namespace: "", entity: "", template: ":"),
    Row(key: "::", namespace: "", entity: "", template: "::"),
    Row(key: "user:", namespace: "user", entity: "user", template: "user:"),
    Row(key: ":user:42", namespace: "", entity: ":user", template: ":user:*"),
    Row(key: "users::42", namespace: "users", entity: "users", template: "users::*"),
    Row(key: "users::admins::42", namespace: "users", entity: "users::admins", template: "users::admins::*"),
    // Hash tags are read as if the braces were not there; without a byte in them they are none.
    Row(
      key: "{user:42}:v2:profile", namespace: "user:*", version: "v2", entity: "user:*:v2:profile",
      template: "user:*:v2:profile"),
    Row(key: "app:{42}:cart", namespace: "app", entity: "app", template: "app:*:cart"),
    Row(key: "app:{}:cart", namespace: "app", entity: "app:{}:cart", template: "app:{}:cart"),
    Row(key: "app:{}{42}", namespace: "app", entity: "app", template: "app:*"),
    Row(key: "app:}{x}", namespace: "app", entity: "app:}x", template: "app:}x"),
    Row(key: "{{x}}", template: "{x}"),
    Row(key: "{open", template: "{open"),
    // Dots and slashes part a segment.
    Row(key: "user:42/avatar.png", namespace: "user", entity: "user", template: "user:*/avatar.png"),
    Row(key: "a:b..c", namespace: "a", entity: "a:b..c", template: "a:b..c"),
    Row(key: "a:.", namespace: "a", entity: "a", template: "a:."),
    Row(key: "a:b.7.c:d", namespace: "a", entity: "a:b", template: "a:b.*.c:d"),
    Row(
      key: "com.example.User:42", namespace: "com.example.User", entity: "com.example.User",
      template: "com.example.User:*"),
    Row(
      key: "tenant.42:v1:x", namespace: "tenant.*", version: "v1", entity: "tenant.*:v1:x",
      template: "tenant.*:v1:x"),
    // Identifiers among the words of a segment.
    Row(key: "shop:order-42-items", namespace: "shop", entity: "shop:order", template: "shop:order-*-items"),
    Row(key: "shop:2026-01-31_report", namespace: "shop", entity: "shop", template: "shop:*_report"),
    Row(key: "shop:report_2026-01-31", namespace: "shop", entity: "shop:report", template: "shop:report_*"),
    Row(
      key: "a:user-9b2c1d5e-7f40-4b7c-8d8b-0e5f7a6b1c2d-x", namespace: "a", entity: "a:user",
      template: "a:user-*-x"),
    Row(
      key: "a:user-9b2c1d5e-7f40-4b7c-8d8b-0e5f7a6b1c2dx", namespace: "a", entity: "a:user",
      template: "a:user-*-7f40-4b7c-8d8b-*"),
    Row(key: "a:cus_9s6XKzkNRiz8i3", namespace: "a", entity: "a:cus", template: "a:cus_*"),
    Row(key: "a:__7__", namespace: "a", entity: "a", template: "a:*"),
    Row(key: "a:x__7", namespace: "a", entity: "a:x", template: "a:x__*"),
    Row(key: "app-1:user", namespace: "app-*", entity: "app-*:user", template: "app-*:user"),
    // A star in the key itself reads as one that was put there.
    Row(key: "a:*:b", namespace: "a", entity: "a", template: "a:*:b"),
    Row(key: "a:b*:c", namespace: "a", entity: "a:b", template: "a:b*:c"),
    Row(key: "*:a", namespace: "*", entity: "*:a", template: "*:a"),
    // Addresses that the separator cuts to pieces.
    Row(key: "limit:2001:db8:85a3::8a2e:370:7334", namespace: "limit", entity: "limit", template: "limit:*"),
    Row(
      key: "limit:2001:db8:85a3:0:0:8a2e:370:7334:burst", namespace: "limit", entity: "limit",
      template: "limit:*:burst"),
    Row(key: "limit:fe80::1:burst", namespace: "limit", entity: "limit", template: "limit:*:burst"),
    Row(key: "2001:db8::1:hits", namespace: "*", entity: "*:hits", template: "*:hits"),
    Row(
      key: "device:00:1a:2b:3c:4d:5e:state", namespace: "device", entity: "device", template: "device:*:state"
    ),
    Row(key: "shop:2026:01:31:12", namespace: "shop", entity: "shop", template: "shop:*:*:*:*"),
    Row(key: "shop:2026::12", namespace: "shop", entity: "shop", template: "shop:*::*"),
    Row(key: "limit:10.0.0.1:8080", namespace: "limit", entity: "limit", template: "limit:*:*"),
    // Letters with digits behind them, base64 with a slash, arguments, URLs and their interface's version.
    Row(
      key: "login|user56@example.com|10.0.0.56:timer", namespace: "login", entity: "login",
      template: "login|*|*:timer"),
    Row(
      key: "rl:ip_and_name:user7_10.1.2.3", namespace: "rl", entity: "rl:ip_and_name:user",
      template: "rl:ip_and_name:user*"),
    Row(
      key: "flask_9IxN7C+cTLG/cTIWHNEE3s", namespace: "flask", entity: "flask", template: "flask_*"),
    Row(
      key: "app.get_user(42, 'x')", namespace: "app", entity: "app.get_user", template: "app.get_user(*"),
    Row(
      key: "cache:/api/v1/products/42?page=2&sort=asc", namespace: "cache", entity: "cache:/api/v1/products",
      template: "cache:/api/v1/products/*?page=*&sort=asc"),
    Row(
      key: "http:https://api.example.com:8080/v2/users/42", namespace: "http",
      entity: "http:https://api.example.com:8080/v2/users",
      template: "http:https://api.example.com:8080/v2/users/*"),
    // Any strong separator, and versions between words.
    Row(
      key: "crm|v4|contact|42", namespace: "crm", version: "v4", entity: "crm|v4|contact",
      template: "crm|v4|contact|*"),
    Row(key: "bill->invoice->42", namespace: "bill", entity: "bill->invoice", template: "bill->invoice->*"),
    Row(
      key: "my_v2_user_42_x", namespace: "my", version: "v2", entity: "my_v2_user", template: "my_v2_user_*_x"
    ),
    Row(
      key: "app/v2/users/42", namespace: "app", version: "v2", entity: "app/v2/users",
      template: "app/v2/users/*"),
    Row(
      key: "shop:prices::acme_3", namespace: "shop:prices", entity: "shop:prices::acme",
      template: "shop:prices::acme_*"),
    Row(key: "at:2026-01-31T12:00:00Z", namespace: "at", entity: "at", template: "at:*:*:*"),
  ]

  @Test(arguments: rows) func reads(row: Row) {
    let label = KeyGrouping.label(row.key)
    #expect(label?.namespace.map(KeyGrouping.text) == row.namespace)
    #expect(label?.version.map(KeyGrouping.text) == row.version)
    #expect(label?.entity.map(KeyGrouping.text) == row.entity)
    #expect(label?.template.map(KeyGrouping.text) == row.template)
  }

  /// Every level says the same of a key as the finest.
  @Test(arguments: rows) func levelsAgree(row: Row) {
    #expect(KeyGrouping.names([row.key], .entity) == [row.entity ?? "none": 1])
    #expect(
      KeyGrouping.names([row.key], .version) == ["\(row.namespace ?? "none") \(row.version ?? "none")": 1])
  }

  @Test(
    arguments: [
      ("::", "app::v2::user::42", "app::v2::user::*"), ("::", "app:x::42", "app:x::*"),
      ("::", "app:::42", "app::*"), ("::", "app:::x", "app:::x"),
      (":::", "a::b:::7", "a::b:::*"), ("/", "app/v2/user/42.json", "app/v2/user/*.json"),
      (".", "app.v2.user.42", "app.v2.user.*"),
      ("|", "app|42", "app|*"), ("→", "app→v2→42", "app→v2→*"), ("→", "app\u{2190}42", "app\u{2190}*"),
      ("--", "app--42-7", "app--*"),
      ("", "app:42", "app:42"), ("", "42", "*"),
    ]) func partsAtAnySeparator(separator: String, key: String, template: String)
  {
    #expect(KeyGrouping.template(key, separator: separator) == template)
  }

  @Test func anEmptySeparatorPartsNothing() {
    let label = KeyGrouping.label("app:v2:42", separator: "")
    #expect(label?.namespace == nil)
    #expect(label?.version == nil)
  }

  // MARK: - Keys without measure

  @Test func boundsWhatAKeyCanBeMadeOf() {
    var reader = KeyReader()
    for key in [
      String(repeating: ":", count: 5000), String(repeating: "a:", count: 5000),
      String(repeating: ".", count: 5000),
      String(repeating: "a.b:", count: 1250), String(repeating: "a/", count: 100),
      String(repeating: "{", count: 5000),
      String(repeating: "ab.cd.ef.gh.ij.kl.mn:", count: 200),
    ] {
      reader.read(Array(key.utf8))
      #expect(reader.reading.segments.count <= KeyReader.maximumSegments)
      #expect(reader.reading.tokens.count <= KeyReader.maximumTokens + KeyReader.maximumSegments)
      #expect(reader.reading.length == key.utf8.count)
    }
    let template = KeyGrouping.template(String(repeating: "a:", count: 5000))
    #expect(template == String(repeating: "a:", count: 23) + "*")
  }

  @Test func keepsNoLongTexts() throws {
    let long = String(repeating: "7", count: 1000)
    #expect(KeyGrouping.template("app:v\(long):x") == "app:*:x")
    #expect(KeyGrouping.label("app:v\(long):x")?.version == nil)
    let schemas = try KeySchema.parse("{namespace}:{version}:{entity}:{rest}")
    #expect(KeyGrouping.template("app:1:\(long):x", schemas: schemas) == "app:1:*:x")
    #expect(KeyGrouping.label("app:\(long):user:x", schemas: schemas)?.version == nil)
    let rule = try VersionRule(pattern: ".*")
    #expect(KeyGrouping.label(":r1:x", versionRule: rule)?.version == Array("r1".utf8))
  }

  @Test func readsHostileBytes() {
    let bytes: [[UInt8]] = [
      [0], [0xff, 0xfe], Array("a\nb:c\u{1b}[2J:7".utf8), Array("a:\u{202e}x:7".utf8), [0x3a, 0, 0x3a],
      [0xc3, 0x3a, 0x28],
      [UInt8](repeating: 0xff, count: 5000),
    ]
    for key in bytes {
      var grouping = KeyGrouping(.template())
      grouping.add(key)
      #expect(grouping.total == 1)
      let template = grouping.labels.keys.first?.template ?? []
      #expect(key.count < 100 ? template.count <= key.count : template == [0x2a])
    }
    #expect(KeyGrouping.template("a\u{1b}:7") == "a\u{1b}:*")
  }

  /// A reader that has read other keys reads the next one as a new one would.
  @Test func keepsNothingOfTheKeyBefore() {
    var used = KeyReader()
    var random = SeededGenerator(seed: 5)
    for _ in 0..<2000 {
      let key = Array(Self.rows.randomElement(using: &random)?.key.utf8 ?? "".utf8)
      used.read(key)
      var fresh = KeyReader()
      fresh.read(key)
      #expect(
        used.reading.tokens.map { Array(used.reading.bytes[$0.range]) }
          == fresh.reading.tokens.map { Array(fresh.reading.bytes[$0.range]) })
      #expect(used.reading.version == fresh.reading.version)
      #expect(used.reading.hasNamespace == fresh.reading.hasNamespace)
      #expect(used.reading.namespace == fresh.reading.namespace)
    }
  }

  @Test func readsNamespacesAsTheyStand() {
    var reader = KeyReader()
    reader.read(Array("org:{abc}:v7:team".utf8))
    #expect(reader.reading.namespace == Array("org:abc".utf8))
    #expect(reader.reading.version == KeyVersion("v7".utf8))
    reader.read(Array("lonely".utf8))
    #expect(reader.reading.namespace == nil)
    #expect(!reader.reading.hasNamespace)
    #expect(reader.reading.version == nil)
    reader.read(Array(":x".utf8))
    #expect(reader.reading.hasNamespace)
  }

  // MARK: - Version patterns

  @Test func recognisesVersionsByPattern() throws {
    let rule = try VersionRule(pattern: "(r|rev-)\\d+|[0-9]{8}")
    for (key, namespace, version) in [
      ("app:r7:user", "app", "r7"), ("app:rev-12:user", "app", "rev-12"),
      ("app:20260131:user", "app", "20260131"),
    ] {
      let label = KeyGrouping.label(key, versionRule: rule)
      #expect(label?.namespace.map(KeyGrouping.text) == namespace)
      #expect(label?.version.map(KeyGrouping.text) == version)
      #expect(label?.template.map(KeyGrouping.text) == key)
    }
    #expect(KeyGrouping.label("app:v7:user", versionRule: rule)?.version == nil)
    #expect(KeyGrouping.label("app:r7x:user", versionRule: rule)?.version == nil)
    #expect(throws: (any Error).self) { try VersionRule(pattern: "(") }
  }

  /// Before three of them the audit does not look for text that users typed.
  @Test(arguments: [
    ("app:v1:user_42/a.b-c*", ":", false), ("", ":", false), ("app:v1:a@b#c", ":", false),
    ("how to:cook", ":", true),
    ("app:cook+rice", ":", true), ("app:v1:a%20b", ":", true), ("{tag}:plain", ":", false),
    ("{tag}:a b", ":", true),
    ("{a b}:c", ":", true), ("how+to+cook", "+", true), ("how to cook", " ", true),
    (String(repeating: "a:", count: 40), ":", false), (String(repeating: "a:", count: 40) + "b c", ":", true),
  ]) func spacesAreNoticed(key: String, separator: String, expected: Bool) {
    var reader = KeyReader(separator: separator)
    reader.read(Array(key.utf8))
    #expect(reader.reading.mayHoldSpaces == expected)
  }
}
