public import Keyspace

/// What `warm` is asked to do.
public struct WarmRequest: Sendable {
  /// What is done where a key is there already.
  public enum Policy: Sendable, Equatable {
    /// It is replaced.
    case overwrite
    /// It is left as it is.
    case ifMissing
    /// It is replaced where less than this share of the seed's TTL remains, 0 to 1.
    case refreshBelow(Double)
  }

  /// The format of the seed; nil goes by its content.
  public var format: SeedFormat?
  /// The TTL of records that name none, in milliseconds; nil lets them live for ever.
  public var defaultTTL: Int64?
  /// How far a TTL may be from what was asked for, as a ratio: 0.1 spreads 10 s over 9 s to 11 s.
  public var jitter = 0.0
  /// What is done where a key is there already.
  public var policy = Policy.overwrite
  /// Tags of every record, beside those that it names.
  public var tags: [[UInt8]] = []
  /// Where the members of a tag are kept.
  public var tagKey = TagKey.standard
  /// Set where strings are wrapped into an object with the moments of caching and of expiry; the value is how
  /// many milliseconds a key outlives its expiry.
  public var envelope: Int64?
  /// How hard the server is worked.
  public var pace = Pace.auto
  /// The bound on keys a second.
  public var rate: Int?
  /// The bound on records a flight, where the user fixes it.
  public var batchSize: Int?
  /// True where the first bad record ends the run.
  public var isStrict = false
  /// True where the run ends once the server evicts keys.
  public var stopsOnEviction = false
  /// True where everything is done but the writing.
  public var isDryRun = false
  /// True where some keys are read back at the end.
  public var verifies = false
  /// True where only this server is asked, although it may be part of a cluster.
  public var nodeOnly = false
  /// What earlier runs of the same journal have done.
  public var earlier: WarmProgress?

  /// The defaults.
  public init() {}
}

/// Where the bytes of a seed come from.
public protocol SeedSource: AnyObject {
  /// The next bytes, none where what was read makes none yet; nil at the end.
  func read() throws(SeedSourceError) -> [UInt8]?
  /// The share of the source that lies behind, 0 to 1; nil where nothing tells.
  var share: Double? { get }
  /// Waits for bytes, or the end, at most so long; false where `read` would still have to wait.
  func isReady(within time: Duration) -> Bool
}

extension SeedSource {
  /// True: most sources never wait for long.
  public func isReady(within time: Duration) -> Bool { true }
}

/// Why a seed cannot be read any further.
public struct SeedSourceError: Error, Sendable, Equatable {
  /// What failed, where and why.
  public let message: String

  /// Makes an error.
  public init(_ message: String) { self.message = message }
}
