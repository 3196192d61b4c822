/// Goes through the steps of one record as its bytes come.
///
/// A step is done once all its bytes are there; only strings pass in pieces. What the steps say is kept until the next
/// record begins, but for what comes before a key and belongs to it.
struct RecordWalker {
  /// How far a record has come.
  enum Progress {
    /// More bytes are needed.
    case waiting
    /// The name of a key has been read, its value not yet.
    case named
    /// The record is read.
    case whole
  }

  /// Steps that are repeated.
  private struct Loop {
    let steps: Range<Int>
    var left: UInt64
  }

  private let layouts: RecordLayouts
  private let longestName: Int

  private var index = 0
  private var end = 0
  private var loops: [Loop] = []
  /// The step in place of the one at `index`, for what a module has written.
  private var inserted: RecordStep?
  /// The string that passes, and its role.
  private var passing: (text: RDBText, role: TextRole)?
  private var body = TextBody()
  /// Where the last string begins.
  private(set) var textOffset = 0
  private var container: UInt64 = 0
  /// True where the name of a key has just been read.
  private var isNamed = false

  /// What the record says.
  private(set) var notes = RecordNotes()

  init(_ layouts: RecordLayouts, longestName: Int, model: RDBMemoryModel) {
    self.layouts = layouts
    self.longestName = longestName
    notes.meter = MemoryMeter(model)
  }

  /// True where a string passes that is not at its end.
  var isPassing: Bool { passing != nil }

  /// Begins a record by its first byte; false where no record begins so.
  mutating func begin(_ first: UInt8) -> Bool {
    guard let layout = layouts.layouts[Int(first)] else { return false }
    index = layout.steps.lowerBound
    end = layout.steps.upperBound
    notes.begin(layout.value)
    return true
  }

  /// Sets the rules by which memory is estimated from the next record on.
  mutating func use(_ model: RDBMemoryModel) { notes.meter = MemoryMeter(model) }

  /// Completes the entry of a key.
  mutating func endValue(at offset: Int, payload: [UInt8]?) { notes.endValue(at: offset, payload: payload) }

  /// Forgets the key, when its entry has been looked at.
  mutating func endKey() { notes.endKey() }

  /// Goes on as far as there are bytes.
  mutating func run(_ input: inout RDBInput) throws(RDBError.Kind) -> Progress {
    while true {
      if let (text, role) = passing {
        guard try body.pass(&input) else { return .waiting }
        passing = nil
        finish(text, role)
      } else {
        while let loop = loops.last, index == loop.steps.upperBound { repeatOrLeave(loop) }
        guard index < end else { return .whole }
        guard try take(inserted ?? layouts.steps[index], &input) else { return .waiting }
      }
      if isNamed {
        isNamed = false
        notes.beginValue(at: input.offset)
        return .named
      }
    }
  }

  private mutating func repeatOrLeave(_ loop: Loop) {
    if loop.left > 1 {
      loops[loops.count &- 1].left = loop.left &- 1
      index = loop.steps.lowerBound
    } else {
      loops.removeLast()
    }
  }

  /// Does a step, or begins the string that it is; false where more bytes are needed.
  private mutating func take(_ step: RecordStep, _ input: inout RDBInput) throws(RDBError.Kind) -> Bool {
    switch step {
    case .text(let role):
      guard try begin(role, &input) else { return false }
    case .number(let role):
      guard let number = try input.number() else { return false }
      if role == .container { container = number } else { try notes.note(number, role) }
    case .fixed(let count, let role):
      guard let number = try input.fixed(count) else { return false }
      try notes.note(number, role)
    case .score:
      guard try skipScore(&input) else { return false }
    case .loop(let count, let role):
      guard let times = try input.number() else { return false }
      return begin(times, try input.check(times), count, role)
    case .module: return try takeModule(&input)
    }
    // What a module has written stands in for its own step, which comes again.
    if inserted == nil { index &+= 1 } else { inserted = nil }
    return true
  }

  private mutating func begin(_ times: UInt64, _ checked: Int, _ count: Int, _ role: LoopRole) -> Bool {
    notes.note(loop: checked, role)
    index &+= 1
    let steps = index..<index &+ count
    if times > 0 { loops.append(Loop(steps: steps, left: times)) } else { index = steps.upperBound }
    return true
  }

