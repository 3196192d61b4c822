import Bytes

/// Reads the text of a ``VersionExpression``; what it does not know it names.
struct VersionExpressionParser {
  typealias Node = VersionExpressionNode
  typealias Fault = VersionExpression.Fault

  /// Groups in groups: more would exhaust the stack.
  private static let deepestGroup = 50
  /// A larger count would only be refused later.
  private static let largestCount = VersionExpression.maximumPlaces

  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var depth = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  /// Reads the whole text.
  mutating func parse() throws(Fault) -> Node {
    let node = try choice()
    guard index == scalars.count else { throw Fault(message: "a ) closes no group") }
    return node
  }

  private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    index += 1
    return true
  }

  private mutating func choice() throws(Fault) -> Node {
    var branches = [try sequence()]
    while take("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .choice(branches)
  }

  private mutating func sequence() throws(Fault) -> Node {
    var nodes: [Node] = []
    while let scalar = next, scalar != "|", scalar != ")" { nodes.append(try repeated(try atom(scalar))) }
    return nodes.count == 1 ? nodes[0] : nodes.isEmpty ? .empty : .sequence(nodes)
  }

  // MARK: - Counts

  private mutating func repeated(_ atom: Node) throws(Fault) -> Node {
    guard let scalar = next, let range = try count(scalar) else { return atom }
    // The shortest of all matches is a match, too; the whole text decides.
    _ = take("?")
    if next == "+" { throw Fault(message: "it does not know possessive quantifiers (\(scalar)+)") }
    if let following = next, following == "*" || following == "?" {
      throw Fault(message: "a \(following) repeats what is repeated already: put it in a group")
    }
    return .repeated(atom, minimum: range.minimum, maximum: range.maximum)
  }

  private mutating func count(_ scalar: Unicode.Scalar) throws(Fault) -> (minimum: Int, maximum: Int?)? {
    switch scalar {
    case "*", "+", "?":
      index += 1
      return (scalar == "+" ? 1 : 0, scalar == "?" ? 1 : nil)
    case "{":
      index += 1
      guard let minimum = try number() else {
        throw Fault(message: "a { begins a count such as {2} or {1,3}; \\{ stands for the character")
      }
      var maximum: Int? = minimum
      if take(",") { maximum = try number() }
      guard take("}"), maximum ?? minimum >= minimum else {
        throw Fault(message: "the count behind a { is not one such as {2}, {2,} or {1,3}")
      }
      return (minimum, maximum)
    default: return nil
    }
  }

  private mutating func number() throws(Fault) -> Int? {
    var value: Int?
    while let scalar = next, ("0"..."9").contains(scalar) {
      let sum = (value ?? 0) * 10 + Int(scalar.value - 48)
      guard sum <= VersionExpressionParser.largestCount else {
        throw Fault(message: "a count is larger than \(VersionExpressionParser.largestCount)")
      }
      value = sum
      index += 1
    }
    return value
  }

  // MARK: - Atoms

  private mutating func atom(_ scalar: Unicode.Scalar) throws(Fault) -> Node {
    index += 1
    switch scalar {
    case "(": return try group()
    case "[": return try bracket()
    case ".": return .anyCharacter
    case "\\": return try escape()
    case "^": return .start
    case "$": return .end
    case "*", "+", "?": throw Fault(message: "a \(scalar) has nothing before it to repeat")
    case "{":
      throw Fault(message: "a count in braces has nothing before it to repeat; \\{ stands for the character")
    default: return .character(scalar)
    }
  }

  private mutating func group() throws(Fault) -> Node {
    if take("?"), !take(":") { throw Fault(message: "it does not know \(construct())") }
    depth += 1
    guard depth <= VersionExpressionParser.deepestGroup else {
      throw Fault(message: "its groups are nested more than \(VersionExpressionParser.deepestGroup) deep")
    }
    let node = try choice()
    guard take(")") else { throw Fault(message: "a ( has no ) behind it") }
    depth -= 1
    return node
  }

  /// What begins with `(?`, by its name.
  private func construct() -> String {
    switch (next, index + 1 < scalars.count ? scalars[index + 1] : nil) {
    case ("=", _): return "lookahead (?=…)"
    case ("!", _): return "negative lookahead (?!…)"
    case ("<", "="): return "lookbehind (?<=…)"
    case ("<", "!"): return "negative lookbehind (?<!…)"
    case ("<", _), ("P", _), ("'", _): return "named groups (?<name>…)"
    case (">", _): return "atomic groups (?>…)"
    case ("#", _): return "comments (?#…)"
    case ("(", _): return "conditions (?(…)…)"
    case (.some, _): return "flags such as (?i)"
    case (.none, _): return "a group that begins (? and ends there"
    }
  }

  // MARK: - Escapes

  private mutating func escape() throws(Fault) -> Node {
    guard let scalar = next else { throw Fault(message: "nothing follows the \\ at its end") }
    index += 1
    if let set = VersionExpressionParser.shorthand(scalar) { return .byte(set) }
    switch scalar {
    case "D", "W", "S":
      return .complement(VersionExpressionParser.shorthand(scalar.lowercased) ?? ByteSet())
    case "x": return try hexadecimal()
    default: return .character(try plain(scalar))
    }
  }

  /// The character that a `\` and a scalar stand for.
  private func plain(_ scalar: Unicode.Scalar) throws(Fault) -> Unicode.Scalar {
    switch scalar {
    case "t": return "\t"
    case "n": return "\n"
    case "r": return "\r"
    case "0"..."9": throw Fault(message: "it does not know back references (\\\(scalar))")
    case "b", "B": throw Fault(message: "it does not know word boundaries (\\\(scalar))")
    case "p", "P": throw Fault(message: "it does not know Unicode properties (\\\(scalar){…})")
    case "a"..."z", "A"..."Z": throw Fault(message: "it does not know \\\(scalar)")
    default: return scalar
    }
  }

  private mutating func hexadecimal() throws(Fault) -> Node {
    guard index + 2 <= scalars.count, let high = VersionExpressionParser.hexValue(scalars[index]),
      let low = VersionExpressionParser.hexValue(scalars[index + 1])
    else { throw Fault(message: "\\x needs two hexadecimal digits behind it") }
    index += 2
    return .byte(ByteSet(holding: high << 4 | low...high << 4 | low))
  }

  private static func hexValue(_ scalar: Unicode.Scalar) -> UInt8? {
    UInt8(exactly: scalar.value).flatMap(\.hexValue)
  }

  /// The bytes of `\d`, `\w` and `\s`.
  private static func shorthand(_ scalar: Unicode.Scalar) -> ByteSet? {
    var set = ByteSet()
    switch scalar {
    case "d": set.insert(UInt8(ascii: "0")...UInt8(ascii: "9"))
    case "w":
      for byte in UInt8.min...0x7f where byte.isAlphanumeric || byte == UInt8(ascii: "_") { set.insert(byte) }
    case "s":
      set.insert(9...13)
      set.insert(32)
    default: return nil
    }
    return set
  }

  // MARK: - Brackets

  private mutating func bracket() throws(Fault) -> Node {
    let isNegated = take("^")
    var set = ByteSet()
    var isFirst = true
    while let scalar = next, scalar != "]" || isFirst {
      isFirst = false
      if scalar == "[", index + 1 < scalars.count, scalars[index + 1] == ":" {
        throw Fault(message: "it does not know classes such as [:digit:]; \\d stands for digits")
      }
      try addMember(to: &set)
    }
    guard take("]") else { throw Fault(message: "a [ has no ] behind it") }
    return isNegated ? .complement(set) : .byte(set)
  }

  private mutating func addMember(to set: inout ByteSet) throws(Fault) {
    if next == "\\", index + 1 < scalars.count,
      let shorthand = VersionExpressionParser.shorthand(scalars[index + 1])
    {
      index += 2
      for byte in UInt8.min...0x7f where shorthand.contains(byte) { set.insert(byte) }
      return
    }
    let low = try member()
    guard next == "-", index + 1 < scalars.count, scalars[index + 1] != "]" else { return set.insert(low) }
    index += 1
    let high = try member()
    guard low <= high else { throw Fault(message: "a range in brackets ends before it begins") }
    set.insert(low...high)
  }

  private mutating func member() throws(Fault) -> UInt8 {
    guard var scalar = next else { throw Fault(message: "a [ has no ] behind it") }
    index += 1
    if scalar == "\\" {
      guard let escaped = next else { throw Fault(message: "nothing follows the \\ at its end") }
      index += 1
      if ["D", "W", "S", "x"].contains(escaped) {
        throw Fault(message: "it does not know \\\(escaped) in brackets")
      }
      scalar = try plain(escaped)
    }
    guard scalar.isASCII else {
      throw Fault(message: "it knows ASCII characters only in brackets")
    }
    return UInt8(ascii: scalar)
  }
}

