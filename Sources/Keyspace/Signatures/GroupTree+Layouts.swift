import Bytes

/// What the known layouts of frameworks say of a tree.
extension GroupTree {
  /// What this many keys of a layout give away holds for all keys that share their prefix.
  private static let fewestKeys = 20

  /// Where a signature fits.
  private struct Match {
    /// The node at which the prefix ends; the root where the signature has none.
    var prefix: Int
    /// What precedes the signature in a piece.
    var glued: [UInt8] = []
    var path: [Int] = []
  }

  /// Finds the layouts of the table.
  mutating func recogniseLayouts() {
    recogniseBareVersions()
    var pieces = Set<[UInt8]>()
    collectPieces(below: 0, into: &pieces)
    // Most layouts are not there, and their words show it.
    for signature in Signature.table where signature.words.isSubset(of: pieces) {
      var matches: [Match] = []
      if signature.hasPrefix {
        findBehindPrefix(signature, below: 0, into: &matches)
      } else {
        find(signature.pieces[...], below: 0, Match(prefix: 0), into: &matches)
      }
      if !signature.beside.isEmpty { matches.removeAll { !hasBeside(signature, $0) } }
      if !matches.isEmpty { apply(signature, matches) }
    }
  }

  /// Django writes its version behind a colon even where no prefix is before it.
  private mutating func recogniseBareVersions() {
    let empty: [UInt8] = []
    guard let first = nodes.child(of: 0, .none, .open, empty.span) else { return }
    let piece = GroupTree.star
    guard let number = nodes.child(of: first, .colon, .open, piece.span), nodes[number].forms == .open,
      nodes[number].formCount > 0, seen(number) >= GroupTree.fewestKeys
    else { return }
    makeVersions(of: number)
    note("Django", prefix: [], versions: nodes.children(of: number).filter { nodes[$0].kind == .form })
  }

  /// Makes the values of a place versions.
  private mutating func makeVersions(of node: Int) {
    nodes[node].forms = .settled
    for form in nodes.children(of: node) where nodes[form].kind == .form { nodes[form].isVersion = true }
  }

  private func collectPieces(below node: Int, into pieces: inout Set<[UInt8]>) {
    for child in nodes.children(of: node) {
      pieces.insert(nodes[child].piece)
      collectPieces(below: child, into: &pieces)
    }
  }

  // MARK: - Finding

  private func findBehindPrefix(_ signature: Signature, below node: Int, into matches: inout [Match]) {
    for child in nodes.children(of: node) {
      find(signature.pieces[...], below: child, Match(prefix: child), into: &matches)
      findBehindPrefix(signature, below: child, into: &matches)
    }
  }

  /// True where the pattern that a signature needs beside it fits behind the same prefix.
  private func hasBeside(_ signature: Signature, _ match: Match) -> Bool {
    var found: [Match] = []
    find(signature.beside[...], below: match.prefix, Match(prefix: match.prefix), into: &found)
    return !found.isEmpty
  }

  private func find(
    _ pieces: ArraySlice<Signature.Piece>, below node: Int, _ match: Match, into matches: inout [Match]
  ) {
    guard let piece = pieces.first else {
      matches.append(match)
      return
    }
    if case .literal(let text) = piece.element {
      if let child = literalChild(of: node, piece.separator, text) {
        descend(pieces, to: child, match, into: &matches)
      }
      return
    }
    for child in nodes.children(of: node) where nodes[child].separator == piece.separator {
      guard let glued = fit(piece.element, child) else { continue }
      var match = match
      if !glued.isEmpty { match.glued = glued }
      descend(pieces, to: child, match, into: &matches)
    }
  }

  /// The node of a text, be it a name or a value that may turn out to be one.
  private func literalChild(of node: Int, _ separator: Separator, _ text: [UInt8]) -> Int? {
    if let child = nodes.child(of: node, separator, .open, text.span) { return child }
    let piece = GroupTree.star
    guard let star = nodes.child(of: node, separator, .open, piece.span) else { return nil }
    return nodes.child(of: star, .form, .open, text.span)
  }

  private func descend(
    _ pieces: ArraySlice<Signature.Piece>, to child: Int, _ match: Match, into matches: inout [Match]
  ) {
    var match = match
    match.path.append(child)
    find(pieces.dropFirst(), below: child, match, into: &matches)
    for form in nodes.children(of: child) where nodes[form].kind == .form {
      match.path[match.path.count - 1] = form
      find(pieces.dropFirst(), below: form, match, into: &matches)
    }
  }