  private func skipScore(_ input: inout RDBInput) throws(RDBError.Kind) -> Bool {
    guard try input.holds(1) else { return false }
    let first = input.bytes[input.position]
    // 253, 254 and 255 are not a number, infinite, and infinite below zero.
    let length = first >= 253 ? 0 : Int(first)
    guard try input.holds(1 &+ length) else { return false }
    input.skip(1 &+ length)
    return true
  }

  /// The number before each thing that a module has written says what it is: 0 ends them.
  private mutating func takeModule(_ input: inout RDBInput) throws(RDBError.Kind) -> Bool {
    guard let kind = try input.number() else { return false }
    switch kind {
    case 0: index &+= 1
    case 1, 2: inserted = .number(.ignored)
    case 3: inserted = .fixed(4, .ignored)
    case 4: inserted = .fixed(8, .ignored)
    case 5: inserted = .text(.ignored)
    default: throw .damaged("a module's value holds what no module writes")
    }
    return true
  }

  // MARK: - Strings

  private mutating func begin(_ role: TextRole, _ input: inout RDBInput) throws(RDBError.Kind) -> Bool {
    guard let text = try RDBText.head(in: input), let isInteger = try isInteger(text, role, input) else {
      return false
    }
    textOffset = input.offset
    input.skip(text.size)
    notes.isInteger = isInteger
    let role = role == .node ? try nodeRole() : role
    try begin(text, role)
    // What is only skipped, and there, need not pass.
    guard body.isSkipping, input.available >= text.stored else {
      passing = (text, role)
      return true
    }
    input.skip(text.stored)
    finish(text, role)
    return true
  }

  private mutating func begin(_ text: RDBText, _ role: TextRole) throws(RDBError.Kind) {
    switch role {
    case .name:
      guard text.length <= longestName else { throw .longName(text.length) }
      body.collect(text)
    case .factName, .fact:
      if text.length <= RDBLimits.longestFact { body.collect(text) } else { body.skip(text) }
    case .pack(let format):
      guard let value = notes.value, text.integer == nil else { throw .damaged("a pack that is an integer") }
      body.read(text, as: format, value)
    case .streamNode:
      guard text.integer == nil else { throw .damaged("a pack that is an integer") }
      body.read(text, as: .listpack, RecordNotes.streamNode)
    default: body.skip(text)
    }
  }

  /// True where a string that is written in letters is an integer; nil where more of its bytes are needed.
  private func isInteger(
    _ text: RDBText, _ role: TextRole, _ input: RDBInput
  ) throws(RDBError.Kind) -> Bool? {
    if text.integer != nil { return true }
    guard role == .string, !text.isCompressed, text.length <= RDBText.longestInteger else { return false }
    guard try input.holds(text.size &+ text.stored) else { return nil }
    let start = input.position &+ text.size
    let bytes = input.bytes
    return bytes.span.extracting(start..<start &+ text.stored).isInteger
  }

  private func nodeRole() throws(RDBError.Kind) -> TextRole {
    switch container {
    case 1: .item
    case 2: .pack(.listpack)
    default: throw .damaged("a node of a list in an unknown form")
    }
  }

  private mutating func finish(_ text: RDBText, _ role: TextRole) {
    switch role {
    case .name, .factName, .fact:
      if let number = text.integer {
        notes.collect(Array(String(number).utf8), role)
      } else {
        notes.collect(body.collected, role)
      }
      isNamed = role == .name
    case .pack, .streamNode: notes.note(body.count, length: text.length)
    default: notes.note(text.length, role)
    }
  }
}

extension Span<UInt8> {
  /// True where the bytes are an integer of 64 bits as a server would write it.
  fileprivate var isInteger: Bool {
    var digits = self
    if count > 1, self[0] == UInt8(ascii: "-") { digits = extracting(1..<count) }
    guard digits.count > 0, digits.count <= 19 else { return false }
    if digits[0] == UInt8(ascii: "0") { return count == 1 }
    var value: UInt64 = 0
    for index in digits.indices {
      guard (0x30...0x39).contains(digits[index]) else { return false }
      value = value &* 10 &+ UInt64(digits[index] &- 0x30)
    }
    return value <= UInt64(Int64.max) + (digits.count < count ? 1 : 0)
  }
}
