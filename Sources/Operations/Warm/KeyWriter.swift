import RedisClient
import SeedFormat

/// Turns records into commands: whole keys, replaced in one step.
struct KeyWriter {
  /// A command carries at most so many elements of a collection, or bytes of them.
  static let piece = 1000
  static let pieceBytes = 1 << 20
  /// What is left behind of a collection whose writing was cut off goes away by itself.
  private static let abandoned = CommandWord.number(3_600_000)

  private let policy: WarmRequest.Policy
  private var counter = 0
  /// Makes the temporary names of this run its own.
  private let run: String
  /// True where a temporary name must lie in the same slot as its key.
  private let isCluster: Bool

  init(_ policy: WarmRequest.Policy, run: String, isCluster: Bool) {
    self.policy = policy
    self.run = run
    self.isCluster = isCluster
  }

  /// Adds the commands that write a key.
  mutating func append(
    _ record: SeedRecord, _ lifetime: KeyLifetime, at position: SeedPosition, to flight: inout CommandBuffer
  ) -> KeyWrite {
    switch record.value {
    case .string(let value):
      appendSet(record.key, value, lifetime, to: &flight)
      return KeyWrite(position: position, form: .set, replies: 1)
    case .dump(let payload):
      flight.append(restore(record.key, payload, lifetime))
      return KeyWrite(position: position, form: .restore, replies: 1)
    case .hash, .list, .set, .sortedSet, .stream:
      let pieces = CollectionPieces(record.value)
      guard pieces.fitsTransaction else {
        return appendPieces(pieces.commands, record, lifetime, position, to: &flight)
      }
      return appendTransaction(pieces.commands, record, lifetime, position, to: &flight)
    }
  }

  private func appendSet(
    _ key: [UInt8], _ value: [UInt8], _ lifetime: KeyLifetime, to flight: inout CommandBuffer
  ) {
    let isConditional = policy == .ifMissing
    let extra = isConditional ? 1 : 0
    if case .after(let time) = lifetime {
      flight.begin(words: 5 + extra)
      flight.add("SET")
      flight.add(key)
      flight.add(value)
      flight.add("PX")
      flight.add(time)
    } else {
      flight.begin(words: 3 + extra)
      flight.add("SET")
      flight.add(key)
      flight.add(value)
    }
    if isConditional { flight.add("NX") }
  }

  private func restore(_ key: [UInt8], _ payload: [UInt8], _ lifetime: KeyLifetime) -> [[UInt8]] {
    let time = if case .after(let time) = lifetime { CommandWord.number(time) } else { CommandWord.zero }
    return [CommandWord.restore, key, time, payload] + (policy == .ifMissing ? [] : [CommandWord.replace])
  }

  /// Adds a transaction that fills the key in place of what was there, or where nothing may be replaced, fills
  /// another and renames it if the key is missing.
  private mutating func appendTransaction(
    _ pieces: [[[UInt8]]], _ record: SeedRecord, _ lifetime: KeyLifetime, _ position: SeedPosition,
    to flight: inout CommandBuffer
  ) -> KeyWrite {
    let before = flight.count
    let isConditional = policy == .ifMissing
    let name = isConditional ? temporaryName(beside: record.key) : record.key
    flight.append([CommandWord.multi])
    if !isConditional { flight.append([CommandWord.unlink, name]) }
    for elements in pieces { flight.append([elements[0], name] + elements.dropFirst()) }
    if let expiry = expiry(of: name, lifetime) { flight.append(expiry) }
    if isConditional {
      flight.append([CommandWord.renameIfMissing, name, record.key])
      flight.append([CommandWord.unlink, name])
    }
    flight.append([CommandWord.exec])
    let form: KeyWrite.Form = isConditional ? .conditionalTransaction : .transaction
    return KeyWrite(position: position, form: form, replies: flight.count - before)
  }