  /// What precedes the text of an element in a node's piece, nil where the piece does not fit.
  private func fit(_ element: Signature.Element, _ node: Int) -> [UInt8]? {
    let (piece, kind) = (nodes[node].piece, nodes[node].kind)
    switch element {
    case .literal: return nil
    case .beginning(let text): return piece.starts(with: text) ? [] : nil
    case .ending(let text):
      guard piece.count > text.count, piece.suffix(text.count).elementsEqual(text) else { return nil }
      return Array(piece.dropLast(text.count))
    case .holding(let text):
      let start = (1..<max(1, piece.count)).first { piece[$0...].starts(with: text) }
      return start.map { Array(piece[..<$0]) }
    case .version: return kind == .star && nodes[node].formCount > 0 && nodes[node].forms != .none ? [] : nil
    case .varying: return kind == .name || kind == .partly ? [] : nil
    case .star: return kind == .star ? [] : nil
    case .name: return kind == .name ? [] : nil
    case .any: return []
    }
  }

  // MARK: - Applying

  private mutating func apply(_ signature: Signature, _ matches: [Match]) {
    var counts: [[UInt8]: Int] = [:]
    for match in matches {
      guard let end = match.path.last else { continue }
      if nodes[end].keyRole == nil { nodes[end].keyRole = signature.role }
      counts[key(of: match), default: 0] += seen(end)
    }
    note(signature.framework, prefix: nil, versions: [])
    for match in matches where counts[key(of: match), default: 0] >= GroupTree.fewestKeys {
      learnPrefix(signature, match)
    }
    joinVarying(signature, matches)
  }

  private func key(of match: Match) -> [UInt8] { match.glued + [0] + Array("\(match.prefix)".utf8) }

  private mutating func learnPrefix(_ signature: Signature, _ match: Match) {
    for (piece, node) in zip(signature.pieces, match.path) where piece.element == .version {
      let place = nodes[node].kind == .form ? Int(nodes[node].parent) : node
      makeVersions(of: place)
      let forms = nodes.children(of: place).filter { nodes[$0].kind == .form }
      note(signature.framework, prefix: nodes[match.prefix].piece, versions: forms)
    }
    switch signature.prefix {
    case .open: return
    case .pieces(let count):
      nodes[match.path[count - 1]].endsNamespace = true
      return
    case .namespace: break
    }
    if !match.glued.isEmpty {
      let namespace = Array(NameLayout.trimmed(match.glued[...]))
      let prefix = match.glued
      guard !namespace.isEmpty, !gluedNamespaces.contains(where: { $0.namespace == namespace }) else {
        return
      }
      gluedNamespaces.append(
        GluedNamespace(prefix: prefix.count > namespace.count ? prefix : namespace, namespace: namespace))
      note(signature.framework, prefix: namespace, versions: [])
    } else if signature.hasPrefix {
      if !signature.pieces.contains(where: { $0.element == .version }) {
        nodes[match.prefix].endsNamespace = true
      }
      note(signature.framework, prefix: nodes[match.prefix].piece, versions: [])
    }
  }

  /// Merges the names that vary by a signature.
  private mutating func joinVarying(_ signature: Signature, _ matches: [Match]) {
    guard let place = signature.pieces.firstIndex(where: { $0.element == .varying }) else { return }
    var byParent: [Int: Set<Int>] = [:]
    for match in matches {
      let node = match.path[place]
      byParent[Int(nodes[node].parent), default: []].insert(node)
    }
    for (parent, members) in byParent.sorted(by: { $0.key < $1.key }) {
      let separator = signature.pieces[place].separator
      // In the order of the place: the numbers of nodes are others in a tree that was saved and restored.
      let inOrder = nodes.children(of: parent).reversed().filter { members.contains($0) }
      nodes.take(members, of: parent)
      let target = starChild(of: parent, separator, .open)
      for member in inOrder { merge(member, into: target) }
      nodes[parent].close(separator)
    }
  }

  private mutating func note(_ framework: String, prefix: [UInt8]?, versions: [Int]) {
    let index = recognised.firstIndex { $0.framework == framework } ?? recognised.count
    if index == recognised.count {
      recognised.append(Recognition(framework: framework, prefixes: [], versions: []))
    }
    if let prefix, !recognised[index].prefixes.contains(prefix) { recognised[index].prefixes.append(prefix) }
    for version in versions where !recognised[index].versions.contains(nodes[version].piece) {
      recognised[index].versions.append(nodes[version].piece)
    }
  }
}
