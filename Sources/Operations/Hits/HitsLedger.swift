import Bytes
import Keyspace
import RedisClient

/// Counts what happens to keys, by group, in bounded memory.
struct HitsLedger {
  /// What was counted of a group.
  struct Figures: Sendable {
    /// Reads that found no key.
    var misses = 0
    /// Those of them that met a key whose time was just over: the server says so with the miss.
    var expiredOnRead = 0
    /// The other misses of names that are followed, by why the names had gone; weighted, because the share of names that is
    /// followed may shrink.
    var gone: [Double] = [0, 0, 0]
    /// The other misses of names that are followed and have not gone since the beginning; weighted.
    var unseen = 0.0
    /// How many misses the weights rest on.
    var followed = 0
    /// The keys that are there, and what a sample of them takes.
    var present = HitsCensus.Figures()
    /// Reads in the windows of MONITOR.
    var reads = WindowCounts()
    /// Those of them that found no key.
    var missesInWindows = WindowCounts()

    mutating func merge(_ other: Figures) {
      misses += other.misses
      expiredOnRead += other.expiredOnRead
      for index in gone.indices { gone[index] += other.gone[index] }
      unseen += other.unseen
      followed += other.followed
      present.merge(other.present)
      reads.merge(other.reads)
      missesInWindows.merge(other.missesInWindows)
    }
  }

  /// The bound on names that are counted one by one, for each that is listed.
  private static let namesForEachListed = 100
  private static let fewestNames = 10_000

  private let selection: KeySelection
  private var reader: KeyReader
  private let seed = KeyHash.newSeed
  private let database: Int
  private var tree: GroupTree
  private var figures: [Figures] = []
  /// The keys that were not chosen.
  private(set) var unchosen = Figures()
  /// The keys of other databases.
  private(set) var elsewhere = Figures()
  private(set) var gone = GoneNames()
  private var heavy: HeavyHitters?
  /// The name that expired last on each node, while nothing else has happened there.
  private var expiredLast: [UInt64?]
  /// Misses that each node has sent.
  private(set) var missesOfNodes: [Int]

  /// `census` has the keys that are there; without it nothing is known of them.
  init(_ request: HitsRequest, database: Int, nodes: Int, census: HitsCensus?) {
    selection = request.walk.selection
    reader = request.walk.naming.makeReader()
    self.database = database
    let census = census ?? HitsCensus(request)
    tree = census.tree
    figures = census.figures.map { present in
      var figures = Figures()
      figures.present = present
      return figures
    }
    heavy = request.topKeys.map {
      HeavyHitters(most: max(HitsLedger.fewestNames, $0 * HitsLedger.namesForEachListed))
    }
    expiredLast = [UInt64?](repeating: nil, count: nodes)
    missesOfNodes = [Int](repeating: 0, count: nodes)
  }

  /// Takes some of the messages that a node has sent, in order.
  mutating func take(
    _ batch: PushBatch, _ items: Range<Int>, _ meanings: [HitsChannels.Meaning], of node: Int
  ) {
    for item in batch.items[items] {
      guard case .message(let channel) = item.kind else { continue }
      let name = batch.bytes.span.extracting(item.name)
      switch meanings[channel] {
      case .miss(let number) where number != database:
        missesOfNodes[node] += 1
        elsewhere.misses += 1
      case .miss: noteMiss(name, batch.bytes[item.name], of: node)
      case .gone(let cause):
        let hash = KeyHash.tableValue(name, seed: seed)
        gone.note(hash, cause)
        expiredLast[node] = cause == .expired ? hash : nil
      }
    }
  }

