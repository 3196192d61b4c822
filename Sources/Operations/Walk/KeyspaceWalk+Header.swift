import RedisClient
import Reporting

/// What a report says about the target, and what a write to it is refused for.
extension KeyspaceWalk {
  /// The head of a report: the target, the time, and what is missing; where `keys` is 0, also what may have been meant.
  func header(schema: String, keys: Int? = nil) -> ReportHeader {
    var header = ReportHeader(
      schema: schema, toolVersion: context.toolVersion, targetName: target.identity.name,
      uri: target.identity.uri,
      kind: isNodeOfCluster ? "cluster" : target.identity.isBehindSentinels ? "sentinel" : "standalone",
      server: facts.server, serverVersion: facts.version,
      nodes: nodes.filter { $0.fault == nil }.map {
        ReportHeader.Node(address: $0.endpoint.place, role: $0.facts.role)
      },
      startedAt: context.startedAt, durationSeconds: context.elapsedSeconds,
      isComplete: result.isComplete && !missesShards,
      warnings: warnings + (keys == 0 ? hintsForNothing() : []))
    header.place = target.identity.place
    header.database = target.databases == .all && !isNodeOfCluster ? nil : target.firstDatabase
    return header
  }

  private var warnings: [String] {
    var warnings = lastingWarnings + result.warnings
    if missesShards, cluster == nil {
      warnings.insert("this server is one node of a cluster: \(context.advise(.meanThisNode))", at: 0)
    }
    if let failure = result.failure { warnings.append(failure.message) }
    if facts.isEmpty {
      warnings.append("\(facts.refusal ?? "INFO is empty"): the server is not described")
    }
    return warnings
  }

  /// Keys of the cluster were not looked at.
  private var missesShards: Bool {
    if let cluster { cluster.missesShards } else { isNodeOfCluster && !request.nodeOnly }
  }

  // MARK: - Writing

  /// What a dry run says where the real run would be refused.
  var replicaWarning: String {
    "this is a replica, and replicas take no writes: the real run must go to its primary"
      + (facts.primary.map { " \($0)" } ?? "")
  }

  /// Refuses to write to one node of a cluster, unless it is meant alone.
  func refusePartOfCluster() throws(ClientError) {
    guard isNodeOfCluster, !request.nodeOnly, cluster == nil else { return }
    throw ClientError(
      .usage, "\(target.identity.uri) is one node of a cluster, and the others cannot be reached from here",
      hints: [.keysOfThisNode])
  }

  /// Refuses to write to a replica in a cluster, which answers as if its keys were another node's.
  func refuseReplicaOfCluster() throws(ClientError) {
    guard isNodeOfCluster, cluster == nil, facts.role == "replica" else { return }
    throw ClientError(
      .transient, "\(target.identity.uri) is a replica, and replicas take no writes",
      hints: [facts.primary.map { "its primary is \($0)" } ?? "INFO replication names its primary"])
  }
}

extension Endpoint {
  /// The address alone, as nodes are named in reports.
  var place: String { address.description }

  /// The user as access rules name it.
  var userName: String { credentials?.user ?? "default" }
}
