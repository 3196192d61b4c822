import Reporting

/// A server that anyone in reach may use.
struct NoPasswordRule: NodeRule {
  let id = "no-password"
  let subject = "answers to a connection without a password, and an address beyond loopback to listen at"
  let source = "Redis documentation (security); RedisInsight"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    guard let isOpen = examination.access.opensWithoutPassword else {
      throw .unavailable("whether the server answers without a password could not be tried")
    }
    guard isOpen else { return [] }
    let isReached = examination.access.isRemote
    let open = isReached ? "it answers this machine over the network" : try node.openDoor()
    guard let open else { return [] }
    return [
      finding(
        .critical, "no password, and \(open)",
        why: "whoever reaches the port can read, change and remove everything, and change the settings",
        [("reached_over_network", .bool(isReached))], examination.server(node, "CONFIG", "GET", "bind"))
    ]
  }
}

extension NodeFacts {
  /// Where the server listens beyond this machine, in words; nil where it does not, or protects itself.
  fileprivate func openDoor() throws(FactGap) -> String? {
    let ports = [try setting("port"), (try? setting("tls-port")) ?? "0"]
    guard ports.contains(where: { $0 != "0" }) else { return nil }
    guard try setting("protected-mode") != "yes" else { return nil }
    let bind = try setting("bind").split(separator: " ").map { $0.hasPrefix("-") ? $0.dropFirst() : $0 }
    let outside = bind.filter { !$0.hasPrefix("127.") && $0 != "::1" && $0 != "localhost" }
    if bind.isEmpty { return "it listens at every address" }
    return outside.isEmpty
      ? nil
      : outside.contains { $0 == "*" || $0 == "0.0.0.0" || $0 == "::" || $0 == "::*" }
        ? "it listens at every address" : "it listens at \(outside.joined(separator: ", "))"
  }
}
