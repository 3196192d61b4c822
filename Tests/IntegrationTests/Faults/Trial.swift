import Foundation
import TestHarness
import Testing

/// One command on its way into a fault: the keys that it is about, keys that it must leave alone, its files, and what
/// must hold however it ends.
///
/// The servers ask for the password of the tests, so that every trial also shows that no output and no file holds it.
final class Trial {
  /// What a server needs to be tried with.
  static let configuration = ["requirepass \(Rediscache.secret)"]
  static let login = RedisServer.Options.Login("default", Rediscache.secret)
  /// A run that meets a fault ends with it.
  static let atOnce = ["--retry-for", "0s"]

  let verb: Verb
  /// How many keys the command is about.
  let count: Int
  let folder: TemporaryFolder
  /// Arguments of every run.
  var options: [String] = []
  var environment = ["REDISCLI_AUTH": Rediscache.secret]
  /// When the fault sets in; a run that ends before shows nothing.
  var moment: Moment?

  /// The name of a key that the command is about, by its number.
  let name: (Int) -> String

  /// The servers that hold the keys now, replicas left out.
  private let stores: () throws -> [RedisServer]
  private var others: [[UInt8]: [UInt8]] = [:]

  /// Options for a server of a trial.
  static func server(
    tcp: Bool = false, tls: RedisServer.Options.TLS? = nil, _ configuration: [String] = []
  ) -> RedisServer.Options {
    .init(tcp: tcp, tls: tls, configuration: Self.configuration + configuration, login: login)
  }

  /// Fills a server for a command.
  convenience init(_ verb: Verb, on server: RedisServer, count: Int = 300) throws {
    try self.init(verb, count, on: { [server] }, load: { try server.load($0) })
  }

  /// Fills servers for a command; names begin with `app:v1:`.
  init(
    _ verb: Verb, _ count: Int, names name: @escaping (Int) -> String = { "app:v1:\($0)" },
    on stores: @escaping () throws -> [RedisServer], load: ([[[UInt8]]]) throws -> Void
  ) throws {
    self.verb = verb
    self.count = count
    self.name = name
    self.stores = stores
    folder = try TemporaryFolder()
    try load(Self.bystanders.map { $0.map { Array($0.utf8) } })
    if verb != .warm {
      try load((0..<count).map { ["SET", name($0), "value \($0)", "EX", "90000"].map { Array($0.utf8) } })
    }
    try folder.write("export.jsonl", Self.oldExport)
    try folder.write("seed", (0..<count).flatMap { Array(record($0).utf8) })
    others = try otherDigests()
    #expect(!others.isEmpty)
  }

  static let oldExport = Array("the old export\n".utf8)

  /// Keys of all types that no command is about, with names near to those that one is.
  private static let bystanders: [[String]] = [
    ["SET", "other:string", "value"], ["SET", "other:brief", "value", "EX", "80000"],
    ["HSET", "other:hash", "a", "1", "b", "2"], ["RPUSH", "other:list", "a", "b", "a"],
    ["SADD", "other:set", "a", "b"], ["ZADD", "other:zset", "1", "a", "2", "b"],
    ["XADD", "other:stream", "1-1", "a", "b"], ["SET", "app:v10:0", "value"], ["SET", "app:v2:0", "value"],
    ["SET", "APP:v1:0", "value"], ["SET", "other:app:v1:0", "value"], ["SET", "app:v1", "value"],
  ]

  private func record(_ number: Int) -> String {
    #"{"key":"\#(name(number))","value":"value \#(number)","ttl":90000}"# + "\n"
  }

  // MARK: - Running

  /// The command line at a place; one that goes on takes the journal up.
  func words(_ place: [String], goingOn: Bool = false) -> [String] {
    let journal = [goingOn ? "--resume" : "--journal", folder.file("journal")]
    let pages = ["app:v1:*", "--count", "50"]
    let own =
      switch verb {
      case .scan: ["scan", "--json"] + pages
      case .ttl: ["ttl", "--json"] + pages
      case .export: ["export", "-o", folder.file("export.jsonl")] + pages
      case .stats: ["stats", "--json"]
      case .invalidate: ["invalidate", "--yes", "--json", "--batch", "20"] + pages + journal
      case .warm: ["warm", "--yes", folder.file("seed"), "--json", "--batch", "20"] + journal
      }
    return own + place + options
  }

  /// Starts the command.
  func start(_ place: [String], _ more: [String] = [], goingOn: Bool = false) throws -> RunningCommand {
    try Rediscache.command(words(place, goingOn: goingOn) + more, environment: environment).start()
  }

  /// Runs the command, which must end by itself within a time.
  func run(
    _ place: [String], _ more: [String] = [], goingOn: Bool = false, within limit: Duration = Wait.limit,
    at location: SourceLocation = #_sourceLocation
  ) throws -> Command.Result {
    let result = try start(place, more, goingOn: goingOn).wait(timeout: limit)
    #expect(!result.timedOut, "\(verb) did not end within \(limit): \(result)", sourceLocation: location)
    return result
  }

  var isJournalled: Bool { FileManager.default.fileExists(atPath: folder.file("journal")) }

  // MARK: - The servers

  /// The names of the keys that the command is about, as they are now.
  func chosenNames() throws -> Set<String> {
    Set(try stores().flatMap { try $0.keys("app:v1:*") }.map { String(decoding: $0, as: UTF8.self) })
  }

  /// What the chosen keys hold.
  func chosenValues() throws -> [String: String] {
    var values: [String: String] = [:]
    for server in try stores() {
      let keys = try server.keys("app:v1:*")
      let replies = try server.pipeline(keys.map { [Array("GET".utf8), $0] })
      for (key, reply) in zip(keys, replies) { values[String(decoding: key, as: UTF8.self)] = reply.text }
    }
    return values
  }

  /// What the keys outside the choice hold, and when they expire.
  private func otherDigests() throws -> [[UInt8]: [UInt8]] {
    var digests: [[UInt8]: [UInt8]] = [:]
    for server in try stores() {
      let contents = try server.sortedContents(besides: "app:v1:*")
      let keys = Array(contents.keys)
      let expiries = try server.pipeline(keys.map { [Array("PEXPIRETIME".utf8), $0] })
      for (key, expiry) in zip(keys, expiries) {
        digests[key] = (contents[key] ?? []) + Array((expiry.text ?? "").utf8)
      }
    }
    return digests
  }

  /// Checks that no key outside the choice was touched, and that nothing shows the password.
  func expectHarmless(_ result: Command.Result, at location: SourceLocation) throws {
    if let moment {
      #expect(
        moment.hasCome && moment.failure == nil, "\(moment.failure ?? "no fault")", sourceLocation: location)
    }
    let now = try otherDigests()
    #expect(now == others, "keys outside the choice were touched: \(result)", sourceLocation: location)
    let secret = Data(Rediscache.secret.utf8)
    for (name, bytes) in [("stdout", result.stdout), ("stderr", result.stderr)] + files() {
      #expect(
        Data(bytes).range(of: secret) == nil, "\(name) shows the password", sourceLocation: location)
    }
    #expect(!result.errorText.contains("Fatal"), "\(result)", sourceLocation: location)
  }

  /// All files of the run.
  func files() -> [(String, [UInt8])] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().map { ($0, folder.read($0) ?? []) }
  }
}
