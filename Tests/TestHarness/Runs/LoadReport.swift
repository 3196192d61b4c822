import Foundation

/// A report of `warm --json`, decoded as a program that relies on the contract would.
package struct LoadReport: Decodable, Sendable {
  /// What became of records.
  package struct Counts: Decodable, Sendable, Equatable {
    /// All records that were dealt with.
    package var records: Int
    /// Written, and acknowledged.
    package var written: Int
    /// Left out.
    package var skipped: Int
    /// Not understood.
    package var rejected: Int
    /// Refused by the server.
    package var failed: Int
    /// Sent, and no reply seen.
    package var unknown: Int

    /// Makes counts that balance.
    package init(written: Int = 0, skipped: Int = 0, rejected: Int = 0, failed: Int = 0, unknown: Int = 0) {
      (self.written, self.skipped, self.rejected) = (written, skipped, rejected)
      (self.failed, self.unknown) = (failed, unknown)
      records = written + skipped + rejected + failed + unknown
    }

    /// True where each record is counted in one place.
    package var isBalanced: Bool { records == written + skipped + rejected + failed + unknown }
  }

  /// Times to live in seconds.
  package struct TTL: Decodable, Sendable {
    /// The shortest.
    package let min: Double
    /// The median.
    package let p50: Double
    /// The longest.
    package let max: Double
  }

  /// A record that was not understood.
  package struct Rejection: Decodable, Sendable, Equatable {
    /// Its line, from 1.
    package let line: Int
    /// The byte that is wrong, from 1.
    package let column: Int
    /// What is wrong.
    package let reason: String
  }

  /// A key that the server refused.
  package struct Refused: Decodable, Sendable {
    /// Its line, from 1.
    package let line: Int
    /// The key, in base64 where there is an encoding.
    package let key: String
    /// `base64`, or nil.
    package let encoding: String?
    /// Why.
    package let reason: String
  }

  /// What reading keys back has found.
  package struct Verification: Decodable, Sendable {
    /// Keys read back.
    package let compared: Int
    /// Those that have gone.
    package let gone: Int
    /// Those that hold something else.
    package let different: Int
    /// A few of those.
    package let examples: [String]
  }

  /// The form of the report.
  package let schema: String
  /// True where nothing is missing.
  package let complete: Bool
  /// What the user must know.
  package let warnings: [String]
  /// True where nothing was written.
  package let dryRun: Bool
  /// What became of all records, those of earlier runs included.
  package let counts: Counts
  /// What a dry run would have written.
  package let planned: Int?
  /// The times to live; nil where no key expires.
  package let ttl: TTL?
  /// The last line that was dealt with.
  package let line: Int
  /// Why the run ended early.
  package let stopped: String?
  /// The first records that were not understood.
  package let rejections: [Rejection]
  /// The first keys that the server refused.
  package let refused: [Refused]
  /// What earlier runs of the journal have done.
  package let earlier: Counts?
  /// What reading keys back has found.
  package let verification: Verification?

  private enum CodingKeys: String, CodingKey {
    case schema, complete, warnings, dryRun, planned, ttlSeconds, line, stopped, rejections, earlier
    case verification, refused
  }

  /// Decodes what a run wrote to standard output.
  package init(_ output: [UInt8]) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(LoadReport.self, from: Data(output))
  }

  /// Decodes a report; a member that must be there may be null, but not missing.
  package init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: CodingKeys.self)
    schema = try members.decode(String.self, forKey: .schema)
    complete = try members.decode(Bool.self, forKey: .complete)
    warnings = try members.decode([String].self, forKey: .warnings)
    dryRun = try members.decode(Bool.self, forKey: .dryRun)
    counts = try Counts(from: decoder)
    planned = try members.decodeIfPresent(Int.self, forKey: .planned)
    ttl = try members.decode(TTL?.self, forKey: .ttlSeconds)
    line = try members.decode(Int.self, forKey: .line)
    stopped = try members.decode(String?.self, forKey: .stopped)
    rejections = try members.decode([Rejection].self, forKey: .rejections)
    refused = try members.decodeIfPresent([Refused].self, forKey: .refused) ?? []
    earlier = try members.decodeIfPresent(Counts.self, forKey: .earlier)
    verification = try members.decodeIfPresent(Verification.self, forKey: .verification)
  }

  /// True where a warning holds the text, in any case of letters.
  package func warns(_ text: String) -> Bool {
    warnings.contains { $0.lowercased().contains(text.lowercased()) }
  }
}
