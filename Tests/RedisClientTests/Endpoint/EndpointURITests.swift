import Testing

@testable import RedisClient

@Suite struct EndpointURITests {
  struct Row: Sendable, CustomTestStringConvertible {
    let uri: String
    let address: Endpoint.Address
    /// The addresses after the first.
    var others: [Endpoint.Address] = []
    var sentinelName: String?
    var database = 0
    var credentials: Credentials?
    var usesTLS = false
    var testDescription: String { uri }
  }

  static let local = Endpoint.Address.tcp(host: "127.0.0.1", port: 6379)
  static let host = Endpoint.Address.tcp(host: "h", port: 6379)
  static let socket = Endpoint.Address.unix(path: "/run/redis.sock")

  static let good: [Row] = [
    Row(uri: "redis://", address: local),
    Row(uri: "redis:///", address: local),
    Row(uri: "redis:///3", address: local, database: 3),
    Row(uri: "redis://:6380", address: .tcp(host: "127.0.0.1", port: 6380)),
    Row(uri: "redis://h", address: host),
    Row(uri: "redis://h/", address: host),
    Row(uri: "redis://h/7", address: host, database: 7),
    Row(uri: "redis://h?db=7", address: host, database: 7),
    Row(uri: "redis://h/7?db=7", address: host, database: 7),
    Row(uri: "redis://h/?db=7", address: host, database: 7),
    Row(uri: "redis://h?", address: host),
    Row(uri: "REDIS://h", address: host),
    Row(uri: "valkey://h", address: host),
    Row(uri: "rediss://h", address: host, usesTLS: true),
    Row(uri: "valkeys://h:6380/1", address: .tcp(host: "h", port: 6380), database: 1, usesTLS: true),
    Row(
      uri: "redis://cache-1.a_b.example:65535", address: .tcp(host: "cache-1.a_b.example", port: 65535)),
    Row(uri: "redis://h:1", address: .tcp(host: "h", port: 1)),
    Row(uri: "redis://:secret@h", address: host, credentials: Credentials(password: "secret")),
    Row(uri: "redis://:pw@/0", address: local, credentials: Credentials(password: "pw")),
    Row(
      uri: "redis://bob:secret@h", address: host, credentials: Credentials(user: "bob", password: "secret")),
    Row(
      uri: "redis://b%6Fb:p%40ss@h", address: host, credentials: Credentials(user: "bob", password: "p@ss")),
    Row(uri: "redis://:a%2fb%3F%23%25@h", address: host, credentials: Credentials(password: "a/b?#%")),
    Row(uri: "redis://:a:b:c@h", address: host, credentials: Credentials(password: "a:b:c")),
    Row(uri: "redis://:a,b@h", address: host, credentials: Credentials(password: "a,b")),
    Row(uri: "redis://:%ff%00@h", address: host, credentials: Credentials(password: [0xFF, 0])),
    Row(uri: "redis://:grün@h", address: host, credentials: Credentials(password: "grün")),
    Row(uri: "redis://[::1]", address: .tcp(host: "::1", port: 6379)),
    Row(uri: "redis://[2001:db8::2]:6380/4", address: .tcp(host: "2001:db8::2", port: 6380), database: 4),
    Row(uri: "redis://[fe80::1%25eth0]", address: .tcp(host: "fe80::1%eth0", port: 6379)),
    Row(
      uri: "redis://:pw@[::1]:1", address: .tcp(host: "::1", port: 1),
      credentials: Credentials(password: "pw")),
    Row(uri: "unix:///run/redis.sock", address: socket),
    Row(uri: "unix:///run/redis.sock?db=5", address: socket, database: 5),
    Row(uri: "redis+unix:///run/redis.sock", address: socket),
    Row(uri: "unix:///run/redis%40a%20b.sock", address: .unix(path: "/run/redis@a b.sock")),
    Row(
      uri: "unix://bob:pw@/run/redis.sock", address: socket,
      credentials: Credentials(user: "bob", password: "pw")),
    Row(uri: "redis://a:7000,b:7001", address: tcp("a", 7000), others: [tcp("b", 7001)]),
    Row(uri: "redis://a,b,c/2", address: tcp("a"), others: [tcp("b"), tcp("c")], database: 2),
    Row(uri: "redis://a,a", address: tcp("a"), others: [tcp("a")]),
    Row(
      uri: "rediss://bob:p,w@[::1]:1,[2001:db8::2],h?db=1", address: tcp("::1", 1),
      others: [tcp("2001:db8::2"), tcp("h")], database: 1,
      credentials: Credentials(user: "bob", password: "p,w"), usesTLS: true),
    Row(uri: "valkeys://[fe80::1%25eth0],b", address: tcp("fe80::1%eth0"), others: [tcp("b")], usesTLS: true),
    Row(uri: "redis-sentinel://h/main", address: tcp("h", 26379), sentinelName: "main"),
    Row(uri: "redis-sentinel:///main", address: tcp("127.0.0.1", 26379), sentinelName: "main"),
    Row(uri: "redis-sentinel://h/main/", address: tcp("h", 26379), sentinelName: "main"),
    Row(
      uri: "redis-sentinel://a:1,[::1],b/main.db-1_x/3", address: tcp("a", 1),
      others: [tcp("::1", 26379), tcp("b", 26379)], sentinelName: "main.db-1_x", database: 3),
    Row(
      uri: "valkey-sentinel://bob:p%2Fw@a/main?db=3", address: tcp("a", 26379), sentinelName: "main",
      database: 3, credentials: Credentials(user: "bob", password: "p/w")),
    Row(uri: "rediss-sentinel://a/main", address: tcp("a", 26379), sentinelName: "main", usesTLS: true),
    Row(uri: "valkeys-sentinel://a/main/0", address: tcp("a", 26379), sentinelName: "main", usesTLS: true),
    Row(uri: "redis-sentinel://a/m%2F%C3%BC%25", address: tcp("a", 26379), sentinelName: "m/ü%"),
    Row(uri: "redis-sentinel://a/7", address: tcp("a", 26379), sentinelName: "7"),
  ]

