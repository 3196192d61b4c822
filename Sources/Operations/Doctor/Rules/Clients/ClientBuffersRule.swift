import Bytes
import Quantities
import Reporting

/// Clients that do not read their replies as fast as they ask for them.
struct ClientBuffersRule: NodeRule {
  let id = "client-buffers"
  let subject = "bytes that wait for one client, and buffers of all clients for each of them"
  let thresholds = [
    RuleThreshold("client", 10e6, .bytes), RuleThreshold("average", 200e3, .bytes),
    RuleThreshold("bytes", 10e6, .bytes), RuleThreshold("critical", 0.2, .share),
  ]
  let source = "MEMORY DOCTOR (200 kB a client); critical from this much of maxmemory on"

  func findings(
    on node: NodeFacts, in examination: Examination, _ limits: RuleLimits
  ) throws(FactGap) -> [ReportFinding] {
    let clients = try node.answers.clients.get()
    let buffers = try node.amount("mem_clients_normal")
    let all = max(buffers, clients.outputBytes)
    let average = Double(all) / Double(max(1, clients.count))
    let isLarge = Double(clients.largestOutput) > limits["client"]
    guard isLarge || Double(all) > limits["bytes"] && average > limits["average"] else { return [] }
    let limit = node.figures.gauges.maxmemory ?? 0
    let isCritical = limit > 0 && Double(all) >= limits["critical"] * Double(limit)
    let holder = clients.largestHolder.map { ", most for one \(KeyText.sanitized($0.text))" } ?? ""
    return [
      finding(
        isCritical ? .critical : .warning,
        "\(NumberText.bytes(all)) of buffers for \(NumberText.count(clients.count)) clients"
          + (isLarge ? holder : ""),
        why: "buffers count against maxmemory: slow readers have keys evicted, and are cut off at "
          + "client-output-buffer-limit",
        [
          ("mem_clients_normal_bytes", .int(buffers)), ("largest_output_bytes", .int(clients.largestOutput)),
          ("clients", .int(clients.count)),
        ], examination.server(node, "CLIENT", "LIST"))
    ]
  }
}
