import Keyspace
import RedisClient

/// What is asked of each server beside INFO, and what the replies say.
///
/// Settings are asked for by name: CONFIG GET with a pattern would bring passwords.
struct NodeQuestions {
  /// The settings that rules look at.
  static let settings = [
    "save", "appendonly", "bind", "protected-mode", "port", "tls-port", "notify-keyspace-events",
    "stop-writes-on-bgsave-error", "slowlog-log-slower-than", "activedefrag",
  ]
  /// How many entries of the log of slow commands are read: it has no more by default.
  private static let slowEntries = 128

  let naming: KeyNaming

  /// The commands, in the order in which `take` reads their replies.
  var batch: CommandBuffer {
    var batch = CommandBuffer()
    for name in NodeQuestions.settings { batch.append("CONFIG", "GET", name) }
    batch.append("CLIENT", "LIST")
    batch.append("SLOWLOG", "GET", String(NodeQuestions.slowEntries))
    batch.append("LATENCY", "LATEST")
    return batch
  }

  /// Reads the replies of a server, by its time in seconds since 1970. Nothing else of them is kept.
  func read(_ replies: ReplyBuffer, now: Int64, at endpoint: Endpoint) -> Answers {
    let first = NodeQuestions.settings.count
    var answers = Answers(lacking: .skipped("it was not asked for"))
    answers.settings = settings(replies, endpoint)
    answers.clients = NodeQuestions.fact(replies[first], "CLIENT LIST", "+client|list", endpoint) { reply in
      (try? reply.decode(String.self)).map(ClientFacts.init)
    }
    answers.slow = NodeQuestions.fact(replies[first + 1], "SLOWLOG GET", "+slowlog|get", endpoint) { reply in
      SlowFacts(reply, now: now, naming: naming)
    }
    answers.latency = NodeQuestions.fact(replies[first + 2], "LATENCY LATEST", "+latency|latest", endpoint) {
      LatencyEvent.all($0)
    }
    answers.now = now
    answers.errors = (0..<replies.count).count { replies[$0].error != nil }
    return answers
  }

  private func settings(_ replies: ReplyBuffer, _ endpoint: Endpoint) -> Fact<[String: String]> {
    var values: [String: String] = [:]
    for place in NodeQuestions.settings.indices {
      if let error = replies[place].error {
        return .failure(FactGap(error, to: "CONFIG GET", right: "+config|get", at: endpoint))
      }
      if let fields = try? replies[place].decode(ReplyFields.self) {
        values.merge(fields.values) { first, _ in first }
      }
    }
    return .success(values)
  }

  private static func fact<Value>(
    _ reply: Reply, _ command: String, _ right: String, _ endpoint: Endpoint, _ body: (Reply) -> Value?
  ) -> Fact<Value> {
    if let error = reply.error {
      return .failure(FactGap(error, to: command, right: right, at: endpoint))
    }
    guard let value = body(reply) else { return .failure(.unavailable("\(command) answers in another way")) }
    return .success(value)
  }

  /// What the replies of one server say.
  struct Answers {
    /// Settings by their names; those that the server does not have are absent.
    var settings: Fact<[String: String]>
    var clients: Fact<ClientFacts>
    var slow: Fact<SlowFacts>
    var latency: Fact<[LatencyEvent]>
    /// The server's time in seconds since 1970.
    var now: Int64 = 0
    /// How many of the questions were answered with an error, which the server counts.
    var errors = 0

    /// No answers, for one reason.
    init(lacking gap: FactGap) {
      (settings, clients, slow, latency) = (.failure(gap), .failure(gap), .failure(gap), .failure(gap))
    }
  }
}

/// What LATENCY LATEST says of one kind of event that held the server.
struct LatencyEvent: Sendable, Equatable {
  /// The kind, such as `fork` or `expire-cycle`.
  let name: String
  /// When it last happened, in seconds since 1970.
  let at: Int64
  /// How long the last one took, and the longest, in milliseconds.
  let latest: Int
  let longest: Int

  /// Reads `[name, time, latest, longest]`; nil for anything else.
  init?(_ reply: Reply) {
    let parts = reply.children
    guard parts.count >= 4, let name = try? parts[0].decode(String.self), let at = parts[1].integer,
      let latest = parts[2].integer, let longest = parts[3].integer, latest >= 0, longest >= 0
    else { return nil }
    (self.name, self.at, self.latest, self.longest) = (name, at, Int(latest), Int(longest))
  }

  init(name: String, at: Int64, latest: Int, longest: Int) {
    (self.name, self.at, self.latest, self.longest) = (name, at, latest, longest)
  }

  /// Reads the whole reply.
  static func all(_ reply: Reply) -> [LatencyEvent] { reply.children.compactMap(LatencyEvent.init) }
}
