import Bytes
import Keyspace
import RedisClient

/// Adds the measuring commands of a page to a batch and reads their replies.
///
/// A measurement that the server does not offer is noted once, and not asked for again with every key.
struct KeyMeasurer {
  /// What became of a key between its naming and its measuring.
  enum Outcome {
    /// The key answered.
    case measured(KeyMeasure)
    /// The key had gone.
    case vanished
    /// The key was moving to another node, or there already, where it will be named again.
    case moved
    /// The key could not be measured: the user may not read it, or it answered with an error.
    case forbidden

    /// True for a key that has moved.
    var hasMoved: Bool { if case .moved = self { true } else { false } }
  }

  private static let pttl = CommandPrefix("PTTL")
  private static let memoryUsage = CommandPrefix("MEMORY", "USAGE")
  private static let type = CommandPrefix("TYPE")
  private static let idleTime = CommandPrefix("OBJECT", "IDLETIME")
  private static let frequency = CommandPrefix("OBJECT", "FREQ")
  private static let encoding = CommandPrefix("OBJECT", "ENCODING")

  /// What the server has turned out not to offer, with its reason.
  private(set) var unavailable: [(measurement: KeyMeasurements, reason: Reason)] = []
  private(set) var forbiddenKeys = 0
  /// Keys that another node of a cluster answers for.
  private(set) var movedKeys = 0
  /// Keys that answered with an error of their own, and the first such error.
  private(set) var failedKeys: (count: Int, reason: String)?
  /// What the server counted of these commands among its hits and misses.
  private(set) var lookups = StatsLookups()
  private var missing: KeyMeasurements = []

  /// The user as access rules name it.
  private let user: String
  private let memorySamples: Int?
  private let hasExpiringFields: Bool
  /// The server's clock, where the moments at which keys expire are asked for.
  private let clock: ServerClock?
  /// Hashes whose fields expire, or may.
  private(set) var hashesWithExpiringFields = 0

  /// `memorySamples` is the number of elements of a collection that MEMORY USAGE measures, nil for the server's default;
  /// `hasExpiringFields` says that fields of some hashes expire. With a `clock`, the moments are noted at which keys expire.
  init(
    user: String, memorySamples: Int? = nil, hasExpiringFields: Bool = false, clock: ServerClock? = nil
  ) {
    self.clock = clock
    self.user = user
    self.hasExpiringFields = hasExpiringFields
    self.memorySamples = memorySamples
  }

  /// Why a measurement is not available.
  struct Reason {
    /// What decides how a run ends that cannot do without the measurement.
    enum Kind: Int {
      /// The server has no such command.
      case missing
      /// The user may not run the command.
      case forbidden
      /// The server keeps no such figure under its policy.
      case unkept
    }

    let kind: Kind
    /// The fact, as a clause.
    let text: String
    /// What would help; nil where nothing would.
    let advice: String?

    /// Fact and advice in one sentence.
    var sentence: String { text + (advice.map { "; \($0)" } ?? "") }

    /// The error of a run that needs the measurement.
    var error: ClientError {
      let kind: ClientError.Kind =
        switch self.kind {
        case .missing: .server
        case .forbidden: .permission
        case .unkept: .usage
        }
      return ClientError(
        kind, "\(text), and this run needs it", hints: advice.map { [Remedy(stringLiteral: $0)] } ?? [])
    }
  }

  /// What a report must say of the measuring so far.
  struct Findings {
    var unavailable: [(measurement: KeyMeasurements, reason: Reason)] = []
    var forbiddenKeys = 0
    var movedKeys = 0
    var failedKeys: (count: Int, reason: String)?
  }

  /// What has been found so far; set where a walk resumes that of an earlier run.
  var findings: Findings {
    get {
      Findings(
        unavailable: unavailable, forbiddenKeys: forbiddenKeys, movedKeys: movedKeys, failedKeys: failedKeys)
    }
    set {
      (unavailable, forbiddenKeys) = (newValue.unavailable, newValue.forbiddenKeys)
      (movedKeys, failedKeys) = (newValue.movedKeys, newValue.failedKeys)
      missing = unavailable.reduce(into: []) { $0.insert($1.measurement) }
    }
  }

  /// Adds the commands that a key's choice asks for, and returns what is really asked.
  ///
  /// Their order is that of the set's members, in which `read` takes the replies.
  func append(_ wanted: KeyMeasurements, of key: Span<UInt8>, to batch: inout CommandBuffer)
    -> KeyMeasurements
  {
    var wanted = wanted
    // A hash without a TTL need not last.
    if hasExpiringFields, wanted.contains(.ttl) { wanted = wanted.union([.type, .encoding]) }
    let asked = wanted.subtracting(missing)
    if asked.contains(.memory) { appendMemoryUsage(of: key, to: &batch) }
    if asked.contains(.ttl) { batch.append(KeyMeasurer.pttl, key) }
    if asked.contains(.type) { batch.append(KeyMeasurer.type, key) }
    if asked.contains(.idle) { batch.append(KeyMeasurer.idleTime, key) }
    if asked.contains(.frequency) { batch.append(KeyMeasurer.frequency, key) }
    if asked.contains(.encoding) { batch.append(KeyMeasurer.encoding, key) }
    return asked
  }

