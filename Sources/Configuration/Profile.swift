import Quantities
import RedisClient

/// A named target of the configuration file: `[profile.NAME]` and its settings.
package struct Profile: Sendable {
  /// A setting by its name in the file.
  enum Key: String, CaseIterable {
    case uri, host, port, socket, user, tls, cacert, cacertdir, cert, key, sni, insecure, timeout, protected
    case schema, separator, pace, ignore, limit, rules
    case database = "db"
    case passwordFile = "password-file"
    case passwordCommand = "password-command"
    case sentinelUser = "sentinel-user"
    case sentinelPasswordFile = "sentinel-password-file"
    case nodeOnly = "node-only"
    case readFrom = "read-from"
    case maxConnections = "max-connections"
    case connectTimeout = "connect-timeout"
    case retryFor = "retry-for"
    case maxRuntime = "max-runtime"
  }

  /// How many nodes of a cluster may be walked at the same time.
  package static let connectionCounts = 1...1000
  /// What the pace may be.
  package static let paces = ["auto", "gentle", "full"]
  /// The names of all settings.
  package static var keys: [String] { Key.allCases.map(\.rawValue) }

  /// Where to connect and as whom.
  package var endpoint = EndpointOptions()
  /// The bound on connecting.
  package var connectTimeout: Duration?
  /// The bound on each wait for replies.
  package var timeout: Duration?
  /// The bound on the whole run.
  package var maxRuntime: Duration?
  /// How long to retry what failed.
  package var retryFor: Duration?
  /// How many nodes of a cluster are walked at the same time, in `connectionCounts`.
  package var maxConnections: Int?
  /// Whether replicas are read instead of primaries.
  package var readsReplicas: Bool?
  /// Whether one node of a cluster is meant alone.
  package var nodeOnly = false
  /// True where nothing may be removed before the profile's name is given once more.
  package var isProtected = false
  /// How names are read: by position, each schema in turn.
  package var schemas: [String] = []
  /// What separates the segments of a name.
  package var separator: String?
  /// Kinds of findings that `scan` leaves out, such as `no-ttl` or `no-ttl:app`.
  package var ignoredFindings: [String] = []
  /// Shares of the keys up to which `scan` leaves a kind of finding out, such as `no-ttl=1%`.
  package var findingLimits: [String] = []
  /// Rules that `doctor` leaves out.
  package var disabledRules: [String] = []
  /// Thresholds of the rules of `doctor`, such as `hit-ratio.warning=70%`.
  package var ruleThresholds: [String] = []
  /// How much of the server's time a command takes, one of `paces`.
  package var pace: String?
  /// What the user should know of password files, each in one line.
  package private(set) var warnings: [String] = []

  /// Reads the settings of one table of the file.
  init(
    _ settings: [String: TOMLValue], within limit: WaitLimit,
    at place: (_ key: String) -> ProfileError.Place
  ) throws(ProfileError) {
    for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
      let value = Value(value, at: place(name))
      guard let key = Key(rawValue: name) else {
        throw value.fault(name == "password" || name == "sentinel-password" ? .password : .unknown)
      }
      try set(key, to: value, within: limit)
    }
  }

  private mutating func set(_ key: Key, to value: Value, within limit: WaitLimit) throws(ProfileError) {
    switch key {
    case .uri: endpoint.uri = try value.text()
    case .host: endpoint.host = try value.text()
    case .port: endpoint.port = try value.text()
    case .socket: endpoint.socket = try value.text()
    case .database: endpoint.database = try value.number()
    case .user: endpoint.user = try value.text()
    case .passwordFile:
      guard endpoint.passwordCommand == nil else { throw value.fault(.twoPasswords) }
      endpoint.password = try password(inFile: value.text(), within: limit)
    case .passwordCommand: endpoint.passwordCommand = try value.line()
    case .sentinelUser: endpoint.sentinelUser = try value.text()
    case .sentinelPasswordFile: endpoint.sentinelPassword = try password(inFile: value.text(), within: limit)
    case .tls: endpoint.tls = try value.flag()
    case .cacert: endpoint.caFile = try value.text()
    case .cacertdir: endpoint.caDirectory = try value.text()
    case .cert: endpoint.certificate = try value.text()
    case .key: endpoint.key = try value.text()
    case .sni: endpoint.serverName = try value.text()
    case .insecure: endpoint.insecure = try value.flag()
    case .nodeOnly: nodeOnly = try value.flag()
    case .schema: schemas = try value.texts()
    case .separator: separator = try value.line()
    case .ignore: ignoredFindings = try value.texts()
    case .limit: findingLimits = try value.texts()
    case .rules: try setRules(value)
    case .pace: pace = try value.choice(of: Profile.paces)
    case .protected: isProtected = try value.flag()
    case .readFrom: readsReplicas = try value.readsReplicas()
    case .maxConnections: maxConnections = try value.count(in: Profile.connectionCounts)
    case .connectTimeout: connectTimeout = try value.duration()
    case .timeout: timeout = try value.duration()
    case .retryFor: retryFor = try value.duration()
    case .maxRuntime: maxRuntime = try value.duration()
    }
  }

  /// Reads `[profile.NAME.rules]`: `no-tls = false` leaves a rule out, `hit-ratio.warning = "70%"` sets a threshold.
  private mutating func setRules(_ value: Value) throws(ProfileError) {
    for (name, setting) in try value.members() {
      if let isApplied = setting.flagIfAny {
        if !isApplied { disabledRules.append(name) }
      } else if let thresholds = try? setting.members() {
        for (threshold, bound) in thresholds {
          ruleThresholds.append("\(name).\(threshold)=\(try bound.line())")
        }
      } else {
        ruleThresholds.append("\(name)=\(try setting.line())")
      }
    }
  }

  private mutating func password(
    inFile path: String, within limit: WaitLimit
  ) throws(ProfileError) -> [UInt8] {
    do {
      let (password, warning) = try Credentials.passwordFile(path, within: limit)
      if let warning { warnings.append(warning) }
      return password
    } catch {
      throw .passwordFile(error)
    }
  }
}

