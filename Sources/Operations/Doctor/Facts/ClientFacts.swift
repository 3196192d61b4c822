import RedisClient

/// What CLIENT LIST says of the connections of a server, the tool's own left out. Only counts are kept.
struct ClientFacts: Sendable, Equatable {
  /// The connections of clients: replicas and primaries are not among them.
  private(set) var count = 0
  /// Connections that have been idle for an hour or longer, and are subscribed to nothing.
  private(set) var idle = 0
  /// Connections that run MONITOR.
  private(set) var monitors = 0
  /// The bytes that wait to be sent, in all, and those of the one with most.
  private(set) var outputBytes = 0
  private(set) var largestOutput = 0
  /// Whose connection that is.
  private(set) var largestHolder: Holder?
  /// How many connections each holder has.
  private(set) var holders: [Holder: Int] = [:]

  /// Who holds connections: a name that the client gave itself, a user and a host. Not safe for a terminal.
  struct Holder: Sendable, Hashable {
    var name: String
    var user: String
    var host: String
  }

  /// The name under which the tool connects.
  static let ownName = "rediscache"
  private static let idleSeconds = 3600

  /// Reads the reply: a line a connection.
  init(text: String) {
    for line in text.split(whereSeparator: \.isNewline) { take(ClientFacts.fields(line)) }
  }

  /// Reads `name=value name=value`.
  private static func fields(_ line: Substring) -> [Substring: Substring] {
    var fields: [Substring: Substring] = [:]
    for pair in line.split(separator: " ") {
      guard let equals = pair.firstIndex(of: "=") else { continue }
      fields[pair[..<equals]] = pair[pair.index(after: equals)...]
    }
    return fields
  }

  private mutating func take(_ fields: [Substring: Substring]) {
    let flags = fields["flags"] ?? ""
    guard fields["name"] != Substring(ClientFacts.ownName), !flags.contains("S"), !flags.contains("M") else {
      return
    }
    func amount(_ name: Substring) -> Int { fields[name].flatMap { ServerInfo.amount($0) } ?? 0 }
    let holder = Holder(
      name: String(fields["name"] ?? ""), user: String(fields["user"] ?? ""),
      host: ClientFacts.host(fields["addr"] ?? ""))
    count += 1
    holders[holder, default: 0] += 1
    if flags.contains("O") { monitors += 1 }
    let subscribes = ["sub", "psub", "ssub"].contains { amount(Substring($0)) > 0 }
    if amount("idle") >= ClientFacts.idleSeconds, !subscribes { idle += 1 }
    let output = amount("omem")
    outputBytes += output
    if output > largestOutput { (largestOutput, largestHolder) = (output, holder) }
  }

  /// The address without its port; the path of a socket stays.
  private static func host(_ address: Substring) -> String {
    guard !address.hasPrefix("/"), let colon = address.lastIndex(of: ":") else { return "a unix socket" }
    return String(address[..<colon])
  }

  /// Who holds most connections, with their number; nil where there are none.
  var largest: (holder: Holder, count: Int)? {
    holders.max { ($0.value, $1.key.text) < ($1.value, $0.key.text) }.map { ($0.key, $0.value) }
  }
}

extension ClientFacts.Holder {
  /// "worker as app from 10.0.0.5"; not safe for a terminal.
  var text: String {
    let who = [name.isEmpty ? nil : name, user.isEmpty || user == "default" ? nil : "as \(user)"]
    return (who.compactMap(\.self) + ["from \(host)"]).joined(separator: " ")
  }
}