  private func appendMemoryUsage(of key: Span<UInt8>, to batch: inout CommandBuffer) {
    guard let memorySamples else { return batch.append(KeyMeasurer.memoryUsage, key) }
    batch.begin(words: 5)
    batch.add("MEMORY")
    batch.add("USAGE")
    batch.add(key)
    batch.add("SAMPLES")
    batch.add(Int64(memorySamples))
  }

  /// Reads the replies for one key, from a position on.
  ///
  /// Throws where a reply is nothing that its command answers: what stands behind it would be read as a fact.
  mutating func read(
    _ asked: KeyMeasurements, from replies: ReplyBuffer, at position: inout Int, on endpoint: Endpoint
  ) throws(ClientError) -> Outcome {
    var answer = Answer()
    for measurement in asked.members {
      if let integer = replies.integer(at: position), KeyMeasurer.mayAnswer(integer, measurement) {
        countLookup(measurement, found: integer != -2)
        answer.take(integer, of: measurement)
      } else {
        do throws(DecodeError) {
          try note(replies[position], of: measurement, in: &answer)
        } catch {
          throw ClientError(error, to: KeyMeasurer.command(of: measurement), at: endpoint)
        }
      }
      position += 1
    }
    if answer.hasMoved {
      movedKeys += 1
      return .moved
    }
    if answer.hasVanished { return .vanished }
    // The other questions are answered later: a key that answers one of them is there.
    if answer.hasNoSize {
      guard answer.isAlive else { return .vanished }
      answer.fail("MEMORY USAGE answers null for a key that is there")
    }
    if answer.isForbidden {
      forbiddenKeys += 1
      return .forbidden
    }
    if let clock, let ttl = answer.measure.ttlMilliseconds, (0..<Int64.max / 2).contains(ttl) {
      answer.measure.expiresAt = clock.now + ttl
    }
    guard let failure = answer.failure else {
      if hasExpiringFields, answer.isHashWithExpiringFields {
        answer.measure.fieldsMayExpire = true
        hashesWithExpiringFields += 1
      }
      return .measured(answer.measure)
    }
    failedKeys = (count: (failedKeys?.count ?? 0) + 1, reason: failedKeys?.reason ?? failure)
    return .forbidden
  }

  /// True for a number that a command may answer with; decided here for the millions that are right.
  @inline(__always)
  private static func mayAnswer(_ integer: Int64, _ measurement: KeyMeasurements) -> Bool {
    measurement == .ttl ? integer >= -2 : integer >= 0 && measurement != .type && measurement != .encoding
  }

  /// What the replies for one key come to.
  private struct Answer {
    var measure = KeyMeasure()
    var hasVanished = false
    var isForbidden = false
    var hasMoved = false
    /// True where the server names no size.
    var hasNoSize = false
    var encoding: String?
    var failure: String?

    mutating func take(_ integer: Int64, of measurement: KeyMeasurements) {
      switch measurement {
      case .ttl: if integer == -2 { hasVanished = true } else { measure.ttlMilliseconds = integer }
      // What no server measures would overflow in sums.
      case .memory: measure.memoryBytes = Int(min(integer, 1 << 50))
      case .frequency: measure.frequency = Int(min(integer, 255))
      default: measure.idleSeconds = Int(min(integer, 1 << 40))
      }
    }

    /// True for a hash without a TTL that is stored in a form whose fields can have one: `listpackex` for a small one,
    /// `hashtable` for a large one, which need not have any.
    var isHashWithExpiringFields: Bool {
      guard measure.ttlMilliseconds == -1, measure.type == "hash" else { return false }
      return encoding.map { ["listpackex", "hashtable"].contains($0) } ?? true
    }

    /// True where the key has answered a question that only a key which is there can answer.
    var isAlive: Bool {
      measure.ttlMilliseconds != nil || measure.type != nil || measure.idleSeconds != nil
        || measure.frequency != nil
    }

    /// Notes why the key could not be measured; the first reason is kept.
    mutating func fail(_ reason: String) { failure = failure ?? reason }
  }

