import Bytes
import Keyspace
import Reporting
import Testing

@testable import Operations
@testable import RedisClient

/// Which names `hits` counts: the keys that are there and the names that are only heard of, by one decision.
@Suite struct ChosenGroupsTests {
  static let names = [
    "plain", "other", "app:v1:user:1", "app:v2:user:1", "app:v2:user:2", "shop:7", "42", "user42", "x:v9:y",
  ]

  static let selections: [KeySelection] = {
    let all = KeySelection()
    func with(_ change: (inout KeySelection) -> Void) -> KeySelection {
      var selection = all
      change(&selection)
      return selection
    }
    return [
      all, with { $0.withoutNamespace = true },
      with {
        $0.withoutNamespace = true
        $0.namespaces = [NamespaceChoice("app", separator: nil)]
      },
      with { $0.namespaces = [NamespaceChoice("app", separator: nil)] },
      with { $0.version = VersionChoice("v2") },
      with { $0.pattern = Glob(pattern: Array("app:*".utf8)) },
      with { $0.excluded = [Glob(pattern: Array("*:user:*".utf8))] },
    ]
  }()

  static func request(_ selection: KeySelection, schemas: [KeySchema] = []) -> HitsRequest {
    var request = HitsRequest()
    request.walk.selection = selection
    request.walk.naming.schemas = schemas
    request.grouping = .template
    return request
  }

  /// Whether the census takes a key of that name, and whether the ledger takes a miss of it.
  static func isChosen(_ name: String, _ request: HitsRequest) -> (present: Bool, missed: Bool) {
    var census = HitsCensus(request)
    let choice = census.choose(Array(name.utf8).span)
    var ledger = HitsLedger(request, database: 0, nodes: 1, census: nil)
    var batch = PushBatch()
    batch.append(.message(channel: 0), Array(name.utf8))
    ledger.take(batch, 0..<1, [.miss(database: 0)], of: 0)
    return (choice.isChosen, ledger.unchosen.misses == 0)
  }

  @Test(arguments: selections.indices) func keysAndMissesAreChosenAlike(_ index: Int) {
    let request = Self.request(Self.selections[index])
    for name in Self.names {
      let (present, missed) = Self.isChosen(name, request)
      #expect(present == missed, "\(name) in selection \(index)")
    }
  }

  @Test func withoutANamespaceMeansNoOthers() {
    let request = Self.request(Self.selections[1])
    let chosen = Self.names.filter { Self.isChosen($0, request).present }
    #expect(chosen.contains("plain") && chosen.contains("42"))
    #expect(!chosen.contains("app:v1:user:1") && !chosen.contains("shop:7"))
  }

  @Test func whatFitsNoSchemaIsNotChosenByNamespace() throws {
    var selection = KeySelection()
    selection.namespaces = [NamespaceChoice("app", separator: nil)]
    let schemas = try KeySchema.parse("{namespace}:{version}:{entity}:{id}", separator: nil)
    let request = Self.request(selection, schemas: schemas)
    let (fitting, strange) = (Self.isChosen("app:v1:user:1", request), Self.isChosen("app:x", request))
    #expect(fitting.present && fitting.missed)
    #expect(!strange.present && !strange.missed)
  }

  @Test func figuresStayWithTheirGroupsThroughMerges() {
    var first = HitsCensus(Self.request(KeySelection()))
    var second = first.fork()
    for number in 0..<300 {
      let name = Array("app:item\(number % 7 == 0 ? "" : "s"):n\(number)x:end".utf8)
      _ = number % 2 == 0 ? first.choose(name.span) : second.choose(name.span)
    }
    first.merge(second)
    let groups = first.groups.labelled { $0 }
    #expect(groups.reduce(0) { $0 + $1.figures.keys } == 300)
  }
}