  static func tcp(_ host: String, _ port: UInt16 = 6379) -> Endpoint.Address { .tcp(host: host, port: port) }

  @Test(arguments: good) func readsEveryForm(_ row: Row) throws {
    let endpoint = try EndpointURI.parse(row.uri)
    #expect(endpoint.addresses == [row.address] + row.others)
    #expect(endpoint.sentinelName == row.sentinelName)
    #expect(endpoint.database == row.database)
    #expect(endpoint.credentials == row.credentials)
    #expect(endpoint.tls == (row.usesTLS ? TLSOptions() : nil))
  }

  @Test(arguments: good) func descriptionLeadsBackToTheSamePlace(_ row: Row) throws {
    let locator = try EndpointURI.parse(row.uri)
    let plain = Locator(
      locator.addresses, sentinelName: locator.sentinelName, database: locator.database, tls: locator.tls)
    #expect(try EndpointURI.parse(locator.description) == plain)
  }

  @Test(arguments: [
    ("redis://:pw@cache-1", "redis://cache-1:6379/0"),
    ("valkeys://bob:pw@cache-1:1/2", "rediss://cache-1:1/2"),
    ("redis://[::1]", "redis://[::1]:6379/0"),
    ("redis://[fe80::1%25eth0]", "redis://[fe80::1%25eth0]:6379/0"),
    ("unix:///a%20b?db=1", "unix:///a%20b?db=1"),
    ("valkeys://:pw@a:7000,[::1]/1", "rediss://a:7000,[::1]:6379/1"),
    ("redis-sentinel://:pw@a,b:1/my%2Fmain", "redis-sentinel://a:26379,b:1/my%2Fmain/0"),
    ("valkeys-sentinel://bob:pw@[::1]/main/2", "rediss-sentinel://[::1]:26379/main/2"),
  ])
  func describesWithoutCredentials(uri: String, expected: String) throws {
    #expect(try EndpointURI.parse(uri).description == expected)
  }