  private mutating func noteMiss(_ name: Span<UInt8>, _ bytes: ArraySlice<UInt8>, of node: Int) {
    missesOfNodes[node] += 1
    let hash = KeyHash.tableValue(name, seed: seed)
    defer { expiredLast[node] = nil }
    guard let group = group(of: name) else {
      unchosen.misses += 1
      return
    }
    heavy?.add(bytes, hash: hash)
    figures[group].misses += 1
    if expiredLast[node] == hash {
      figures[group].expiredOnRead += 1
      return
    }
    let weight = 1 / gone.share
    switch gone.answer(hash) {
    case .notFollowed: return
    case .unseen: figures[group].unseen += weight
    case .gone(let cause): figures[group].gone[Int(cause.rawValue)] += weight
    }
    figures[group].followed += 1
  }

  /// Forgets what was counted, for another interval; what the names have shown of groups and of what has gone is kept.
  mutating func beginInterval() {
    figures = figures.map { before in
      var figures = Figures()
      figures.present = before.present
      return figures
    }
    (unchosen, elsewhere) = (Figures(), Figures())
    missesOfNodes = missesOfNodes.map { _ in 0 }
    heavy = heavy.map { HeavyHitters(most: $0.most) }
  }

  // MARK: - Windows

  /// The windows of a node have numbers from this many times its own on.
  static let windowsOfNode = 1 << 24

  /// Takes some of what a window of MONITOR has shown at a node: the keys of commands that read, and the misses.
  mutating func take(
    window: Int, _ batch: PushBatch, _ items: Range<Int>, _ meanings: [HitsChannels.Meaning], of node: Int
  ) {
    let number = node * HitsLedger.windowsOfNode + window
    for item in batch.items[items] {
      switch item.kind {
      case .key(.read, let database):
        change(batch.bytes.span.extracting(item.name), in: database) { $0.reads.add(1, in: number) }
      case .message(let channel):
        guard case .miss(let database) = meanings[channel] else { continue }
        change(batch.bytes.span.extracting(item.name), in: database) { $0.missesInWindows.add(1, in: number) }
      default: continue
      }
    }
  }

  private mutating func change(_ name: Span<UInt8>, in number: Int, _ body: (inout Figures) -> Void) {
    guard number == database else { return body(&elsewhere) }
    guard let group = group(of: name) else { return body(&unchosen) }
    body(&figures[group])
  }

  // MARK: - Groups

  /// The group of a name; nil where it is not chosen.
  private mutating func group(of name: Span<UInt8>) -> Int? {
    guard selection.admits(name) else { return nil }
    reader.read(name)
    guard selection.admitsAlone(reader.reading) else { return nil }
    let group = tree.group(for: reader.reading)
    while group >= figures.count { figures.append(Figures()) }
    let merges = tree.takeMerges()
    guard !merges.isEmpty else { return group }
    apply(merges)
    return tree.current(group)
  }

  private mutating func apply(_ merges: [GroupTree.Merge]) {
    for merge in merges {
      let from = figures[merge.from]
      figures[merge.from] = Figures()
      figures[merge.into].merge(from)
    }
  }

  /// The groups with their names, by what has been seen of names until now.
  func groups(_ grouping: (GroupLabel) -> GroupLabel) -> [(label: GroupLabel, figures: Figures)] {
    // The tree decides once, at the end, what is a name; a watch goes on with the one that is open.
    var settled = self
    settled.tree.settle()
    settled.apply(settled.tree.takeMerges())
    return settled.settledGroups(grouping)
  }

  private func settledGroups(
    _ grouping: (GroupLabel) -> GroupLabel
  ) -> [(label: GroupLabel, figures: Figures)] {
    var places: [GroupLabel: Int] = [:]
    var groups: [(label: GroupLabel, figures: Figures)] = []
    for group in tree.livingGroups where group < figures.count {
      let label = grouping(tree.label(of: group))
      if let place = places[label] {
        groups[place].figures.merge(figures[group])
      } else {
        places[label] = groups.count
        groups.append((label, figures[group]))
      }
    }
    return groups
  }

  /// The keys that missed most, the first ones first.
  func topKeys(_ count: Int) -> [HeavyHitters.Entry] { heavy?.top(count) ?? [] }
}
