import Testing

@testable import RedisClient

/// What is read from INFO; an absent field is absent.
@Suite struct ServerInfoTests {
  @Test func anAbsentFieldIsAbsent() {
    let info = ServerInfo(text: "# Server\r\nredis_version:7.2.4\r\nbare\r\n")
    #expect(info.fields == ["redis_version": "7.2.4"])
    #expect(info.server == "redis" && info.version == "7.2.4")
    #expect(info.runID == nil && info.role == nil && info.primary == nil && info.integer("maxmemory") == nil)
    #expect(info.replicas.isEmpty && info.databases.isEmpty && !info.describesKeyspace)
    #expect(info.calls(of: "get") == nil && info.flushesAndSwaps == nil && !info.isEmpty)
    #expect(ServerInfo().isEmpty)
  }

  @Test func readsReplicas() {
    let lines = [
      "role:master", "connected_slaves:2", "slave0:ip=10.0.0.2,port=6379,state=online,offset=14,lag=1",
      "slave1:ip=no host,port=6379,state=wait_bgsave", "slave2:ip=10.0.0.4,port=6379,state=online",
    ]
    let replicas = ServerInfo(text: lines.joined(separator: "\r\n")).replicas
    #expect(replicas.count == 2)
    #expect(replicas.map(\.address) == [.tcp(host: "10.0.0.2", port: 6379), nil])
    #expect(replicas.map(\.isOnline) == [true, false])
    #expect(replicas.map(\.offset) == [14, nil] && replicas.map(\.lag) == [1, nil])
    #expect(ServerInfo(text: "slave0:garbage").replicas.count == 1)
    #expect(ServerInfo(text: "connected_slaves:-1\r\nslave0:ip=h").replicas.isEmpty)
  }

  @Test func readsTheAddressOfAPrimary() {
    let info = ServerInfo(text: "role:slave\r\nmaster_host:::1\r\nmaster_port:7000")
    #expect(info.role == "replica" && info.primary?.description == "[::1]:7000")
    #expect(ServerInfo(text: "master_host:\u{1B}[2J\r\nmaster_port:1").primary == nil)
  }

  @Test(arguments: [
    "-1", "-9223372036854775808", "9223372036854775807", "9007199254740993", "x", "1.5", "1e3",
  ])
  func anImpossibleAmountIsUnknown(_ value: String) {
    let text =
      "used:\(value)\r\ndb0:keys=\(value),expires=\(value)\r\ndb\(value):keys=1\r\ncmdstat_get:calls=\(value)"
    let info = ServerInfo(
      text: text + "\r\nslave0:ip=h,port=1,offset=\(value),lag=\(value)\r\nerrorstat_OOM:count=\(value)")
    #expect(info.amount("used") == nil && info.calls(of: "get") == nil && info.errors("OOM") == nil)
    #expect(info.databases == [0: .init(keys: nil, expires: nil)])
    #expect(info.replicas.map(\.offset) == [nil] && info.replicas.map(\.lag) == [nil])
  }

  @Test func aFieldWithoutAValueIsAbsent() {
    let info = ServerInfo(
      text: "run_id:\r\nmaxmemory_policy:\r\nrole:\r\nratio:-nan\r\nhigh:inf\r\nlow:-2\r\nfine:1.5")
    #expect(info.runID == nil && info.role == nil && info.fields["maxmemory_policy"] == nil)
    #expect(["ratio", "high", "low"].allSatisfy { info.decimal($0) == nil } && info.decimal("fine") == 1.5)
    #expect(
      ServerInfo(text: "# Errorstats").errors("OOM") == 0 && ServerInfo(text: "x:1").errors("OOM") == nil)
  }

  @Test func aSumWithSomethingUnknownIsUnknown() {
    typealias Database = ServerInfo.Database
    let all = Database(sum: [Database(keys: 5, expires: 2), Database(keys: 7, expires: 1)])
    #expect(all == Database(keys: 12, expires: 3) && all.endless == 9)
    #expect(Database(sum: [all, Database(keys: nil, expires: 1)]).keys == nil)
    #expect(Database(keys: .max, expires: 1).endless == .max - 1)
    #expect(Database(sum: [Database(keys: .max, expires: 0), all]).keys == nil)
    #expect(Database(keys: 3, expires: 4) == Database(keys: 3, expires: nil))
  }

  @Test func readsKeysAndCalls() {
    let text = "# Keyspace\r\ndb0:keys=12,expires=3,avg_ttl=0\r\ndb3:keys=1\r\ndbx:keys=9"
    #expect(
      ServerInfo(text: text).databases == [0: .init(keys: 12, expires: 3), 3: .init(keys: 1, expires: nil)])
    #expect(ServerInfo(text: "# Keyspace").describesKeyspace)
    let calls = ServerInfo(text: "cmdstat_flushall:calls=2,usec=9\r\ncmdstat_config|resetstat:calls=4,usec=1")
    #expect(calls.calls(of: "config|resetstat") == 4 && calls.flushesAndSwaps == 2)
  }
}