  /// URIs with the words that the error must hold.
  static let bad: [(uri: String, says: String)] = [
    ("", "empty"), ("h", "no scheme"), ("h:6379", "no scheme"), ("redis:/h", "no scheme"),
    ("http://h", "scheme"), ("redis-sentinels://h/main", "scheme"),
    ("redis-sentinel://h", "name of the primary"), ("redis-sentinel://h:26379/", "name of the primary"),
    ("redis-sentinel://h//0", "name of the primary"), ("redis-sentinel://h?db=1", "name of the primary"),
    ("redis-sentinel://h/main/x", "database"), ("redis-sentinel://h/main/0/1", "database"),
    ("redis-sentinel://h/main/1?db=2", "two databases"), ("redis-sentinel://h/main?name=x", "parameter"),
    ("redis-sentinel://h/%zz", "name in the URI has a %"), ("redis-sentinel://h/a%0Ab", "not a valid one"),
    ("redis-sentinel://h/%ff", "not a valid one"), ("redis-sentinel://h#main", "#"),
    ("redis-sentinel://h:70000/main", "port 70000"), ("redis-sentinel://:p/w@h/main", "@ out of place"),
    ("redis-sentinel://a,/main", "list of the URI is empty"),
    ("redis://h ", "space or a control"), ("redis://h\n", "space or a control"),
    ("redis://h\u{1}x", "control"),
    ("redis://h:70000", "port 70000"), ("redis://h:0", "port 0"), ("redis://h:abc", "port"),
    ("redis://h:", "port"),
    ("redis://h:+1", "port"), ("redis://h:1234567", "port"), ("redis://h:00", "port 00"),
    ("redis://::1", "brackets: [::1]"), ("redis://:pw@::1", "brackets: [::1]"), ("redis://a:b:c", "colon"),
    ("redis://[::1", "brackets"), ("redis://[::1]6379", "port"), ("redis://[h]", "brackets"),
    ("redis://[127.0.0.1]", "brackets"), ("redis://[::1%00]", "brackets"), ("redis://[]", "brackets"),
    ("redis://[::1]:0", "port 0"), ("redis://bob@h", "no password"), ("redis://@h", "no password"),
    ("redis://:@h", "password in the URI is empty"), ("redis://bob:@h", "password in the URI is empty"),
    ("redis://:p@ss@h", "@ out of place"), ("redis://:p/w@h", "@ out of place"),
    ("redis://:p?w@h", "@ out of place"),
    ("unix://:p/w@/run/x", "@ out of place"), ("unix:///:pw@/run/x", "@ out of place"),
    ("redis://:p#w@h", "#"), ("redis://h/0#x", "#"),
    ("redis://:%zz@h", "password in the URI has a %"), ("redis://:%4@h", "password in the URI has a %"),
    ("redis://:%@h", "password in the URI has a %"), ("redis://%zz:pw@h", "user in the URI has a %"),
    ("redis://%ff:pw@h", "user in the URI"), ("redis://a%20b:pw@h", "user in the URI"),
    ("redis://a:7000,", "list of the URI is empty"), ("redis://,b", "list of the URI is empty"),
    ("redis://a,,b", "list of the URI is empty"), ("redis://a,:7000", "list of the URI is empty"),
    ("redis://a,b:0", "port 0"), ("redis://a,fe80::1", "brackets: [fe80::1]"), ("redis://a,h!", "host"),
    ("redis://a,b@h", "no password"),
    ("redis://h%31", "host"), ("redis://h\u{202E}x", "host"), ("redis://h!", "host"),
    ("redis://münchen", "host"),
    ("redis://h/x", "database"), ("redis://h/-1", "database -1"), ("redis://h/1/2", "database"),
    ("redis://h/99999999999999999999", "database 99999999999999999999"), ("redis://h?db=", "database"),
    ("redis://h?db=x", "database"), ("redis://h/1?db=2", "two databases, 1 and 2"),
    ("redis://h?db=1&db=1", "twice"), ("redis://h?timeout=5", "parameter \"timeout\""),
    ("redis://h?db=1&ssl_cert_reqs=none", "parameter \"ssl_cert_reqs\""),
    ("redis://h?d\u{202E}b=1", "parameter"),
    ("unix://run/redis.sock", "absolute path"), ("unix://", "absolute path"),
    ("unix:///%zz", "path in the URI"),
    ("unix:///a%00b", "control character"), ("unix:///%ff", "not UTF-8"),
    ("unix:///a?x=1", "parameter \"x\""),
    ("unix:///" + String(repeating: "a", count: 200), "longer than"),
  ]

  @Test(arguments: bad) func refusesWithTheReason(uri: String, says: String) throws {
    let error = try #require(throws: EndpointError.self) { try EndpointURI.parse(uri) }
    #expect(error.kind == .usage)
    let message = error.message.description
    #expect(message.contains(says), "\(message)")
    #expect(error.hint != "")
    #expect(uri.utf8.count < 9 || !message.contains(uri))
    // Nothing that could rewrite the line it is printed on.
    #expect(!message.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
  }

  @Test(arguments: [
    "redis://bob:hunter2", "redis://:hunter2", "redis://:pw@h:hunter2", "redis://h/hunter2",
    "redis://bob:hunter2,b:1", "redis://a,:hunter2", "redis-sentinel://:hunter2/main",
    "redis-sentinel://h/main/hunter2", "redis-sentinel://bob:hunter2,b",
  ])
  func neverRepeatsTextWhereANumberBelongs(uri: String) throws {
    let error = try #require(throws: EndpointError.self) { try EndpointURI.parse(uri) }
    #expect(!error.description.contains("hunter2"))
  }
}
