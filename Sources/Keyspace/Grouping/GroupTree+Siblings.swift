import Bytes

/// Names that stand for the same thing: queues, tenants, blogs.
extension GroupTree {
  /// What is below a name: the rest of each of its templates.
  private struct Shapes {
    var node: Int
    var texts: Set<[UInt8]>
  }

  /// Merges three or more names of a place that share most of what is below them.
  mutating func joinSiblings(below node: Int, _ place: Place) {
    let branches = names(below: node, place).filter { nodes[$0].firstChild != 0 }
    guard branches.count >= 3 else { return }
    var candidates = branches.map { Shapes(node: $0, texts: texts(below: $0)) }
      .filter { $0.texts.count >= 3 }
    // The order of the keys must not matter.
    candidates.sort {
      $0.texts.count != $1.texts.count
        ? $0.texts.count > $1.texts.count
        : nodes[$0.node].piece.lexicographicallyPrecedes(nodes[$1.node].piece)
    }
    var merged = false
    while candidates.count >= 3 {
      let first = candidates.removeFirst()
      let alike = candidates.filter { areAlike(first.texts, $0.texts) }
      guard alike.count >= 2 else { continue }
      let members = [first] + alike
      let common = members.dropFirst().reduce(first.texts) { $0.intersection($1.texts) }
      guard wordCount(of: common.isEmpty ? first.texts : common) >= 3, !common.isEmpty else { continue }
      candidates.removeAll { candidate in alike.contains { $0.node == candidate.node } }
      nodes.take(Set(members.map(\.node)), of: node)
      let target = starChild(of: node, place.separator, place.role)
      for member in members { merge(member.node, into: target) }
      nodes[node].close(place.separator)
      merged = true
    }
    if merged { arrange(starChild(of: node, place.separator, place.role)) }
  }

  /// True where two names share three fifths of what is below them.
  private func areAlike(_ left: Set<[UInt8]>, _ right: Set<[UInt8]>) -> Bool {
    left.intersection(right).count * 2 * 5 >= (left.count + right.count) * 3
  }

  /// The number of different words in some texts, without what varies.
  private func wordCount(of texts: Set<[UInt8]>) -> Int {
    var words = Set<[UInt8]>()
    for text in texts {
      for word in text.split(whereSeparator: {
        !$0.isAlphanumeric && $0 != UInt8(ascii: "_") && $0 != .dash && $0 != .star
      })
      where !word.contains(.star) { words.insert(Array(word)) }
    }
    return words.count
  }

  private func texts(below node: Int) -> Set<[UInt8]> {
    var texts = Set<[UInt8]>()
    if nodes[node].group >= 0 { texts.insert([]) }
    for child in nodes.children(of: node) { collectTexts(from: child, behind: [], into: &texts) }
    return texts
  }

  private func collectTexts(from node: Int, behind text: [UInt8], into texts: inout Set<[UInt8]>) {
    guard texts.count < 256 else { return }
    var own = text
    append(node, to: &own)
    if nodes[node].group >= 0 { texts.insert(own) }
    // A value stands for the shape above it.
    for child in nodes.children(of: node) {
      collectTexts(from: child, behind: nodes[child].kind == .form ? text : own, into: &texts)
    }
  }

  /// Merges rare names into the `*` of their place, or into what begins like them, where they look more like
  /// identifiers than like names.
  mutating func joinStragglers(below node: Int, _ place: Place) {
    let stars = nodes.children(of: node).filter {
      nodes[$0].separator == place.separator && nodes[$0].role == place.role && nodes[$0].kind != .name
        && nodes[$0].piece.last == .star
    }
    // The longest beginning first.
    for star in stars.sorted(by: { nodes[$0].piece.count > nodes[$1].piece.count }) {
      joinStragglers(below: node, place, into: star)
    }
  }

  private mutating func joinStragglers(below node: Int, _ place: Place, into star: Int) {
    let stem = Array(nodes[star].piece.dropLast())
    let count = seen(star)
    guard count >= 50 else { return }
    let stragglers = names(below: node, place).filter { name in
      guard name != star, nodes[name].kind == .name, nodes[name].piece.starts(with: stem) else {
        return false
      }
      let piece = nodes[name].piece
      return SegmentShape.mayBeIdentifier(piece.span.extracting(droppingFirst: stem.count))
        && seen(name) <= max(2, count / 500)
    }
    guard !stragglers.isEmpty else { return }
    nodes.take(Set(stragglers), of: node)
    if stem.isEmpty { nodes[node].close(place.separator) }
    let target = familyChild(of: node, place.separator, place.role, beginning: stem)
    for straggler in stragglers { merge(straggler, into: target) }
    arrange(target)
  }
}
