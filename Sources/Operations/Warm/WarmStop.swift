import Quantities
package import RedisClient

/// Why a warming ended before the seed's end.
package enum WarmStop: Sendable, Equatable {
  /// The bound on keys was reached.
  case limit(WriteLimit)
  /// The server refused a record in a way that holds for every one.
  case refused(line: Int, ClientError)
  /// The server refused a record for want of memory.
  case outOfMemory(line: Int, String)
  /// The server has evicted this many keys since the run began.
  case evicting(keys: Int)
  /// A record cannot be loaded, and the run is strict.
  case strict(line: Int, String)
  /// The seed cannot be read from here on: its bytes are not what they should be.
  case badSeed(String)
  /// The seed's file cannot be read.
  case unreadable(String)
  /// The journal or the file of rejects cannot be written.
  case cannotRecord(String)
}

extension WarmStop {
  /// Why, for people.
  package func sentence(_ spell: (MentionedOption) -> String) -> String {
    switch self {
    case .limit(let limit): limit.sentence(spell)
    case .refused(let line, let error): "at line \(NumberText.count(line)): \(error.message)"
    case .outOfMemory(let line, let text): "at line \(NumberText.count(line)): \(text)"
    case .evicting(let keys):
      "the server has begun to evict: \(NumberText.keys(keys)) since this run began (\(spell(.evictionStop)))"
    case .strict(let line, let reason): "line \(NumberText.count(line)): \(reason)"
    case .badSeed(let text), .unreadable(let text), .cannotRecord(let text): text
    }
  }
}
