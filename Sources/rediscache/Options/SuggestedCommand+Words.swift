import Bytes
import Operations
import Quantities
import Reporting

extension SuggestedOption {
  /// The option as it is typed: its name and its value, a name alone, or an argument.
  var words: [String] {
    switch self {
    case .given(let words): words
    case .namespace(let text): ["--namespace", text]
    case .keyVersion(let text): ["--key-version", text]
    case .type(let name): ["--type", name]
    case .noTTL: ["--no-ttl"]
    case .ttlAbove(let milliseconds): ["--ttl-above", Units.text(milliseconds: milliseconds)]
    case .ttlBelow(let milliseconds): ["--ttl-below", Units.text(milliseconds: milliseconds)]
    case .idleAbove(let milliseconds): ["--idle-above", Units.text(milliseconds: milliseconds)]
    case .schema(let text): ["--schema", text]
    case .allDatabases: ["--all-dbs"]
    case .readFrom(let replica): ["--read-from", (replica ? ReadFrom.replica : .primary).rawValue]
    case .grouping(let grouping): ["--by", grouping.rawValue]
    case .list: ["--list"]
    case .biggest(let count): ["--big", String(count)]
    case .mostMemoryFirst: ["--sort", ScanRequest.Order.memory.rawValue]
    case .top(let count): ["--top", String(count)]
    case .interval(let milliseconds): ["--interval", Units.text(milliseconds: milliseconds)]
    case .watch: ["--watch"]
    case .dryRun: ["--dry-run"]
    case .expireWithin(let milliseconds): ["--expire-within", Units.text(milliseconds: milliseconds)]
    case .expect(let count): ["--expect", String(count)]
    case .yes: ["--yes"]
    }
  }
}

extension [SuggestedOption] {
  /// Those of some options that have a value, as typed.
  static func given(_ values: [(name: String, value: String?)]) -> [SuggestedOption] {
    values.flatMap { given($0.name, $0.value) }
  }

  /// An option with its value as typed, where one was given.
  static func given(_ name: String, _ value: String?) -> [SuggestedOption] {
    value.map { [.given([name, $0])] } ?? []
  }

  /// An option without a value, where it was given.
  static func given(_ name: String, if isGiven: Bool) -> [SuggestedOption] {
    isGiven ? [.given([name])] : []
  }
}

extension SuggestedCommand {
  /// The command as a line for a shell.
  var line: String { KeyText.commandLine(["rediscache", verb.rawValue], options.map(\.words)) }
}

extension ReportWording {
  /// The words of this program.
  static let ofOptions = ReportWording(
    everyKey: "--exact measures every key.", everyRemark: "--json has them all", spell: \.line)
}
