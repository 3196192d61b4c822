import Bytes

/// Reads the records of a RESP file, as written for `redis-cli --pipe`.
///
/// Successive commands that add to one key (RPUSH, LPUSH, HSET, SADD, ZADD, XADD, EXPIRE) become one record,
/// because a record replaces what its key held. The reader therefore returns a record when the next one
/// starts.
struct SeedRESPReader {
  private let longestValue: Int
  private let longestRecord: Int

  private var frame: SeedRESPFrame
  /// The number of the command at the start of the buffer.
  private var command = 1
  /// The record that the next command may add to.
  private var draft: SeedRESPDraft?
  /// The keys of the records so far: a later command that adds to one of them would replace it instead.
  private var filled = SeenKeys()
  /// The item to return after the draft.
  private var queued: SeedItem?

  init(longestValue: Int, longestRecord: Int) {
    self.longestValue = longestValue
    self.longestRecord = longestRecord
    frame = SeedRESPFrame(longestValue: longestValue, longestRecord: longestRecord)
  }

  /// The next record, or nil where more bytes are needed or the file is at its end.
  mutating func next(_ buffer: inout SeedBuffer) -> SeedItem? {
    if let item = queued {
      queued = nil
      return item
    }
    while true {
      if frame.position == 0 { skipLineEnds(&buffer) }
      switch frame.advance(buffer) {
      case .whole:
        if let item = take(&buffer) { return item }
      case .broken(let reason):
        return afterDraft(refused(buffer, "\(reason), at byte \(buffer.offset + frame.position)"))
      case .wait:
        guard buffer.isComplete else { return nil }
        guard buffer.count > 0 else { return finishedDraft() }
        return afterDraft(refused(buffer, "truncated: the file ends inside a command"))
      }
    }
  }

  /// Redis passes over empty lines between commands.
  private func skipLineEnds(_ buffer: inout SeedBuffer) {
    let bytes = buffer.bytes
    var count = 0
    while count < buffer.count, bytes[buffer.start + count] == 0x0D || bytes[buffer.start + count] == 0x0A {
      count += 1
    }
    buffer.drop(count)
  }

  /// Consumes the command at the start of the buffer; nil where it only added to the draft.
  private mutating func take(_ buffer: inout SeedBuffer) -> SeedItem? {
    let position = SeedPosition(line: command, offset: buffer.offset)
    let arguments = frame.arguments.map { buffer.copy($0) }
    if SeedRESPWords(arguments).name == "SELECT", command > 1 {
      // What follows belongs to another database, and would overwrite keys of this one.
      return afterDraft(
        refused(buffer, "SELECT changes the database; load each database from a file of its own"))
    }
    let length = frame.position
    frame = SeedRESPFrame(longestValue: longestValue, longestRecord: longestRecord)
    command += 1
    defer { buffer.drop(length) }
    do throws(SeedFault) {
      let parsed = try SeedRESPCommand(arguments)
      if draft?.key == parsed.key, try draft?.add(parsed, longestRecord: longestRecord) == true { return nil }
      let isNew = filled.insert(parsed.key.span)
      guard isNew || parsed.effect.replaces else {
        throw SeedFault(
          column: 0,
          "this adds to a key that an earlier command has filled; put the commands of a key one behind the other"
        )
      }
      let started = try SeedRESPDraft(parsed, position)
      let finished = finishedDraft()
      draft = started
      return finished
    } catch {
      return afterDraft(
        .rejected(
          SeedRejection(
            position: position, column: error.column + 1, reason: error.reason,
            bytes: buffer.copy(0..<length))))
    }
  }

  /// An item, or first the draft before it.
  private mutating func afterDraft(_ item: SeedItem) -> SeedItem {
    guard let record = finishedDraft() else { return item }
    queued = item
    return record
  }

  private mutating func finishedDraft() -> SeedItem? {
    defer { draft = nil }
    return draft?.item
  }

  private func refused(_ buffer: SeedBuffer, _ reason: String) -> SeedItem {
    let position = SeedPosition(line: command, offset: buffer.offset)
    return .refused(SeedRejection(position: position, column: frame.position + 1, reason: reason))
  }
}
