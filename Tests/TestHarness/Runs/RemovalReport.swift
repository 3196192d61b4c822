import Foundation

/// A report of `invalidate --json`, decoded as a program that relies on the contract would.
package struct RemovalReport: Decodable, Sendable {
  /// What became of keys.
  package struct Counts: Decodable, Sendable, Equatable {
    /// All chosen keys.
    package var matched: Int
    /// Acknowledged by the server.
    package var removed: Int
    /// Gone when their turn came.
    package var absent: Int
    /// Left alone because they expire sooner already.
    package var kept: Int
    /// Refused by the server.
    package var failed: Int
    /// Sent, and no reply seen.
    package var unknown: Int

    /// True where each chosen key is counted in one place.
    package var isBalanced: Bool { matched == removed + absent + kept + failed + unknown }
  }

  /// The keys of one namespace and version.
  package struct Group: Decodable, Sendable {
    /// The namespace; nil for none.
    package let namespace: String?
    /// The version; nil for none.
    package let version: String?
    /// The bytes that the keys took; nil where the server does not say.
    package let bytesEstimate: Int?
    /// What became of its keys.
    package let counts: Counts

    private enum CodingKeys: String, CodingKey { case namespace, version, bytesEstimate }

    /// Decodes a group, whose counts are members beside its names.
    package init(from decoder: any Decoder) throws {
      let members = try decoder.container(keyedBy: CodingKeys.self)
      namespace = try members.decode(String?.self, forKey: .namespace)
      version = try members.decode(String?.self, forKey: .version)
      bytesEstimate = try members.decode(Int?.self, forKey: .bytesEstimate)
      counts = try Counts(from: decoder)
    }
  }

  /// A key, which is in an object of its own where it is not UTF-8.
  package struct Sample: Decodable, Sendable {
    /// The key as it is, or in base64.
    package let text: String

    private enum CodingKeys: String, CodingKey { case key }

    /// Decodes either form.
    package init(from decoder: any Decoder) throws {
      if let plain = try? decoder.singleValueContainer().decode(String.self) {
        text = plain
      } else {
        text = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .key)
      }
    }
  }

  /// A key that the server refused.
  package struct Refused: Decodable, Sendable {
    /// The key, in base64 where it is no UTF-8.
    package let key: String
    /// Why.
    package let reason: String
  }

  /// What a second look has found.
  package struct Verification: Decodable, Sendable {
    /// Keys that match now.
    package let keys: Int
    /// A few of them.
    package let samples: [Sample]
    /// False where the look was cut short.
    package let complete: Bool
  }

  /// The form of the report.
  package let schema: String
  /// True where nothing is missing.
  package let complete: Bool
  /// What the user must know.
  package let warnings: [String]
  /// True where nothing was written.
  package let dryRun: Bool
  /// `UNLINK`, `DEL` or `PEXPIRE`.
  package let action: String
  /// What became of all keys, those of earlier runs included.
  package let counts: Counts
  /// What earlier runs of the journal have done; nil where there were none.
  package let earlier: Counts?
  /// Batches that were sent.
  package let batches: Int
  /// Why the run ended early.
  package let stopped: String?
  /// The bytes that the keys took; nil where the server does not say.
  package let bytesEstimate: Int?
  /// The keys by namespace and version.
  package let groups: [Group]
  /// A few of the keys.
  package let samples: [String]
  /// The first keys that were refused; nil where none were.
  package let refused: [Refused]?
  /// What does what a dry run has counted.
  package let command: String?
  /// What a second look has found.
  package let verification: Verification?

  private enum CodingKeys: String, CodingKey {
    case schema, complete, warnings, dryRun, action, earlier, batches, stopped, bytesEstimate, groups
    case samples, command, verification, refused
  }

  /// Decodes what a run wrote to standard output.
  package init(_ output: [UInt8]) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(RemovalReport.self, from: Data(output))
  }

  /// Decodes a report; a member that must be there may be null, but not missing.
  package init(from decoder: any Decoder) throws {
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
    samples = try members.decode([Sample].self, forKey: .samples).map(\.text)
    refused = try members.decodeIfPresent([Refused].self, forKey: .refused)
    command = try members.decodeIfPresent(String.self, forKey: .command)
    verification = try members.decodeIfPresent(Verification.self, forKey: .verification)
  }

  /// The keys of the groups together.
  package var matchedInGroups: Int { groups.reduce(0) { $0 + $1.counts.matched } }

  /// True where a warning holds the text, in any case of letters.
  package func warns(_ text: String) -> Bool {
    warnings.contains { $0.lowercased().contains(text.lowercased()) }
  }
}