extension VersionExpressionNode {
  /// A character: its bytes in UTF-8, one behind the other.
  fileprivate static func character(_ scalar: Unicode.Scalar) -> Self {
    let bytes = UTF8.encode(scalar).map(Array.init) ?? []
    return bytes.count == 1
      ? .byte(ByteSet(holding: bytes[0]...bytes[0]))
      : .sequence(bytes.map { .byte(ByteSet(holding: $0...$0)) })
  }

  /// Any character.
  fileprivate static var anyCharacter: Self { .complement(ByteSet()) }

  /// Any character but some of ASCII: one of the others, or the bytes of a longer one.
  fileprivate static func complement(_ excluded: ByteSet) -> Self {
    var ascii = ByteSet()
    for byte in UInt8.min...0x7f where !excluded.contains(byte) { ascii.insert(byte) }
    return .choice([
      .byte(ascii),
      .sequence([
        .byte(ByteSet(holding: 0xc0...0xff)),
        .repeated(.byte(ByteSet(holding: 0x80...0xbf)), minimum: 0, maximum: nil),
      ]),
    ])
  }
}

extension ByteSet {
  fileprivate init(holding range: ClosedRange<UInt8>) {
    self.init()
    insert(range)
  }
}

extension Unicode.Scalar {
  /// The small letter of an ASCII capital.
  fileprivate var lowercased: Unicode.Scalar { Unicode.Scalar(UInt8(truncatingIfNeeded: value) | 0x20) }
}
