import Testing

@testable import Keyspace

struct TTLBucketsTests {
  @Test func anEdgeBelongsToItsOwnBucket() {
    var buckets = TTLBuckets(edges: [1000, 2000])
    for value: Int64 in [0, 1, 1000, 1001, 2000, 2001, .max] { buckets.add(value) }
    #expect(buckets.weights == [3, 2, 2])
  }

  @Test func withoutEdgesNothingIsCounted() {
    var buckets = TTLBuckets()
    buckets.add(5)
    #expect(buckets.weights.isEmpty)
    #expect(buckets.fittedEdges(most: 8).isEmpty)
  }

  @Test func mergingAddsAndScales() {
    var left = TTLBuckets(edges: [10])
    left.add(1)
    var right = TTLBuckets(edges: [10])
    right.add(11)
    left.merge(right, scaledBy: 4)
    #expect(left.weights == [1, 4])
    var empty = TTLBuckets()
    empty.merge(right)
    #expect(empty == right)
  }

  @Test(arguments: 1...8) func fittedEdgesAreSomeOfTheEdgesAndLoseNothing(most: Int) {
    var buckets = TTLBuckets(edges: TTLBuckets.fineEdges.map { Int64($0) * 1000 })
    for second in stride(from: Int64(45), to: 90_000, by: 37) { buckets.add(second * 1000) }
    let edges = buckets.fittedEdges(most: most)
    #expect((1...most).contains(edges.count))
    #expect(edges == edges.sorted() && Set(edges).isSubset(of: Set(buckets.edges)))
    let weights = buckets.weights(at: edges)
    #expect(weights.reduce(0, +) == buckets.weights.reduce(0, +))
    #expect(weights.last == 0)
    #expect(weights.dropLast().allSatisfy { $0 > 0 })
  }
}
