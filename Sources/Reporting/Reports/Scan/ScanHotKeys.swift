import Bytes
import Quantities

/// The keys of a scan that are used most, as far as the server notes uses.
package struct ScanHotKeys: Sendable {
  /// One of them.
  package struct Key: Sendable {
    /// The key's bytes.
    package let key: [UInt8]
    /// The number of its database.
    package let database: Int
    /// How often it is used, 0 to 255 on the server's logarithmic scale, or the seconds since its last use.
    package let value: Int

    /// Makes an entry.
    package init(key: [UInt8], database: Int, value: Int) {
      (self.key, self.database, self.value) = (key, database, value)
    }
  }

  /// True where the server counts uses (LFU); else it knows the last use only.
  package let usesFrequency: Bool
  /// The keys, those that are used most first.
  package let keys: [Key]
  /// Why the order cannot be believed, a clause each; empty where nothing speaks against it.
  package let doubts: [String]

  /// Makes a list.
  package init(usesFrequency: Bool, keys: [Key], doubts: [String]) {
    (self.usesFrequency, self.keys, self.doubts) = (usesFrequency, keys, doubts)
  }

  /// How the order came about, and what speaks against it.
  var basis: String {
    let how =
      usesFrequency
      ? "hottest by how often keys are used, 0 to 255 on the server's logarithmic scale"
      : "hottest by the last use: the server does not count uses, and one read makes a key look hot"
    return doubts.isEmpty ? how : "\(how); not to be believed: \(doubts.joined(separator: "; "))"
  }

  func table(namesDatabases: Bool) -> Table {
    var table = Table(
      columns: [Table.Column("HOTTEST KEYS", minimumWidth: 12, truncates: true)]
        + (namesDatabases ? [Table.Column("DB", alignment: .right)] : [])
        + [Table.Column(usesFrequency ? "FREQUENCY" : "LAST USE", alignment: .right)])
    for entry in keys {
      let value = usesFrequency ? NumberText.count(entry.value) : NumberText.duration(Double(entry.value))
      table.append(
        [Table.Cell(KeyText.display(entry.key, maxWidth: 200))]
          + (namesDatabases ? [Table.Cell(String(entry.database))] : []) + [Table.Cell(value)])
    }
    return table
  }

  /// The keys one by one.
  var entries: [[(String, JSON)]] {
    keys.map { entry in
      JSON.names([("key", entry.key)]) + [
        ("db", .int(entry.database)), (usesFrequency ? "frequency" : "idle_seconds", .int(entry.value)),
      ]
    }
  }

  /// The list with what speaks against it.
  var json: JSON {
    .object([
      ("by", usesFrequency ? "frequency" : "idle_seconds"),
      ("doubts", .array(doubts.map { .string($0) })), ("keys", .array(entries.map { .object($0) })),
    ])
  }
}
