import Foundation

/// A report of `invalidate --json`, decoded as a program that relies on the contract would.
public struct RemovalReport: Decodable, Sendable {
  /// What became of keys.
  public struct Counts: Decodable, Sendable, Equatable {
    /// All chosen keys.
    public var matched: Int
    /// Acknowledged by the server.
    public var removed: Int
    /// Gone when their turn came.
    public var absent: Int
    /// Left alone because they expire sooner already.
    public var kept: Int
    /// Refused by the server.
    public var failed: Int
    /// Sent, and no reply seen.
    public var unknown: Int

    /// True where each chosen key is counted in one place.
    public var isBalanced: Bool { matched == removed + absent + kept + failed + unknown }
  }

  /// The keys of one namespace and version.
  public struct Group: Decodable, Sendable {
    /// The namespace; nil for none.
    public let namespace: String?
    /// The version; nil for none.
    public let version: String?
    /// The bytes that the keys took; nil where the server does not tell.
    public let bytesEstimate: Int?
    /// What became of its keys.
    public let counts: Counts

    private enum CodingKeys: String, CodingKey { case namespace, version, bytesEstimate }

    /// Decodes a group, whose counts stand beside its names.
    public init(from decoder: any Decoder) throws {
      let members = try decoder.container(keyedBy: CodingKeys.self)
      namespace = try members.decode(String?.self, forKey: .namespace)
      version = try members.decode(String?.self, forKey: .version)
      bytesEstimate = try members.decode(Int?.self, forKey: .bytesEstimate)
      counts = try Counts(from: decoder)
    }
  }

  /// What a second look has found.
  public struct Verification: Decodable, Sendable {
    /// Keys that match now.
    public let keys: Int
    /// A few of them.
    public let samples: [String]
    /// False where the look was cut short.
    public let complete: Bool
  }

  /// The form of the report.
  public let schema: String
  /// True where nothing is missing.
  public let complete: Bool
  /// What the user must know.
  public let warnings: [String]
  /// True where nothing was written.
  public let dryRun: Bool
  /// `UNLINK`, `DEL` or `PEXPIRE`.
  public let action: String
  /// What became of all keys, those of earlier runs included.
  public let counts: Counts
  /// What earlier runs of the journal have done; nil where there were none.
  public let earlier: Counts?
  /// Batches that were sent.
  public let batches: Int
  /// Why the run ended early.
  public let stopped: String?
  /// The bytes that the keys took; nil where the server does not tell.
  public let bytesEstimate: Int?
  /// The keys by namespace and version.
  public let groups: [Group]
  /// A few of the keys.
  public let samples: [String]
  /// What does what a dry run has counted.
  public let command: String?
  /// What a second look has found.
  public let verification: Verification?

  private enum CodingKeys: String, CodingKey {
    case schema, complete, warnings, dryRun, action, earlier, batches, stopped, bytesEstimate, groups
    case samples, command, verification
  }

  /// Decodes what a run wrote to standard output.
  public init(_ output: [UInt8]) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(RemovalReport.self, from: Data(output))
  }

  /// Decodes a report; members that must be there and are null are told from members that are missing.
  public init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: CodingKeys.self)
    schema = try members.decode(String.self, forKey: .schema)
    complete = try members.decode(Bool.self, forKey: .complete)
    warnings = try members.decode([String].self, forKey: .warnings)
    dryRun = try members.decode(Bool.self, forKey: .dryRun)
    action = try members.decode(String.self, forKey: .action)
    counts = try Counts(from: decoder)
    earlier = try members.decodeIfPresent(Counts.self, forKey: .earlier)
    batches = try members.decode(Int.self, forKey: .batches)
    stopped = try members.decode(String?.self, forKey: .stopped)
    bytesEstimate = try members.decode(Int?.self, forKey: .bytesEstimate)
    groups = try members.decode([Group].self, forKey: .groups)
    samples = try members.decode([String].self, forKey: .samples)
    command = try members.decodeIfPresent(String.self, forKey: .command)
    verification = try members.decodeIfPresent(Verification.self, forKey: .verification)
  }

  /// The keys of the groups together.
  public var matchedInGroups: Int { groups.reduce(0) { $0 + $1.counts.matched } }

  /// True where a warning holds the text, in any case of letters.
  public func warns(_ text: String) -> Bool {
    warnings.contains { $0.lowercased().contains(text.lowercased()) }
  }
}
