import Testing

@testable import Keyspace

@Suite struct KeySchemaTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var schema: String
    var key: String
    var namespace: String?
    var version: String?
    var entity: String?
    var template: String
    var testDescription: String { "\(schema) reads \(key)" }
  }

  static let rows: [Row] = [
    Row(
      schema: "{namespace}:{version}:{entity}:{id}", key: "app:v2:user:bob", namespace: "app", version: "v2",
      entity: "app:v2:user", template: "app:v2:user:*"),
    Row(
      schema: "{namespace}:{version}:{entity}:{id}", key: "app:2:4711:bob", namespace: "app", version: "2",
      entity: "app:2:4711",
      template: "app:2:4711:*"),
    Row(
      schema: "cache:{namespace}:{rest}", key: "cache:users:42:v2:x", namespace: "users",
      entity: "cache:users",
      template: "cache:users:*:v2:x"),
    Row(
      schema: "{entity}:{id}:{version}", key: "user:bob:3", version: "3", entity: "user:*:3",
      template: "user:*:3"),
    Row(
      schema: "{_}:{namespace}:{version}:{rest}", key: "prod:app:v1:user:7", namespace: "app", version: "v1",
      entity: "*:app:v1:user",
      template: "*:app:v1:user:*"),
    Row(
      schema: "{version}:{entity}:{namespace}:{id}", key: "v3:user:app:x", namespace: "app", version: "v3",
      entity: "v3:user:app", template: "v3:user:app:*"),
    Row(
      schema: "{namespace}:2026:{id}", key: "app:2026:x", namespace: "app", entity: "app:2026",
      template: "app:2026:*"),
    Row(schema: "{namespace}:{id}", key: "{app}:bob", namespace: "app", entity: "app", template: "app:*"),
    Row(
      schema: "{namespace}:{id}", key: "limit:2001:db8::1", namespace: "limit", entity: "limit",
      template: "limit:*"),
    Row(
      schema: "django", key: ":1:user.42", namespace: "", version: "1", entity: ":1:user",
      template: ":1:user.*"),
    Row(
      schema: "django", key: "shop:12:cart:7", namespace: "shop", version: "12", entity: "shop:12:cart",
      template: "shop:12:cart:*"),
    Row(
      schema: "laravel", key: "laravel_cache:tag:users:entries", namespace: "laravel_cache",
      entity: "laravel_cache:tag:users:entries", template: "laravel_cache:tag:users:entries"),
    Row(
      schema: "laravel", key: "laravel_cache:user:1", namespace: "laravel_cache",
      entity: "laravel_cache:user", template: "laravel_cache:user:*"),
    Row(schema: "spring", key: "users::42", namespace: "users", entity: "users", template: "users::*"),
    Row(
      schema: "spring", key: "spring:session:sessions:9b2c1d5e-7f40-4b7c-8d8b-0e5f7a6b1c2d",
      namespace: "spring:session",
      entity: "spring:session:sessions", template: "spring:session:sessions:*"),
    Row(
      schema: "spring", key: "shop:prices::globex_3", namespace: "shop:prices",
      entity: "shop:prices::globex", template: "shop:prices::globex_*"),
    Row(
      schema: "spring", key: "people:lastname:spoon", namespace: "people",
      entity: "people:lastname:spoon", template: "people:lastname:spoon"),
    Row(
      schema: "django", key: "shop:eu:2:cart:7", namespace: "shop:eu", version: "2",
      entity: "shop:eu:2:cart", template: "shop:eu:2:cart:*"),
    Row(
      schema: "{namespace+}:{version}:{rest}", key: "shop:eu:v2:cart:7", namespace: "shop:eu", version: "v2",
      entity: "shop:eu:v2:cart", template: "shop:eu:v2:cart:*"),
    Row(
      schema: "laravel", key: "laravel_database_laravel_cache_:users.42",
      namespace: "laravel_database_laravel_cache_", entity: "laravel_database_laravel_cache_:users",
      template: "laravel_database_laravel_cache_:users.*"),
    Row(
      schema: "laravel", key: "laravel-database-laravel-cache-product:42:price",
      namespace: "laravel-database-laravel-cache", entity: "laravel-database-laravel-cache-product",
      template: "laravel-database-laravel-cache-product:*:price"),
    Row(
      schema: "laravel", key: "laravel_database_queues:default", namespace: "laravel_database_queues",
      entity: "laravel_database_queues:default", template: "laravel_database_queues:default"),
    Row(
      schema: "rails", key: "users/42/permissions", namespace: "users", entity: "users",
      template: "users/*/permissions"),
    Row(
      schema: "rails",
      key: "myapp:production:cache:views/products/_product:83878c91171338902e0fe0fb97a8c47a/products/25",
      namespace: "myapp:production:cache", entity: "myapp:production:cache:views/products/_product",
      template: "myapp:production:cache:views/products/_product:*/products/*"),
    Row(
      schema: "rails",
      key: "rack:session:2::862becb8e70e57babea4f0c13c1b9dfc5c376fd7761a7f3a4a2b0245787de37f",
      namespace: "rack:session", entity: "rack:session:2", template: "rack:session:2::*"),
    Row(
      schema: "rails", key: "session:2::d41d8cd98f00b204e9800998ecf8427e", namespace: "session",
      entity: "session:2", template: "session:2::*"),
    Row(
      schema: "rails", key: "shop:views/users", namespace: "shop", entity: "shop:views/users",
      template: "shop:views/users"),
  ]

  @Test(arguments: rows) func readsByPosition(row: Row) throws {
    let schemas = try KeySchema.parse(row.schema)
    let label = try #require(KeyGrouping.label(row.key, schemas: schemas))
    #expect(label.namespace.map(KeyGrouping.text) == row.namespace)
    #expect(label.version.map(KeyGrouping.text) == row.version)
    #expect(label.entity.map(KeyGrouping.text) == row.entity)
    #expect(label.template.map(KeyGrouping.text) == row.template)
    #expect(Self.matches(row.key, schemas))
  }

  @Test(
    arguments: [
      ("{namespace}:{id}", "app"), ("{namespace}:{id}", "app:1:2"),
      ("{namespace}:{version}:{rest}", "app:v1"),
      ("{namespace}:{version}:{rest}", "app:user:1"), ("cache:{rest}", "caches:1"), ("cache:{rest}", "cache"),
      ("{namespace}:session:{id}", "a:sessions:1"), ("django", "app:v:1"), ("django", "app:v2:1"),
      ("django", "shop:user:1042:x"),
      ("{version}", "1.5"), ("{version}", ""),
    ]) func leavesOtherKeysToTheGeneralRules(schema: String, key: String) throws
  {
    let schemas = try KeySchema.parse(schema)
    #expect(!Self.matches(key, schemas))
    #expect(KeyGrouping.label(key, schemas: schemas) == KeyGrouping.label(key))
  }

  @Test func triesSchemasInOrder() throws {
    let schemas =
      try KeySchema.parse("{namespace}:{version}:{rest}") + KeySchema.parse("{_}:{namespace}:{id}")
    #expect(KeyGrouping.label("a:v1:c", schemas: schemas)?.namespace == Array("a".utf8))
    #expect(KeyGrouping.label("a:b:c", schemas: schemas)?.namespace == Array("b".utf8))
  }

  @Test func everyKeyMatchesWithoutASchema() { #expect(Self.matches("anything", [])) }

  @Test func partsAtTheSeparator() throws {
    let schemas = try KeySchema.parse("{namespace}|{version}|{id}", separator: "|")
    #expect(
      KeyGrouping.label("a:b|v2|bob", separator: "|", schemas: schemas)?.template == Array("a:b|v2|*".utf8))
  }

  @Test(
    arguments: [
      ("", "preset"), ("app:user", "preset"), ("Django", "preset"), ("{namespace}:{foo}", "{foo}"),
      ("{namespace}:user-{id}", "user-{id}"),
      ("{namespace", "{namespace"), ("{rest}:{id}", "last"), ("{rest}:{rest}", "last"),
      ("{namespace}:{namespace}", "{namespace} twice"),
      ("{version}:{version}", "{version} twice"),
    ]) func saysWhatIsWrong(schema: String, hint: String) throws
  {
    let fault = try #require(throws: KeySchema.Fault.self) { try KeySchema.parse(schema) }
    #expect(fault.message.contains(hint))
    #expect(schema.isEmpty || fault.message.contains(schema))
  }

  @Test func presetsParse() throws {
    for preset in KeySchema.presets {
      #expect(try KeySchema.parse(preset.name).count == preset.schemas.count)
    }
    #expect(try KeySchema.parse("{namespace}:{rest}").map(\.text) == ["{namespace}:{rest}"])
  }

  @Test func showsAsManySegmentsAsAskedFor() throws {
    let schemas = try KeySchema.parse("{entity}:{id}:{version}:{namespace}")
    for (depth, template) in [
      (1, "user"), (2, "user:*"), (3, "user:*:7"), (4, "user:*:7:app"), (9, "user:*:7:app"),
    ] {
      #expect(
        KeyGrouping.names(["user:bob:7:app"], .template(depth: depth), schemas: schemas) == [template: 1])
    }
  }

  /// Keys of one namespace come together though its place in the key differs.
  @Test func namespacesMeetWhateverTheOrder() throws {
    let schemas =
      try KeySchema.parse("{version}:{namespace}:{id}") + KeySchema.parse("{namespace}:{version}:{_}:{id}")
    let keys = ["v1:app:x", "v2:app:y", "app:v1:p:q", "app:v2:p:q"]
    #expect(KeyGrouping.names(keys, .version, schemas: schemas) == ["app v1": 2, "app v2": 2])
    #expect(
      KeyGrouping.names(keys, .template(), schemas: schemas)
        == ["v1:app:*": 1, "v2:app:*": 1, "app:v1:*:*": 1, "app:v2:*:*": 1])
  }

  private static func matches(_ key: String, _ schemas: [KeySchema]) -> Bool {
    var reader = KeyReader(schemas: schemas)
    reader.read(Array(key.utf8))
    return reader.reading.matchesSchema
  }
}
