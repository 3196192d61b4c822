extension ServerInfo {
  /// A replica as its primary describes it: `slave0:ip=10.0.0.2,port=6379,state=online,offset=14,lag=1`.
  package struct Replica: Sendable, Equatable {
    /// The parts of the line by their names, as the server sent them; not safe for a terminal.
    package let fields: [String: String]

    /// Reads what follows the colon.
    init(line: String) { fields = ServerInfo.pairs(line) }

    /// Where the replica can be reached; nil where the primary names no valid place.
    package var address: Endpoint.Address? {
      guard let host = fields["ip"], let port = fields["port"] else { return nil }
      return Endpoint.Address(announced: host, port: port)
    }

    /// True where the replica follows its primary, and is neither waiting for a copy nor loading one.
    package var isOnline: Bool { fields["state"] == "online" }

    /// The bytes of the replication stream that the replica has acknowledged.
    package var offset: Int? { fields["offset"].flatMap { ServerInfo.amount($0) } }

    /// The seconds since the replica's last report.
    package var lag: Int? { fields["lag"].flatMap { ServerInfo.amount($0) } }
  }

  /// The replicas of a primary, in its order; `connected_slaves` bounds them where it is there.
  package var replicas: [Replica] {
    let count = integer("connected_slaves") ?? .max
    var replicas: [Replica] = []
    // The numbers have no gaps.
    while replicas.count < count, let line = fields["slave\(replicas.count)"] {
      replicas.append(Replica(line: line))
    }
    return replicas
  }

  /// Where a replica's primary is, as the replica reaches it; nil for a primary, and for a place that is not valid.
  package var primary: Endpoint.Address? {
    guard let host = fields["master_host"], let port = fields["master_port"] else { return nil }
    return Endpoint.Address(announced: host, port: port)
  }

  /// Reads `name=value,name=value`; what has no `=` is left out.
  static func pairs(_ line: String) -> [String: String] {
    var pairs: [String: String] = [:]
    for pair in line.split(separator: ",") {
      let halves = pair.split(separator: "=", maxSplits: 1)
      if halves.count == 2 { pairs[String(halves[0])] = String(halves[1]) }
    }
    return pairs
  }
}
