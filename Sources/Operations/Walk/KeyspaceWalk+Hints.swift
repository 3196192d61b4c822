import Bytes
import Keyspace
import Quantities
import RedisClient
import Reporting

/// What a report says where nothing was found.
extension KeyspaceWalk {
  /// The bound on questions about names that begin as a key that is not there.
  private static var mostQuestions: Int { 100 }
  private static var keysPerQuestion: Int { 1_000 }

  /// What the reader may have meant where no key was chosen.
  func hintsForNothing() -> [String] {
    guard result.failure == nil, result.isComplete, !request.selection.isSweeping else { return [] }
    let total = expected.map { "\(self.place) has \(NumberText.keys($0))" }
    guard let literal = request.selection.pattern.literal else {
      return total.map { ["no key matches; \($0)"] } ?? []
    }
    var hint = "no key \(KeyText.quoted(literal)) matches"
    if let similar = similarNames(literal) {
      hint += "; \(similar)"
    } else if let total {
      hint += "; \(total)"
    }
    return [hint]
  }

  /// What was walked, as a sentence names it.
  private var place: String {
    guard let cluster else {
      return databases.count == 1 ? "database \(databases[0])" : "the server"
    }
    return cluster.asksSomeShards ? "the part of the cluster that was asked" : "the cluster"
  }

  /// How many keys begin with a name, and the pattern for them; nil where none was found, or not cheaply.
  private func similarNames(_ name: [UInt8]) -> String? {
    guard cluster == nil, databases.count == 1, !name.isEmpty,
      let channel = try? nodes[0].channel(for: databases[0])
    else { return nil }
    let pattern = KeyText.pattern(name)
    let glob = Glob(pattern: Array("\(pattern)*".utf8))
    var (found, areSegments) = (0, true)
    var cursor = WalkPosition.start
    let text = request.naming.separator ?? ":"
    let separator = Array(text.utf8)
    for _ in 0..<Self.mostQuestions where !context.mustStop {
      guard
        let reply = try? channel.call([
          Array("SCAN".utf8), cursor, Array("MATCH".utf8), glob.bytes, Array("COUNT".utf8),
          CommandWord.number(Int64(Self.keysPerQuestion)),
        ]), reply.children.count == 2, let next = try? reply.children[0].decode(ReplyBytes.self)
      else { return nil }
      for key in reply.children[1].children {
        guard let bytes = try? key.decode(ReplyBytes.self).bytes, bytes.starts(with: name) else { continue }
        found += 1
        areSegments = areSegments && bytes.dropFirst(name.count).starts(with: separator)
      }
      cursor = next.bytes
      if cursor == WalkPosition.start { break }
    }
    guard found > 0 else { return nil }
    let isWhole = cursor == WalkPosition.start
    let tail = areSegments ? text : ""
    return
      "\(isWhole ? "" : "at least ")\(NumberText.keys(found)) \(found == 1 ? "begins" : "begin") with it: "
      + KeyText.shellQuoted("\(pattern)\(tail)*")
  }
}
