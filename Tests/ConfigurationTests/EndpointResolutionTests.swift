import Testing

@testable import Configuration
@testable import RedisClient

/// Options in one expression.
private func say(_ set: (inout EndpointOptions) -> Void) -> EndpointOptions {
  var options = EndpointOptions()
  set(&options)
  return options
}

@Suite struct EndpointResolutionTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    var options = EndpointOptions()
    var environment: [String: String] = [:]
    var profile: EndpointOptions?
    let gives: String
    var user: String?
    var password: String?
    var sentinels: Credentials?
    /// Whether the target is the profile's own.
    var isNamed = false
    /// A part of the only warning, or nil for none.
    var warns: String?
    var testDescription: String { name }
  }

  static let prod = say { $0.uri = "redis://alice:A@prod:1/3" }
  static let split = say {
    $0.host = "prod"
    $0.database = 3
    $0.user = "alice"
    $0.password = Array("A".utf8)
    $0.tls = true
    $0.caFile = "/ca.pem"
  }

  static let addresses: [Row] = [
    Row(name: "nothing", gives: "redis://127.0.0.1:6379/0"),
    Row(name: "host", options: say { $0.host = "a" }, gives: "redis://a:6379/0"),
    Row(name: "port", options: say { $0.port = "7" }, gives: "redis://127.0.0.1:7/0"),
    Row(name: "bare IPv6", options: say { $0.host = "::1" }, gives: "redis://[::1]:6379/0"),
    Row(name: "bracketed IPv6", options: say { $0.host = "[::1]" }, gives: "redis://[::1]:6379/0"),
    Row(name: "socket", options: say { $0.socket = "r.sock" }, gives: "unix://r.sock?db=0"),
    Row(
      name: "socket and db",
      options: say {
        $0.socket = "/r.sock"
        $0.database = 2
      }, gives: "unix:///r.sock?db=2"),
    Row(name: "URI", options: say { $0.uri = "redis://a/1" }, gives: "redis://a:6379/1"),
    Row(
      name: "URI and the same db twice",
      options: say {
        $0.uri = "redis://a/1"
        $0.database = 1
      }, gives: "redis://a:6379/1"),
    Row(name: "REDIS_URL", environment: ["REDIS_URL": "redis://e/1"], gives: "redis://e:6379/1"),
    Row(
      name: "REDISCACHE_URI first", environment: ["REDIS_URL": "bad", "REDISCACHE_URI": "redis://e"],
      gives: "redis://e:6379/0"),
    Row(
      name: "an empty variable is unset", environment: ["REDISCACHE_URI": "", "REDIS_URL": "redis://e"],
      gives: "redis://e:6379/0"),
    Row(
      name: "options over environment, unread", options: say { $0.host = "a" },
      environment: ["REDIS_URL": "redis://:p@ss@e/9"], gives: "redis://a:6379/0"),
    Row(
      name: "db over the environment's", options: say { $0.database = 2 },
      environment: ["REDIS_URL": "redis://e/9"], gives: "redis://e:6379/2"),
    Row(
      name: "--tls over the environment's", options: say { $0.tls = true },
      environment: ["REDIS_URL": "redis://e/9"], gives: "rediss://e:6379/9"),
    Row(
      name: "profile", profile: prod, gives: "redis://prod:1/3", user: "alice", password: "A", isNamed: true),
    Row(
      name: "db over the profile's", options: say { $0.database = 0 }, profile: prod,
      gives: "redis://prod:1/0",
      user: "alice", password: "A", isNamed: true),
    Row(
      name: "a host drops the profile's URI whole", options: say { $0.host = "a" }, profile: prod,
      gives: "redis://a:6379/0"),
    Row(
      name: "a host keeps the profile's separate values", options: say { $0.host = "a" }, profile: split,
      gives: "rediss://a:6379/3", user: "alice", password: "A"),
    Row(
      name: "a plain URI keeps the profile's TLS", options: say { $0.uri = "redis://a" }, profile: split,
      gives: "rediss://a:6379/3", user: "alice", password: "A"),
    Row(
      name: "a socket drops the profile's TLS", options: say { $0.socket = "/s" }, profile: split,
      gives: "unix:///s?db=3", user: "alice", password: "A"),
    Row(
      name: "a port alone", options: say { $0.port = "7" }, profile: prod, gives: "redis://127.0.0.1:7/0",
      warns: "[port] without [host]"),
    Row(
      name: "a profile without an address", profile: say { $0.database = 4 },
      gives: "redis://127.0.0.1:6379/4",
      isNamed: true),
  ]

  static let ask = say {
    $0.uri = "redis-sentinel://:A@s1,s2:1/main"
    $0.sentinelUser = "watch"
    $0.sentinelPassword = Array("W".utf8)
  }

  static let lists: [Row] = [
    Row(name: "seeds", options: say { $0.uri = "redis://a:7000,b/1" }, gives: "redis://a:7000,b:6379/1"),
    Row(
      name: "seeds with --tls", options: say { ($0.uri, $0.tls) = ("redis://a,b", true) },
      gives: "rediss://a:6379,b:6379/0"),
    Row(
      name: "sentinels", profile: ask, gives: "redis-sentinel://s1:26379,s2:1/main/0", password: "A",
      sentinels: Credentials(user: "watch", password: "W"), isNamed: true),
    Row(
      name: "sentinels with --tls and --db", options: say { ($0.tls, $0.database) = (true, 4) }, profile: ask,
      gives: "rediss-sentinel://s1:26379,s2:1/main/4", password: "A",
      sentinels: Credentials(user: "watch", password: "W"), isNamed: true),
    Row(
      name: "the sentinels' password of last resort", environment: ["REDISCACHE_SENTINEL_AUTH": "W"],
      profile: say { $0.uri = "redis-sentinel://s/main" }, gives: "redis-sentinel://s:26379/main/0",
      sentinels: Credentials(password: "W"), isNamed: true),
    Row(
      name: "the server's password of last resort is not the sentinels'", environment: ["REDISCLI_AUTH": "X"],
      profile: say { $0.uri = "redis-sentinel://s/main" }, gives: "redis-sentinel://s:26379/main/0",
      password: "X", isNamed: true),
    Row(
      name: "--sentinel-user over the profile's", options: say { $0.sentinelUser = "other" }, profile: ask,
      gives: "redis-sentinel://s1:26379,s2:1/main/0", password: "A",
      sentinels: Credentials(user: "other", password: "W"), isNamed: true),
    Row(
      name: "a server's address drops what is for sentinels", options: say { $0.host = "a" },
      environment: ["REDISCACHE_SENTINEL_AUTH": "W"], profile: ask, gives: "redis://a:6379/0"),
    Row(
      name: "options for the sentinels of the environment",
      options: say { $0.sentinelPassword = Array("W".utf8) },
      environment: ["REDIS_URL": "redis-sentinel://s/main/3"], gives: "redis-sentinel://s:26379/main/3",
      sentinels: Credentials(password: "W")),
  ]

  static let credentials: [Row] = [
    Row(
      name: "password of last resort", environment: ["REDISCLI_AUTH": "X", "VALKEYCLI_AUTH": "Y"],
      gives: "redis://127.0.0.1:6379/0", password: "X"),
    Row(
      name: "Valkey's name for it", environment: ["REDISCLI_AUTH": "", "VALKEYCLI_AUTH": "Y"],
      gives: "redis://127.0.0.1:6379/0", password: "Y"),
    Row(
      name: "--user with it", options: say { $0.user = "bob" }, environment: ["REDISCLI_AUTH": "X"],
      gives: "redis://127.0.0.1:6379/0", user: "bob", password: "X"),
    Row(
      name: "the profile's password before it", environment: ["REDISCLI_AUTH": "X"], profile: prod,
      gives: "redis://prod:1/3", user: "alice", password: "A", isNamed: true),
    Row(
      name: "the option before it", options: say { $0.password = [66] }, environment: ["REDISCLI_AUTH": "X"],
      gives: "redis://127.0.0.1:6379/0", password: "B"),
    Row(
      name: "the option for the environment's host", options: say { $0.password = [66] },
      environment: ["REDIS_URL": "redis://bob:X@e"], gives: "redis://e:6379/0", user: "bob", password: "B"),
    Row(
      name: "the option for the profile's user", options: say { $0.password = [66] }, profile: prod,
      gives: "redis://prod:1/3", user: "alice", password: "B", isNamed: true),
    Row(
      name: "a password in --uri", options: say { $0.uri = "redis://:B@a" }, profile: split,
      gives: "rediss://a:6379/3", password: "B", warns: "process lists"),
    Row(
      name: "a password in the environment's URI", environment: ["REDIS_URL": "redis://:B@e"],
      gives: "redis://e:6379/0", password: "B"),
    Row(
      name: "a profile asked for by name goes before the environment",
      environment: ["REDIS_URL": "redis://e"],
      profile: split, gives: "rediss://prod:6379/3", user: "alice", password: "A", isNamed: true),
    Row(
      name: "the environment beside a profile without a host", environment: ["REDIS_URL": "redis://e"],
      profile: say { $0.password = [65] }, gives: "redis://e:6379/0", password: "A",
      warns: "REDIS_URL names the server"),
    Row(
      name: "--insecure", options: say { ($0.tls, $0.insecure) = (true, true) },
      gives: "rediss://127.0.0.1:6379/0", warns: "[insecure]"),
  ]

  @Test(arguments: addresses + credentials + lists) func decides(_ row: Row) throws {
    let resolution = try EndpointResolution.resolve(
      row.options, environment: row.environment, profile: row.profile, named: row.profile.map { _ in "prod" })
    #expect(resolution.locator.description == row.gives)
    #expect(
      resolution.locator.credentials == row.password.map { Credentials(user: row.user, password: $0) })
    #expect(resolution.locator.sentinelCredentials == row.sentinels)
    #expect(resolution.name == (row.isNamed ? "prod" : nil))
    #expect(resolution.warnings.count == (row.warns == nil ? 0 : 1), "\(resolution.warnings)")
    if let warns = row.warns { #expect(resolution.warnings.first?.description.contains(warns) == true) }
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    var options = EndpointOptions()
    var environment: [String: String] = [:]
    var profile: EndpointOptions?
    var kind = EndpointError.Kind.usage
    /// Parts that the message must hold.
    let says: [String]
    var testDescription: String { says.joined(separator: ", ") }
  }

  static let refusals: [Refusal] = [
    Refusal(options: say { ($0.uri, $0.host) = ("redis://a", "a") }, says: ["[uri] and [host]"]),
    Refusal(options: say { ($0.uri, $0.port) = ("redis://a", "1") }, says: ["[uri] and [port]"]),
    Refusal(options: say { ($0.uri, $0.socket) = ("redis://a", "/s") }, says: ["[uri] and [socket]"]),
    Refusal(options: say { ($0.socket, $0.host) = ("/s", "a") }, says: ["[socket] and [host]"]),
    Refusal(options: say { ($0.socket, $0.port) = ("/s", "1") }, says: ["[socket] and [port]"]),
    Refusal(options: say { ($0.socket, $0.tls) = ("/s", true) }, says: ["TLS and a Unix socket"]),
    Refusal(options: say { ($0.socket, $0.caFile) = ("/s", "/c") }, says: ["TLS and a Unix socket"]),
    Refusal(
      options: say { $0.tls = true }, environment: ["REDIS_URL": "unix:///s"], says: ["TLS and a Unix socket"]
    ),
    Refusal(options: say { $0.caFile = "/c" }, says: ["[caFile] is given", "plain"]),
    Refusal(options: say { $0.insecure = true }, says: ["[insecure] is given"]),
    Refusal(
      options: say { ($0.tls, $0.certificate) = (true, "/c") }, says: ["[certificate] is given without [key]"]
    ),
    Refusal(
      options: say { ($0.uri, $0.database) = ("redis://a/1", 2) }, says: ["database is given", "[database]"]),
    Refusal(options: say { ($0.uri, $0.user) = ("redis://a:b@h", "c") }, says: ["user is given", "[user]"]),
    Refusal(
      options: say { ($0.uri, $0.password) = ("redis://:b@h", [1]) },
      says: ["password is given", "[passwordFile]"]),
    Refusal(options: say { $0.user = "bob" }, says: ["[user]", "\"bob\"", "without a password"]),
    Refusal(
      profile: say { $0.user = "bob" }, kind: .configuration,
      says: ["profile \"prod\", user", "without a password"]),
    Refusal(
      options: say { ($0.uri, $0.sentinelUser) = ("redis-sentinel://s/main", "watch") },
      says: ["[sentinelUser]", "\"watch\"", "without a password"]),
    Refusal(
      options: say { ($0.uri, $0.sentinelPassword) = ("redis://a,b", [1]) },
      says: ["[sentinelPasswordFile] is given", "no sentinels"]),
    Refusal(options: say { $0.sentinelUser = "watch" }, says: ["[sentinelUser] is given", "no sentinels"]),
    Refusal(
      profile: say { ($0.host, $0.sentinelUser) = ("a", "watch") }, kind: .configuration,
      says: ["profile \"prod\"", "no sentinels"]),
    Refusal(options: say { $0.database = -1 }, says: ["[database]", "-1"]),
    Refusal(
      profile: say { $0.database = -1 }, kind: .configuration, says: ["profile \"prod\", database", "-1"]),
    Refusal(options: say { $0.port = "70000" }, says: ["\"70000\""]),
    Refusal(options: say { $0.port = "0" }, says: ["\"0\""]),
    Refusal(options: say { $0.port = "abc" }, says: ["\"abc\""]),
    Refusal(options: say { $0.port = "" }, says: ["port \"\""]),
    Refusal(options: say { $0.port = "6\u{1B}[2J" }, says: ["\\x1b"]),
    Refusal(profile: say { $0.port = "0" }, kind: .configuration, says: ["profile \"prod\"", "\"0\""]),
    Refusal(options: say { $0.host = "" }, says: ["host is empty"]),
    Refusal(options: say { $0.host = "a:1" }, says: ["host is not valid"]),
    Refusal(options: say { $0.host = "a b" }, says: ["host is not valid"]),
    Refusal(options: say { $0.host = "[::1]:1" }, says: ["host is not valid"]),
    Refusal(options: say { $0.socket = "" }, says: ["socket is empty"]),
    Refusal(options: say { $0.uri = "redis://h:0" }, says: ["[uri]: ", "port 0"]),
    Refusal(
      environment: ["REDIS_URL": "redis://h:0"], kind: .configuration, says: ["REDIS_URL: ", "port 0"]),
    Refusal(
      environment: ["REDISCACHE_URI": "h"], kind: .configuration, says: ["REDISCACHE_URI: ", "no scheme"]),
    Refusal(
      profile: say { $0.uri = "redis://h/x" }, kind: .configuration,
      says: ["profile \"prod\", uri: ", "database"]),
  ]

  @Test(arguments: refusals) func refusesWithThePlace(_ row: Refusal) throws {
    let error = try #require(throws: EndpointError.self) {
      try EndpointResolution.resolve(
        row.options, environment: row.environment, profile: row.profile, named: "prod")
    }
    #expect(error.kind == row.kind)
    for part in row.says { #expect(error.message.description.contains(part), "\(error.message)") }
    #expect(error.hint != "")
  }

  @Test func tlsOptionsCombineAndPairsStayTogether() throws {
    let options = say { ($0.serverName, $0.certificate, $0.key) = ("sni.example", "/o.crt", "/o.key") }
    let profile = say {
      ($0.tls, $0.caFile, $0.serverName) = (true, "/ca.pem", "other.example")
      ($0.certificate, $0.key) = ("/p.crt", "/p.key")
    }
    let tls = try EndpointResolution.resolve(options, profile: profile).locator.tls
    #expect(
      tls
        == TLSOptions(
          caFile: "/ca.pem", certificate: "/o.crt", key: "/o.key", serverName: "sni.example", insecure: false)
    )
    let half = say { $0.certificate = "/o.crt" }
    #expect(throws: EndpointError.self) { try EndpointResolution.resolve(half, profile: profile) }
  }

  @Test func makeChecksWhatWasTyped() throws {
    let endpoint = try Endpoint.make(host: "[::1]", port: "1", database: 2)
    #expect(endpoint == Endpoint(address: .tcp(host: "::1", port: 1), database: 2))
    #expect(endpoint.address.description == "[::1]:1")
    #expect(throws: EndpointError.self) { try Endpoint.make(socket: "/s", tls: TLSOptions()) }
    #expect(throws: EndpointError.self) { try Endpoint.make(database: -1) }
  }
}
