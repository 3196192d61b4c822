import Bytes

extension GroupTree {
  /// The groups that live, in the order in which they were first met.
  package var livingGroups: [Int] { (0..<groupCount).filter { current($0) == $0 } }

  /// The keys of a living group, as often as they were met; 0 for the overflow group.
  package func keys(of group: Int) -> Int {
    group == groups.overflow ? 0 : nodes[groups.nodes[group]].keys
  }

  /// The names of a living group.
  package func label(of group: Int) -> GroupLabel {
    guard group != groups.overflow else { return .overflow }
    let path = path(to: groups.nodes[group])
    var isCut = false
    if case .template(.some) = level { isCut = true }
    let template = text(of: path[...])
    let parts = parts(of: path, template)
    var label = GroupLabel(namespace: parts.namespace, version: parts.version)
    label.layout = parts.layout
    label.role = path.last(where: { nodes[$0].keyRole != nil }).flatMap { nodes[$0].keyRole }
    if level != .version, !isCut, parts.namespace != nil || parts.version != nil {
      label.entity = entity(of: template, after: parts.end)
    }
    if case .template = level { label.template = template }
    return label
  }

  // MARK: - Namespace, version and entity

  private struct Parts {
    var namespace: [UInt8]?
    var version: [UInt8]?
    /// Where both end in the template.
    var end = 0
    var layout: GroupLabel.Layout?
  }

  private func parts(of path: [Int], _ template: [UInt8]) -> Parts {
    let pieces = path.map { node in
      NameLayout.Piece(
        separator: separator(of: node), role: nodes[node].isVersion ? .version : nodes[node].role,
        hasStar: nodes[node].piece.contains(.star),
        isLiteral: holdsOnlyOwnStars(nodes[node].piece), text: nodes[node].piece[...],
        endsNamespace: nodes[node].endsNamespace)
    }
    let layout = NameLayout(pieces)
    var parts = Parts(version: layout.version.map { nodes[path[$0]].piece })
    if let place = layout.version {
      parts.end = text(of: path[...place]).count
      if nodes[path[place]].isVersion { parts.layout = .bareVersion }
    }
    if layout.version == nil, let glued = gluedNamespaces.first(where: { template.starts(with: $0.prefix) }) {
      return Parts(namespace: glued.namespace, end: glued.namespace.count, layout: .namespace)
    }
    switch layout.namespace {
    case .none: break
    case .pieces(let range):
      parts.end = max(parts.end, text(of: path[..<range.upperBound]).count)
      parts.namespace = text(of: path[range], isFirst: true)
      if nodes[path[range.upperBound - 1]].endsNamespace { parts.layout = .namespace }
    case .stem(let place, let length):
      parts.end = max(parts.end, text(of: path[..<place]).count + length)
      parts.namespace = Array(nodes[path[place]].piece.prefix(length))
    }
    return parts
  }

  /// True where each `*` of a piece is one of the names themselves: what varies ends at a joint or the end of its piece.
  private func holdsOnlyOwnStars(_ piece: [UInt8]) -> Bool {
    piece.indices.allSatisfy { index in
      piece[index] != .star
        || index > 0 && index + 1 < piece.count && piece[index - 1].isLetter && piece[index + 1].isLetter
    }
  }

  /// A template up to what varies behind namespace and version, without separators at its end.
  private func entity(of template: [UInt8], after end: Int) -> [UInt8] {
    guard let star = template[end...].firstIndex(of: .star) else {
      return template.count == end ? template : trimmed(template[...], to: end, isWhole: true)
    }
    return trimmed(template[..<star], to: end, isWhole: false)
  }

  /// A text without separators, joints and opening marks at its end, of which at least `length` bytes stay.
  private func trimmed(_ text: ArraySlice<UInt8>, to length: Int, isWhole: Bool) -> [UInt8] {
    var text = text
    while text.count > length, let last = text.last {
      let isSeparator =
        Separator.at(last, before: 0) != nil || last == UInt8(ascii: ">") && text.dropLast().last == .dash
      guard
        isSeparator
          || !isWhole && !(last.isAlphanumeric || last >= 0x80 || last == .star || last == .closeBracket)
      else { break }
      text.removeLast()
    }
    return Array(text)
  }

  // MARK: - Text

  /// The nodes from the root, which is left out, down to a node. A value stands for the shape above it.
  private func path(to node: Int) -> [Int] {
    var path: [Int] = []
    var node = node
    while node != 0 {
      path.append(node)
      if nodes[node].kind == .form { node = Int(nodes[node].parent) }
      node = Int(nodes[node].parent)
    }
    return path.reversed()
  }

  /// What precedes the piece of a node.
  func separator(of node: Int) -> Separator {
    nodes[node].kind == .form ? nodes[Int(nodes[node].parent)].separator : nodes[node].separator
  }

  private func text(of path: ArraySlice<Int>, isFirst: Bool = false) -> [UInt8] {
    var text: [UInt8] = []
    for (index, node) in path.enumerated() {
      appendSeparator(isFirst && index == 0 ? .none : separator(of: node), to: &text)
      text.append(contentsOf: nodes[node].piece)
    }
    return text
  }

  /// Adds the piece of a node with what precedes it.
  func append(_ node: Int, to text: inout [UInt8]) {
    appendSeparator(separator(of: node), to: &text)
    text.append(contentsOf: nodes[node].piece)
  }

  private func appendSeparator(_ kind: Separator, to text: inout [UInt8]) {
    if kind == .custom {
      text.append(contentsOf: separator)
    } else {
      kind.bytes.withUTF8Buffer { text.append(contentsOf: $0) }
    }
  }
}