/// The value of one setting, and where it was read.
private struct Value {
  private let value: TOMLValue
  private let place: ProfileError.Place

  init(_ value: TOMLValue, at place: ProfileError.Place) {
    self.value = value
    self.place = place
  }

  func fault(_ problem: ProfileError.Problem) -> ProfileError { .setting(place, problem) }

  func text() throws(ProfileError) -> String {
    if let text = value.string { return text }
    if let number = value.int { return String(number) }
    throw fault(.notText)
  }

  /// A text that is not empty.
  func line() throws(ProfileError) -> String {
    let text = try text()
    guard !text.isEmpty else { throw fault(.empty) }
    return text
  }

  /// One text, or an array of some.
  func texts() throws(ProfileError) -> [String] {
    guard let elements = value.elements else { return [try line()] }
    let texts = elements.compactMap(\.string)
    guard !texts.isEmpty, texts.count == elements.count, !texts.contains("") else { throw fault(.notTexts) }
    return texts
  }

  /// The members of a table, in the order of their names.
  func members() throws(ProfileError) -> [(name: String, value: Value)] {
    guard let table = value.table else { throw fault(.notTable) }
    return table.sorted { $0.key < $1.key }.map { ($0.key, Value($0.value, at: place)) }
  }

  /// True or false where the setting is either.
  var flagIfAny: Bool? { value.bool }

  func choice(of choices: [String]) throws(ProfileError) -> String {
    guard let text = value.string, choices.contains(text) else { throw fault(.notOneOf(choices)) }
    return text
  }

  func flag() throws(ProfileError) -> Bool {
    guard let flag = value.bool else { throw fault(.notFlag) }
    return flag
  }

  func number() throws(ProfileError) -> Int {
    guard let number = value.int else { throw fault(.notNumber) }
    return number
  }

  func count(in range: ClosedRange<Int>) throws(ProfileError) -> Int {
    guard let number = value.int, range.contains(number) else { throw fault(.notInRange(range)) }
    return number
  }

  func readsReplicas() throws(ProfileError) -> Bool {
    switch try text() {
    case "primary": return false
    case "replica": return true
    default: throw fault(.notRole)
    }
  }

  func duration() throws(ProfileError) -> Duration {
    let text = try text()
    do { return try Units.duration(text) } catch { throw fault(.notDuration(error.message)) }
  }
}
