import RedisClient
import SeedFormat

/// Turns records into commands: whole keys, replaced in one step.
struct RecordEncoder {
  /// The most elements of a collection, and the most bytes of them, that one command carries.
  static let piece = 1000
  static let pieceBytes = 1 << 20
  /// The TTL of a temporary name: what a run that dies leaves behind goes away by itself.
  private static let temporaryTTL = CommandWord.number(3_600_000)

  /// What the server can do.
  var abilities = WarmPipeline.Abilities()

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
    _ record: SeedRecord, _ lifetime: KeyLifetime, at position: SeedPosition, to commands: inout CommandBuffer
  ) -> RecordWrite {
    switch record.value {
    case .string(let value):
      appendSet(record.key, value, lifetime, to: &commands)
      return RecordWrite(position: position, form: .set, replies: 1)
    case .dump(let payload):
      if usesTransaction(record.value) {
        return appendRestoredTransaction(record.key, payload, lifetime, position, to: &commands)
      }
      commands.append(restore(record.key, payload, lifetime))
      return RecordWrite(position: position, form: .restore, replies: 1)
    case .hash, .list, .set, .sortedSet, .stream:
      let pieces = CollectionPieces(record.value)
      guard pieces.fitsTransaction else {
        return appendPieces(pieces.commands, record, lifetime, position, to: &commands)
      }
      return appendTransaction(pieces.commands, record, lifetime, position, to: &commands)
    }
  }

  private func appendSet(
    _ key: [UInt8], _ value: [UInt8], _ lifetime: KeyLifetime, to commands: inout CommandBuffer
  ) {
    let isConditional = policy == .ifMissing
    let extra = isConditional ? 1 : 0
    if case .after(let time) = lifetime {
      commands.begin(words: 5 + extra)
      commands.add("SET")
      commands.add(key)
      commands.add(value)
      commands.add("PX")
      commands.add(time)
    } else {
      commands.begin(words: 3 + extra)
      commands.add("SET")
      commands.add(key)
      commands.add(value)
    }
    if isConditional { commands.add("NX") }
  }

  /// True for a value that goes into a transaction, or begins with one.
  func usesTransaction(_ value: SeedValue) -> Bool {
    if case .dump = value { return !abilities.restoresInPlace && policy != .ifMissing }
    return value.isCollection
  }

  /// Adds a transaction that restores under another name and puts that in the place of the key: the key is lost only
  /// once its new value is there.
  private mutating func appendRestoredTransaction(
    _ key: [UInt8], _ payload: [UInt8], _ lifetime: KeyLifetime, _ position: SeedPosition,
    to commands: inout CommandBuffer
  ) -> RecordWrite {
    let name = temporaryName(beside: key)
    commands.append([CommandWord.multi])
    commands.append(Array(restore(name, payload, lifetime).prefix(4)))
    commands.append([CommandWord.rename, name, key])
    commands.append([CommandWord.exec])
    return RecordWrite(position: position, form: .transaction, replies: 4)
  }

  private func restore(_ key: [UInt8], _ payload: [UInt8], _ lifetime: KeyLifetime) -> [[UInt8]] {
    let time = if case .after(let time) = lifetime { CommandWord.number(time) } else { CommandWord.zero }
    return [CommandWord.restore, key, time, payload] + (policy == .ifMissing ? [] : [CommandWord.replace])
  }

  /// Adds a transaction that fills the key in place of what was there, or where nothing may be replaced, fills
  /// another and renames it if the key is missing.
  private mutating func appendTransaction(
    _ pieces: [[[UInt8]]], _ record: SeedRecord, _ lifetime: KeyLifetime, _ position: SeedPosition,
    to commands: inout CommandBuffer
  ) -> RecordWrite {
    let before = commands.count
    let isConditional = policy == .ifMissing
    let name = isConditional ? temporaryName(beside: record.key) : record.key
    commands.append([CommandWord.multi])
    if !isConditional { commands.append([abilities.removal, name]) }
    for elements in pieces { commands.append([elements[0], name] + elements.dropFirst()) }
    if let expiry = expiry(of: name, lifetime) { commands.append(expiry) }
    if isConditional {
      commands.append([CommandWord.renameIfMissing, name, record.key])
      commands.append([abilities.removal, name])
    }
    commands.append([CommandWord.exec])
    let form: RecordWrite.Form = isConditional ? .conditionalTransaction : .transaction
    return RecordWrite(position: position, form: form, replies: commands.count - before)
  }

  /// Adds the pieces under a name of their own; once all have arrived, the name takes the key's place.
  private mutating func appendPieces(
    _ pieces: [[[UInt8]]], _ record: SeedRecord, _ lifetime: KeyLifetime, _ position: SeedPosition,
    to commands: inout CommandBuffer
  ) -> RecordWrite {
    let before = commands.count
    let name = temporaryName(beside: record.key)
    for (index, elements) in pieces.enumerated() {
      let command = [elements[0], name] + elements.dropFirst()
      guard index == 0 else {
        commands.append(command)
        continue
      }
      // Together, so that a run which dies here leaves nothing behind for ever.
      commands.append([CommandWord.multi])
      commands.append(command)
      commands.append([CommandWord.expire, name, RecordEncoder.temporaryTTL])
      commands.append([CommandWord.exec])
    }
    // A key that was evicted in between has begun anew without an expiry, and lacks its beginning.
    commands.append([CommandWord.remainingTime, name])
    let rename = policy == .ifMissing ? CommandWord.renameIfMissing : CommandWord.rename
    var write = RecordWrite(position: position, form: .pieces, replies: commands.count - before)
    write.move = RecordWrite.Move(
      whenWhole: [
        [CommandWord.multi], expiry(of: name, lifetime) ?? [CommandWord.persist, name],
        [rename, name, record.key], [CommandWord.exec], [abilities.removal, name],
      ], otherwise: [[abilities.removal, name]])
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

/// Names for keys that are being written and not yet in their place.
enum TemporaryName {
  /// A name that begins as the key does, so that rules which allow the one allow the other; in a cluster it lies in
  /// the same slot, so that it can be renamed to the key.
  static func beside(_ key: [UInt8], run: String, number: Int, isCluster: Bool) -> [UInt8] {
    let name = key + Array(":rediscache:\(run):\(number)".utf8)
    guard isCluster, !HashSlot.isTagged(key.span) else { return name }
    return name + HashSlot(key: key.span).ending(of: name)
  }
}
