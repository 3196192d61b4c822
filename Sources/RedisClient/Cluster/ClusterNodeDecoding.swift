extension ClusterTopology.Node {
  /// Reads a node of CLUSTER SHARDS from its fields.
  init(fields: [String: Reply], seed: Endpoint) throws(DecodeError) {
    let ports =
      seed.tls == nil ? [fields["port"], fields["tls-port"]] : [fields["tls-port"], fields["port"]]
    guard let port = ports.compactMap(\.self).first else {
      throw DecodeError(expected: "the port of a node", found: "none")
    }
    try self.init(
      id: fields["id"],
      // A server that names no preferred endpoint at all has but the address.
      endpoint: fields["endpoint"] ?? fields["ip"], port: port, details: fields, seed: seed)
  }

  /// Reads a node of CLUSTER SLOTS: endpoint, port, name, fields; the last two may be missing.
  init(entry reply: Reply, seed: Endpoint) throws(DecodeError) {
    guard reply.kind == .array, reply.childCount >= 2 else { throw reply.mismatch("a node") }
    let values = reply.children
    try self.init(
      id: values.count > 2 ? values[2] : nil, endpoint: values[0], port: values[1],
      details: values.count > 3 ? try values[3].namedValues("fields of a node") : [:], seed: seed)
  }

  private init(
    id: Reply?, endpoint: Reply?, port: Reply, details: [String: Reply], seed: Endpoint
  ) throws(DecodeError) {
    let number = try port.decode(Int64.self)
    guard let port = UInt16(exactly: number), port > 0 else {
      throw DecodeError(expected: "a port from 1 to 65535", found: "\(number)")
    }
    let endpoint = try Self.text(endpoint)
    let name = try Self.text(details["hostname"]).flatMap { EndpointHost.isName($0) ? $0 : nil }
    let host = try Self.host(endpoint, ip: Self.text(details["ip"]), seed: seed)
    // Where the preferred endpoint is the host name, CLUSTER SLOTS does not repeat it among the fields.
    let isNamed = endpoint == host && !ClusterHost.isAddress(host)
    self.init(
      // Names reach the terminal; what is none is forgotten.
      id: try Self.text(id).flatMap { EndpointHost.isName($0) ? $0 : nil },
      address: .tcp(host: host, port: port), hostName: name ?? (isNamed ? host : nil))
  }

  /// Where a node is to be reached.
  ///
  /// Null and empty mean: where the question was answered, because the servers do not know how clients reach them, or
  /// the node has not learnt its address yet. `?` stands for a node that is to be called by its name and has none; its
  /// address is the better guess, as the asked host is most often another node's.
  private static func host(_ endpoint: String?, ip: String?, seed: Endpoint) throws(DecodeError) -> String {
    switch endpoint {
    case nil, "": return ClusterHost.host(of: seed)
    case "?":
      guard let ip, ClusterHost.isUsable(ip) else { return ClusterHost.host(of: seed) }
      return ip
    case let host?:
      guard ClusterHost.isUsable(host) else {
        throw DecodeError(expected: "the host of a node", found: "a text that is none")
      }
      return host
    }
  }

  private static func text(_ reply: Reply?) throws(DecodeError) -> String? {
    guard let reply else { return nil }
    return try reply.decode(String?.self)
  }
}
