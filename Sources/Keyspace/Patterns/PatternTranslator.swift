import Bytes

/// Turns a typed pattern into the bytes of a glob that mean the same to Redis.
///
/// It follows Redis' own reading, because whether a byte needs a backslash depends on whether it is inside of
/// a set, and the ends of a range take no backslash at all.
struct PatternTranslator {
  private let units: [PatternUnit]
  private var position = 0

  /// The glob.
  private(set) var bytes: [UInt8] = []
  /// For each byte of the glob, the column it was typed at.
  private(set) var columns: [Int] = []
  /// Remarks on what the glob itself no longer shows.
  private(set) var remarks: [PatternRemark] = []

  /// Translates a whole pattern as typed.
  init(_ text: String) {
    units = PatternUnit.units(of: text)
    while position < units.count {
      let unit = units[position]
      if unit.isSpelled {
        emit(unit, escaped: Self.meansSomething(unit.byte))
        position += 1
      } else if unit.byte == .backslash {
        emitEscape()
      } else if unit.byte == .openBracket {
        translateClass()
      } else {
        emit(unit)
        position += 1
      }
    }
  }

  private mutating func translateClass() {
    emit(units[position])
    position += 1
    if position < units.count, units[position].isTyped(.caret) {
      emit(units[position])
      position += 1
    }
    var remarked = false
    while position < units.count {
      let unit = units[position]
      if unit.isTyped(.closeBracket) {
        emit(unit)
        position += 1
        return
      }
      if !unit.isSpelled, unit.byte >= 0x80, !remarked {
        remarks.append(PatternRemark(kind: .wideCharacter, column: unit.column))
        remarked = true
      }
      translateMember(unit)
    }
  }

  private mutating func translateMember(_ unit: PatternUnit) {
    if unit.isTyped(.backslash), position + 1 < units.count {
      emitEscape()
    } else if position + 2 < units.count, units[position + 1].isTyped(.dash) {
      emitRange(from: unit, to: units[position + 2])
      position += 3
    } else {
      emit(unit, escaped: unit.isSpelled && Self.meansSomethingInClass(unit.byte))
      position += 1
    }
  }

  /// Writes a backslash and what it protects, as typed.
  private mutating func emitEscape() {
    let unit = units[position]
    emit(unit)
    position += 1
    guard position < units.count else { return }
    let next = units[position]
    if !next.isSpelled, next.byte == UInt8(ascii: "x") {
      remarks.append(PatternRemark(kind: .plainX, column: unit.column))
    }
    emit(next)
    position += 1
  }

  /// Writes a range in a form whose first byte Redis does not take for something else.
  ///
  /// Redis reads a range in both directions and takes any byte as its second end, so turning it around is
  /// usually enough; between two bytes that both cannot come first there are at most fifty, which are listed.
  private mutating func emitRange(from start: PatternUnit, to end: PatternUnit) {
    let dash = PatternUnit(byte: .dash, isSpelled: false, column: start.column)
    if !start.isSpelled || !Self.meansSomethingInClass(start.byte) {
      [start, dash, end].forEach { emit($0) }
    } else if !Self.meansSomethingInClass(end.byte) {
      [end, dash, start].forEach { emit($0) }
    } else {
      for byte in min(start.byte, end.byte)...max(start.byte, end.byte) {
        emit(PatternUnit(byte: byte, isSpelled: true, column: start.column), escaped: true)
      }
    }
  }

  private mutating func emit(_ unit: PatternUnit, escaped: Bool = false) {
    if escaped {
      bytes.append(.backslash)
      columns.append(unit.column)
    }
    bytes.append(unit.byte)
    columns.append(unit.column)
  }

  private static func meansSomething(_ byte: UInt8) -> Bool {
    byte == .star || byte == .questionMark || byte == .openBracket || byte == .backslash
  }

  private static func meansSomethingInClass(_ byte: UInt8) -> Bool {
    byte == .closeBracket || byte == .backslash || byte == .caret || byte == .dash
  }
}

/// One byte of a typed pattern, and whether it was spelled `\xHH`.
struct PatternUnit: Sendable, Hashable {
  var byte: UInt8
  /// True for a byte spelled `\xHH`, which never means anything but itself.
  var isSpelled: Bool
  /// Where it was typed, in Unicode scalars, from 1.
  var column: Int

  /// Whether this is the given byte, typed as such.
  func isTyped(_ expected: UInt8) -> Bool {
    !isSpelled && byte == expected
  }

  /// Splits text into its bytes, reading `\xHH` as one.
  ///
  /// Escapes are paired from the left, so that `\\x41` is an escaped backslash and three more bytes.
  static func units(of text: String) -> [PatternUnit] {
    let typed = typedUnits(of: text)
    var units: [PatternUnit] = []
    units.reserveCapacity(typed.count)
    var index = 0
    while index < typed.count {
      let unit = typed[index]
      guard unit.byte == .backslash, index + 1 < typed.count else {
        units.append(unit)
        index += 1
        continue
      }
      if let byte = spelledByte(typed[index...].prefix(4)) {
        units.append(PatternUnit(byte: byte, isSpelled: true, column: unit.column))
        index += 4
      } else {
        units.append(contentsOf: typed[index...index + 1])
        index += 2
      }
    }
    return units
  }

  private static func typedUnits(of text: String) -> [PatternUnit] {
    var column = 0
    return text.utf8.map { byte in
      // A byte 10xxxxxx continues the scalar before it.
      if byte & 0b1100_0000 != 0b1000_0000 { column += 1 }
      return PatternUnit(byte: byte, isSpelled: false, column: column)
    }
  }

  private static func spelledByte(_ units: ArraySlice<PatternUnit>) -> UInt8? {
    guard units.count == 4, units[units.startIndex + 1].byte == UInt8(ascii: "x") else { return nil }
    let digits = units.suffix(2).map(\.byte)
    return Hex.byte(digits[0], digits[1])
  }
}