  /// Adds the pieces under a name of their own; once all have arrived, the name takes the key's place.
  private mutating func appendPieces(
    _ pieces: [[[UInt8]]], _ record: SeedRecord, _ lifetime: KeyLifetime, _ position: SeedPosition,
    to flight: inout CommandBuffer
  ) -> KeyWrite {
    let before = flight.count
    let name = temporaryName(beside: record.key)
    for (index, elements) in pieces.enumerated() {
      let command = [elements[0], name] + elements.dropFirst()
      guard index == 0 else {
        flight.append(command)
        continue
      }
      // Together, so that a run which dies here leaves nothing behind for ever.
      flight.append([CommandWord.multi])
      flight.append(command)
      flight.append([CommandWord.expire, name, KeyWriter.abandoned])
      flight.append([CommandWord.exec])
    }
    // A key that was evicted in between has begun anew without an expiry, and lacks its beginning.
    flight.append([CommandWord.remainingTime, name])
    let rename = policy == .ifMissing ? CommandWord.renameIfMissing : CommandWord.rename
    var write = KeyWrite(position: position, form: .pieces, replies: flight.count - before)
    write.move = KeyWrite.Move(
      whenWhole: [
        [CommandWord.multi], expiry(of: name, lifetime) ?? [CommandWord.persist, name],
        [rename, name, record.key], [CommandWord.exec], [CommandWord.unlink, name],
      ], otherwise: [[CommandWord.unlink, name]])
    return write
  }

  private mutating func temporaryName(beside key: [UInt8]) -> [UInt8] {
    counter += 1
    return TemporaryName.beside(key, run: run, number: counter, isCluster: isCluster)
  }

  private func expiry(of key: [UInt8], _ lifetime: KeyLifetime) -> [[UInt8]]? {
    guard case .after(let time) = lifetime else { return nil }
    return [CommandWord.expire, key, CommandWord.number(time)]
  }
}

/// The commands, without the key, that fill a collection: each a command's name and its elements.
struct CollectionPieces {
  private(set) var commands: [[[UInt8]]] = []
  private var bytes = 0
  private var isStream = false

  /// True where all of it is little enough to hold the server for.
  var fitsTransaction: Bool {
    commands.count == 1 || isStream && commands.count <= KeyWriter.piece / 4 && bytes < KeyWriter.pieceBytes
  }

  init(_ value: SeedValue) {
    switch value {
    case .string, .dump: break
    case .hash(let fields):
      for field in fields { add([field.field, field.value], to: CommandWord.addToHash) }
    case .list(let elements): for element in elements { add([element], to: CommandWord.addToList) }
    case .set(let members): for member in members { add([member], to: CommandWord.addToSet) }
    case .sortedSet(let members):
      for member in members { add([member.score, member.member], to: CommandWord.addToSortedSet) }
    case .stream(let entries):
      // Each entry is a command of its own.
      isStream = true
      for entry in entries {
        commands.append([CommandWord.addToStream, entry.id] + entry.fields.flatMap { [$0.field, $0.value] })
        bytes += entry.fields.reduce(0) { $0 + $1.field.count + $1.value.count }
      }
    }
  }

  private mutating func add(_ words: [[UInt8]], to command: [UInt8]) {
    let isFull =
      commands.last.map { $0.count >= KeyWriter.piece || bytes >= KeyWriter.pieceBytes } ?? true
    if isFull {
      commands.append([command])
      bytes = 0
    }
    commands[commands.count - 1] += words
    bytes += words.reduce(0) { $0 + $1.count }
  }
}

/// Names for keys that are being written and not yet in their place.
enum TemporaryName {
  /// A name that begins as the key does, so that rules which allow the one allow the other; in a cluster it lies in
  /// the same slot, so that it can be renamed to the key.
  ///
  /// The slot of a name is that of its first non-empty `{…}`, else of the whole name (Redis cluster
  /// specification, "Hash tags").
  static func beside(_ key: [UInt8], run: String, number: Int, isCluster: Bool) -> [UInt8] {
    let (open, close) = (UInt8(ascii: "{"), UInt8(ascii: "}"))
    let suffix = Array(":rediscache:\(run):\(number)".utf8)
    if let start = key.firstIndex(of: open), let end = key[start...].firstIndex(of: close), end > start + 1 {
      return key + suffix
    }
    // A brace inside would end the tag early: no other name lies in the slot of such a key.
    return !isCluster || key.isEmpty || key.contains(close) ? key + suffix : [open] + key + [close] + suffix
  }
}
