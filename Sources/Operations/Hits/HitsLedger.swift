import Bytes
import Keyspace
import RedisClient

/// Counts what happens to keys, by group, in bounded memory.
struct HitsLedger {
  /// What was counted of a group.
  struct Figures: GroupedFigures {
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
    var present: HitsCensus.Figures
    /// Reads in the windows of MONITOR.
    var reads = WindowCounts()
    /// Those of them that found no key.
    var missesInWindows = WindowCounts()
    /// Reads in the windows that were followed long enough to see whether the key is filled in.
    var followedReads = WindowCounts()
    /// Those of them after which it was.
    var refilledReads = WindowCounts()

    init(present: HitsCensus.Figures = HitsCensus.Figures()) { self.present = present }

    /// Notes why the name of a miss had gone.
    mutating func note(_ answer: GoneNames.Answer, _ weight: Double) {
      switch answer {
      case .notFollowed: return
      case .unseen: unseen += weight
      case .gone(let cause): gone[Int(cause.rawValue)] += weight
      }
      followed += 1
    }

    mutating func merge(_ other: Figures) {
      misses += other.misses
      expiredOnRead += other.expiredOnRead
      for index in gone.indices { gone[index] += other.gone[index] }
      unseen += other.unseen
      followed += other.followed
      present.merge(other.present)
      reads.merge(other.reads)
      missesInWindows.merge(other.missesInWindows)
      followedReads.merge(other.followedReads)
      refilledReads.merge(other.refilledReads)
    }
  }

  /// The bound on names that are counted one by one, for each that is listed.
  private static let namesForEachListed = 100
  private static let fewestNames = 10_000

  private let seed = KeyHash.newSeed
  private let database: Int
  private var groups: ChosenGroups<Figures>
  /// The keys that were not chosen.
  private(set) var unchosen = Figures()
  /// The keys of other databases.
  private(set) var elsewhere = Figures()
  private(set) var gone = GoneNames()
  private var heavy: HeavyHitters?
  /// Follows the reads of the window that is open; nil before the first one.
  private var refills: RefillWatch?
  /// The name that expired last on each node, while nothing else has happened there.
  private var expiredLast: [UInt64?]
  /// Misses that each node has sent.
  private(set) var missesOfNodes: [Int]

  /// `census` has the keys that are there; without it nothing is known of them.
  init(_ request: HitsRequest, database: Int, nodes: Int, census: HitsCensus?) {
    self.database = database
    groups = (census ?? HitsCensus(request)).groups.map(none: Figures()) { Figures(present: $0) }
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
    guard let group = groups.group(of: name) else {
      unchosen.misses += 1
      return
    }
    heavy?.add(bytes, hash: hash)
    let wasExpired = expiredLast[node] == hash
    let (answer, weight) = (gone.answer(hash), 1 / gone.share)
    groups.change(group) { figures in
      figures.misses += 1
      if wasExpired { figures.expiredOnRead += 1 } else { figures.note(answer, weight) }
    }
  }

  /// Forgets what was counted, for another interval; what the names have shown of groups and of what has gone is kept.
  mutating func beginInterval() {
    groups = groups.map(none: Figures()) { Figures(present: $0.present) }
    (unchosen, elsewhere) = (Figures(), Figures())
    missesOfNodes = missesOfNodes.map { _ in 0 }
    heavy = heavy.map { HeavyHitters(most: $0.most) }
  }

  // MARK: - Windows

  /// The windows of a node have numbers from this many times its own on.
  static let windowsOfNode = 1 << 24

  /// Begins a window, of one node at a time, in which reads are followed for a while.
  mutating func beginWindow(following delay: Duration) { refills = RefillWatch(delay: delay) }

  /// Takes some of what a window of MONITOR has shown at a node: the keys of commands that read, and the misses.
  ///
  /// `follows` is true where the window is open long enough to see what follows these reads.
  mutating func take(
    window: Int, _ batch: PushBatch, _ items: Range<Int>, _ meanings: [HitsChannels.Meaning], of node: Int,
    follows: Bool
  ) {
    let number = node * HitsLedger.windowsOfNode + window
    for item in batch.items[items] {
      switch item.kind {
      case .key(.read, let database):
        let name = batch.bytes.span.extracting(item.name)
        let isFollowed = follows && database == self.database && noteRead(name, item.microseconds)
        change(name, in: database) {
          $0.reads.add(1, in: number)
          if isFollowed { $0.followedReads.add(1, in: number) }
        }
      case .key(.fill, let database):
        let name = batch.bytes.span.extracting(item.name)
        guard database == self.database, noteFill(name, item.microseconds) else { continue }
        change(name, in: database) { $0.refilledReads.add(1, in: number) }
      case .message(let channel):
        guard case .miss(let database) = meanings[channel] else { continue }
        change(batch.bytes.span.extracting(item.name), in: database) { $0.missesInWindows.add(1, in: number) }
      default: continue
      }
    }
  }

  private mutating func noteRead(_ name: Span<UInt8>, _ moment: Int) -> Bool {
    refills?.noteRead(KeyHash.tableValue(name, seed: seed), at: moment) ?? false
  }

  private mutating func noteFill(_ name: Span<UInt8>, _ moment: Int) -> Bool {
    refills?.noteFill(KeyHash.tableValue(name, seed: seed), at: moment) ?? false
  }

  private mutating func change(_ name: Span<UInt8>, in number: Int, _ body: (inout Figures) -> Void) {
    guard number == database else { return body(&elsewhere) }
    guard let group = groups.group(of: name) else { return body(&unchosen) }
    groups.change(group, body)
  }

  // MARK: - Groups

  /// The groups with their names, by what has been seen of names until now.
  func groups(_ grouping: (GroupLabel) -> GroupLabel) -> [(label: GroupLabel, figures: Figures)] {
    groups.labelled(grouping)
  }

  /// The keys that missed most, the first ones first.
  func topKeys(_ count: Int) -> [HeavyHitters.Entry] { heavy?.top(count) ?? [] }
}
