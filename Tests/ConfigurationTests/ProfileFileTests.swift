import RedisClient
import Testing

@testable import Configuration

/// Profiles of the configuration file, read from its content alone.
@Suite struct ProfileFileTests {
  private static func profile(_ settings: String) throws -> Profile {
    try ProfileFile(path: "/c.toml", content: Array("[profile.prod]\n\(settings)".utf8)).profile(
      named: "prod")
  }

  @Test func findsTheFile() {
    #expect(ProfileFile.path(in: ["XDG_CONFIG_HOME": "/x", "HOME": "/h"]) == "/x/rediscache/config.toml")
    #expect(
      ProfileFile.path(in: ["XDG_CONFIG_HOME": "x", "HOME": "/h"]) == "/h/.config/rediscache/config.toml")
    #expect(ProfileFile.path(in: ["HOME": ""]) == nil)
  }

  @Test func readsEverySetting() throws {
    let profile = try Self.profile(
      """
      uri = "redis://u"
      host = "h"
      port = 7
      socket = "/s"
      db = 2
      user = "bob"
      tls = true
      cacert = "/ca"
      cacertdir = "/cas"
      cert = "/c"
      key = "/k"
      sni = "n"
      insecure = false
      sentinel-user = "watch"
      node-only = true
      read-from = "replica"
      max-connections = 5
      connect-timeout = "1s"
      timeout = "2s"
      retry-for = "3s"
      max-runtime = "4s"
      protected = true
      """)
    let endpoint = profile.endpoint
    #expect(endpoint.uri == "redis://u" && endpoint.host == "h" && endpoint.port == "7")
    #expect(endpoint.socket == "/s" && endpoint.database == 2 && endpoint.user == "bob")
    #expect(endpoint.tls == true && endpoint.caFile == "/ca" && endpoint.caDirectory == "/cas")
    #expect(endpoint.certificate == "/c" && endpoint.key == "/k" && endpoint.serverName == "n")
    #expect(endpoint.insecure == false && endpoint.sentinelUser == "watch")
    #expect(profile.nodeOnly && profile.readsReplicas == true && profile.maxConnections == 5)
    #expect(profile.connectTimeout == .seconds(1) && profile.timeout == .seconds(2))
    #expect(profile.retryFor == .seconds(3) && profile.maxRuntime == .seconds(4) && profile.isProtected)
    #expect(try Self.profile("").readsReplicas == nil)
  }

  @Test(arguments: [
    ("hots = \"h\"", "hots", ProfileError.Problem.unknown), ("password = \"x\"", "password", .password),
    ("db = \"one\"", "db", .notNumber), ("tls = \"yes\"", "tls", .notFlag), ("host = true", "host", .notText),
    ("read-from = \"any\"", "read-from", .notRole),
    ("max-connections = 0", "max-connections", .notInRange(1...1000)),
  ])
  func refuses(settings: String, key: String, problem: ProfileError.Problem) throws {
    let error = try #require(throws: ProfileError.self) { try Self.profile(settings) }
    #expect(error == .setting(.init(path: "/c.toml", profile: "prod", key: key), problem))
  }

  @Test func namesTheProfilesThatAreThere() throws {
    let file = try ProfileFile(path: "/c.toml", content: Array("[profile.b]\n[profile.a]".utf8))
    #expect(file.names == ["a", "b"])
    #expect(throws: ProfileError.unknownProfile("prod", path: "/c.toml", known: ["a", "b"], strays: [])) {
      try file.profile(named: "prod")
    }
  }
}
