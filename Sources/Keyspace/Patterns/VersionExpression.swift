import Bytes

/// A regular expression of the small language that a version needs, matched against a whole text in linear time.
///
/// It knows characters, `.`, classes in brackets, `\d` `\w` `\s` and their opposites, groups, `|`, `*`, `+`, `?` and
/// counts in braces, and `^` and `$` at the ends. Each character of a text costs at most one look at each place of
/// the expression, whatever both are: nothing is tried again.
package struct VersionExpression: Sendable, Equatable {
  /// Why a text is no expression that can be used.
  package struct Fault: Error, Sendable, Equatable {
    /// A part of a sentence for people, which names the construct.
    package let message: String
  }

  /// An expression with more places than this is refused: each costs time for each character.
  static let maximumPlaces = 1_000

  /// The expression as written.
  package let text: String
  private let automaton: PlaceAutomaton

  /// Reads an expression.
  package init(_ text: String) throws(Fault) {
    self.text = text
    var parser = VersionExpressionParser(text)
    let node = try parser.parse()
    guard node.placeCount <= VersionExpression.maximumPlaces else {
      throw Fault(message: "it repeats too much: it has more than \(VersionExpression.maximumPlaces) places")
    }
    try node.checkAnchors(isFirst: true, isLast: true)
    automaton = PlaceAutomaton(node)
  }

  /// True where the whole text matches.
  ///
  /// Complexity: O(length of the text × places of the expression).
  package func matches(_ bytes: Span<UInt8>) -> Bool { automaton.matches(bytes) }

  package static func == (left: VersionExpression, right: VersionExpression) -> Bool {
    left.text == right.text
  }
}

/// What an expression is made of.
indirect enum VersionExpressionNode: Sendable {
  case empty
  /// One byte of a set.
  case byte(ByteSet)
  case sequence([VersionExpressionNode])
  case choice([VersionExpressionNode])
  /// `maximum` is nil where there is none.
  case repeated(VersionExpressionNode, minimum: Int, maximum: Int?)
  /// `^` and `$`, which say nothing where the whole text must match.
  case start, end

  /// The number of places for bytes when counts are written out; never more than a few thousand, because counting
  /// stops there.
  var placeCount: Int {
    let enough = VersionExpression.maximumPlaces * 4
    switch self {
    case .empty, .start, .end: return 0
    case .byte: return 1
    case .sequence(let nodes), .choice(let nodes):
      return min(enough, nodes.reduce(0) { min(enough, $0 + $1.placeCount) })
    case .repeated(let node, let minimum, let maximum):
      return min(enough, node.placeCount * max(1, minimum, maximum ?? 0))
    }
  }

  /// Refuses `^` and `$` where they could never hold.
  func checkAnchors(isFirst: Bool, isLast: Bool) throws(VersionExpression.Fault) {
    switch self {
    case .empty, .byte: return
    case .start: if !isFirst { throw .init(message: "^ has a place at its start only") }
    case .end: if !isLast { throw .init(message: "$ has a place at its end only") }
    case .choice(let nodes):
      for node in nodes { try node.checkAnchors(isFirst: isFirst, isLast: isLast) }
    case .sequence(let nodes):
      for (index, node) in nodes.enumerated() {
        try node.checkAnchors(isFirst: isFirst && index == 0, isLast: isLast && index == nodes.count - 1)
      }
    case .repeated(let node, _, _): try node.checkAnchors(isFirst: false, isLast: false)
    }
  }
}
