import Keyspace
import Testing

@testable import Operations

struct ListOperationTests {
  private func list(
    _ server: FakeServer, columns: KeyMeasurements = [], limit: Int = .max,
    _ choose: (inout KeySelection) -> Void = { _ in }
  ) throws -> (ListOperation<FakeChannel>.Outcome, [ListedKey]) {
    var request = WalkRequest()
    request.count = 100
    choose(&request.selection)
    var keys: [ListedKey] = []
    let outcome = try ListOperation(request, columns: columns, of: server.target(), context: .test).run {
      keys.append($0)
      return keys.count < limit
    }
    #expect(server.names.isSubset(of: FakeServer.harmless))
    return (outcome, keys)
  }

  @Test func everyKeyIsHandedOverOnceWithWhatWasAsked() throws {
    let keys = Keyspaces.mixed(10)
    let (outcome, listed) = try list(FakeServer(keys), columns: [.ttl, .type, .memory])
    #expect(outcome.keys == keys.count && outcome.header.isComplete && outcome.failure == nil)
    let truth = Dictionary(keys.map { ($0.name, $0) }) { $1 }
    #expect(Set(listed.map(\.key)) == Set(truth.keys))
    for entry in listed {
      let key = try #require(truth[entry.key])
      #expect(
        entry.measure
          == KeyMeasure(ttlMilliseconds: key.ttl, memoryBytes: key.bytes, type: key.type, idleSeconds: nil))
    }
  }

  @Test func namesAloneAreNotMeasured() throws {
    let server = FakeServer(Keyspaces.mixed(10))
    _ = try list(server)
    #expect(server.names == ["INFO", "TIME", "SCAN"])
  }

  @Test func onlyChosenKeysAreHandedOver() throws {
    let keys = Keyspaces.mixed(20)
    let (outcome, listed) = try list(FakeServer(keys)) {
      $0.namespaces = [NamespaceChoice("app")]
      $0.neverExpires = true
    }
    let truth = keys.filter { $0.labels.namespace == "app" && $0.ttl < 0 }
    #expect(Set(listed.map(\.key)) == Set(truth.map(\.name)) && outcome.keys == truth.count)
  }

  @Test func aSinkThatIsFullEndsTheWalk() throws {
    let server = FakeServer(Keyspaces.mixed(20))
    let (outcome, listed) = try list(server, columns: .ttl, limit: 5)
    #expect(listed.count == 5 && outcome.keys == 5)
    #expect(!outcome.header.isComplete)
    #expect(server.scans.count <= 3)
  }

  @Test func keysThatAreGoneAreLeftOutAndForbiddenOnesComeWithoutFigures() throws {
    let keys = (0..<100).map { FakeKey("app:v1:\($0)", ttl: 1000) }
    let server = FakeServer(keys)
    server.faults.vanishing = { $0.name.text.hasSuffix("1") }
    server.faults.error = { _, key in key.text.hasSuffix("2") ? "NOPERM No permissions to access a key" : nil
    }
    let (outcome, listed) = try list(server, columns: .ttl)
    #expect(outcome.keys == 90)
    #expect(listed.filter { $0.measure == KeyMeasure() }.count == 10)
    #expect(outcome.header.warnings.count == 1)
  }
}