  /// Takes a reply that is no number; throws for one that the command never gives.
  private mutating func note(
    _ reply: Reply, of measurement: KeyMeasurements, in answer: inout Answer
  ) throws(DecodeError) {
    if reply.isNull, measurement != .ttl, measurement != .type {
      countLookup(measurement, found: false)
      if measurement == .memory { answer.hasNoSize = true } else { answer.hasVanished = true }
    } else if let error = reply.error {
      if error.isKeyForbidden {
        answer.isForbidden = true
      } else if error.message.contains("no such key") {
        countLookup(measurement, found: false)
        answer.hasVanished = true
      } else if error.isRedirection {
        answer.hasMoved = true
      } else if error.isUnknownCommand || error.isCommandForbidden || error.message.contains("LFU") {
        if error.message.contains("LFU") { countLookup(measurement, found: true) }
        drop(measurement, error)
      } else {
        answer.fail(error.shownMessage)
      }
    } else if measurement == .encoding {
      let encoding = try reply.decode(String.self)
      countLookup(measurement, found: true)
      answer.encoding = encoding
    } else if measurement == .type {
      let type = try reply.decode(KeyTypeName.self).name
      countLookup(measurement, found: type != KeyTypeName.none)
      if type == KeyTypeName.none { answer.hasVanished = true } else { answer.measure.type = type }
    } else if measurement == .ttl {
      _ = try reply.decode(RemainingTime.self)
    } else {
      _ = try reply.decode(ElementCount.self)
    }
  }

  private static func command(of measurement: KeyMeasurements) -> String {
    switch measurement {
    case .ttl: "PTTL"
    case .memory: "MEMORY USAGE"
    case .type: "TYPE"
    case .idle: "OBJECT IDLETIME"
    case .encoding: "OBJECT ENCODING"
    default: "OBJECT FREQ"
    }
  }

  /// The first of some answers that says the server does not answer now (BUSY, LOADING, …): the walk cannot go on.
  func refusal(in replies: ReplyBuffer) -> (command: String, error: ServerError)? {
    guard replies.hasErrors else { return nil }
    for index in 0..<replies.count {
      if let error = replies[index].error, error.isTransient || error.isAuthentication {
        return ("a question about a key", error)
      }
    }
    return nil
  }

  /// Counts a lookup as the server does: MEMORY USAGE is none, and neither is a refusal, but for OBJECT
  /// IDLETIME under LFU, which looks before it refuses.
  private mutating func countLookup(_ measurement: KeyMeasurements, found: Bool) {
    guard measurement != .memory else { return }
    if found { lookups.hits += 1 } else { lookups.misses += 1 }
  }

  private mutating func drop(_ measurement: KeyMeasurements, _ error: ServerError) {
    guard !missing.contains(measurement) else { return }
    missing.insert(measurement)
    let name = KeyMeasurer.command(of: measurement)
    unavailable.append((measurement, reason(for: error, name, measurement)))
  }

  private func reason(for error: ServerError, _ name: String, _ measurement: KeyMeasurements) -> Reason {
    if error.isUnknownCommand {
      return Reason(kind: .missing, text: "\(name) is not available here", advice: nil)
    }
    if error.code == "NOPERM" {
      let rule = name.lowercased().split(separator: " ").joined(separator: "|")
      return Reason(
        kind: .forbidden, text: "\(name) is not permitted here",
        advice: "an administrator can allow it: ACL SETUSER \(user) +\(rule)")
    }
    return Reason(
      kind: .unkept,
      text: measurement == .idle
        ? "the server keeps no idle time under an LFU policy"
        : "the server counts the uses of a key under an LFU policy only", advice: nil)
  }
}

extension KeyMeasurer.Findings: Checkpointed {
  func write(to writer: inout CheckpointWriter) {
    writer.add(unavailable.count)
    for (measurement, reason) in unavailable {
      writer.add(Int(measurement.rawValue))
      writer.add(reason.kind.rawValue)
      writer.add(reason.text)
      writer.add(reason.advice != nil)
      if let advice = reason.advice { writer.add(advice) }
    }
    writer.add(forbiddenKeys)
    writer.add(movedKeys)
    writer.add(failedKeys?.count)
    if let failedKeys { writer.add(failedKeys.reason) }
  }

  init(from reader: inout CheckpointReader) throws(CheckpointDamage) {
    for _ in 0..<(try reader.count()) {
      let measurement = KeyMeasurements(rawValue: UInt8(try reader.number(in: 0...0xff)))
      guard let kind = KeyMeasurer.Reason.Kind(rawValue: try reader.number(in: 0...2)) else {
        throw CheckpointDamage()
      }
      let text = try reader.text()
      let advice = try reader.flag() ? try reader.text() : nil
      unavailable.append((measurement, KeyMeasurer.Reason(kind: kind, text: text, advice: advice)))
    }
    forbiddenKeys = try reader.amount()
    movedKeys = try reader.amount()
    if let count = try reader.optionalAmount() { failedKeys = (count, try reader.text()) }
  }
}
