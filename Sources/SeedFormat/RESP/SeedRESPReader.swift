import Bytes

/// Reads the records of a RESP file, as written for `redis-cli --pipe`.
///
/// Commands that add to one key (RPUSH, LPUSH, HSET, SADD, ZADD, XADD, EXPIRE) become one record, because a record
/// replaces what its key held; others may stand between them. The reader therefore returns a record when the window of
/// records that may be added to is full, or the file ends.
struct SeedRESPReader {
  private let longestValue: Int
  private let longestRecord: Int

  private var frame: SeedRESPFrame
  /// The number of the command at the start of the buffer.
  private var command = 1
  /// The database that was selected last; nil before the first SELECT.
  private var database: Int?
  private var window: SeedRESPWindow
  /// The keys of the records so far: a later command that adds to one of them would replace it instead.
  private var filled = SeenKeys()
  /// True once nothing can be read any more.
  private var isEnded = false

  init(longestValue: Int, longestRecord: Int, window: Int = SeedRESPWindow.standardBytes) {
    self.longestValue = longestValue
    self.longestRecord = longestRecord
    self.window = SeedRESPWindow(mostBytes: window)
    frame = SeedRESPFrame(longestValue: longestValue, longestRecord: longestRecord)
  }

  /// The next record, or nil where more bytes are needed or the file is at its end.
  mutating func next(_ buffer: inout SeedBuffer) -> SeedItem? {
    while true {
      if let item = window.next(isAtEnd: isEnded) { return item }
      guard !isEnded else { return nil }
      if frame.position == 0 { skipLineEnds(&buffer) }
      if frame.position == 0, buffer.count > 0, buffer.bytes[buffer.start] != .star {
        guard takeLine(&buffer) else { return nil }
        continue
      }
      switch frame.advance(buffer) {
      case .whole:
        let (arguments, length) = (frame.arguments.map { buffer.copy($0) }, frame.position)
        frame = SeedRESPFrame(longestValue: longestValue, longestRecord: longestRecord)
        take(arguments, length, &buffer)
      case .broken(let reason): end(buffer, "\(reason), at byte \(buffer.offset + frame.position)")
      case .wait:
        guard buffer.isComplete else { return nil }
        if buffer.count > 0 { end(buffer, "truncated: the file ends inside a command") }
        isEnded = true
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

  /// Takes a command that is a line of words; false where more bytes are needed.
  private mutating func takeLine(_ buffer: inout SeedBuffer) -> Bool {
    let bytes = buffer.bytes
    let span = bytes.span.extracting(buffer.start..<buffer.end)
    var length = 0
    while length < min(span.count, SeedRESPInline.longest), span[length] != 0x0A { length += 1 }
    let isWhole = length < span.count && span[length] == 0x0A
    guard isWhole || length == SeedRESPInline.longest || buffer.isComplete else { return false }
    guard isWhole || length < SeedRESPInline.longest else {
      end(buffer, "a line of more than \(SeedRESPInline.longest) bytes that is no command")
      return true
    }
    guard let words = SeedRESPInline.words(span.extracting(0..<length)), let name = words.first,
      SeedRESPInline.isName(name)
    else {
      end(
        buffer,
        "no command: expected \"*\" and the number of its arguments, or a line of words, at byte \(buffer.offset)"
      )
      return true
    }
    take(words, isWhole ? length + 1 : length, &buffer)
    return true
  }

  /// Takes the command at the start of the buffer.
  private mutating func take(_ arguments: [[UInt8]], _ length: Int, _ buffer: inout SeedBuffer) {
    let position = SeedPosition(line: command, offset: buffer.offset)
    command += 1
    defer { buffer.drop(length) }
    do throws(SeedFault) {
      let words = SeedRESPWords(arguments)
      if words.name == "SELECT" {
        database = try words.database()
        return
      }
      let parsed = try SeedRESPCommand(arguments)
      let place = SeedRESPKey(database: database, key: parsed.key)
      if try window.add(parsed, place, bytes: length, longestRecord: longestRecord) { return }
      let isNew = filled.insert(place.name.span)
      guard isNew || parsed.effect.replaces else {
        throw SeedFault(
          column: 0,
          "this adds to a key that an earlier command has filled; put the commands of a key one behind the other"
        )
      }
      window.begin(try SeedRESPDraft(parsed, place, position), place, bytes: length)
    } catch {
      let bytes = buffer.copy(0..<length)
      let places = SeedRESPCommand.keys(of: arguments).map { SeedRESPKey(database: database, key: $0) }
      // Each of them, even where the first is held already.
      let held = places.filter { window.reject($0, error.reason, at: position, bytes) }
      guard held.isEmpty else { return }
      window.add(
        .rejected(
          SeedRejection(position: position, column: error.column + 1, reason: error.reason, bytes: bytes)),
        bytes: length)
    }
  }

  /// Ends the file: what follows cannot be read.
  private mutating func end(_ buffer: SeedBuffer, _ reason: String) {
    let position = SeedPosition(line: command, offset: buffer.offset)
    window.add(
      .refused(SeedRejection(position: position, column: frame.position + 1, reason: reason)), bytes: 0)
    isEnded = true
  }
}
