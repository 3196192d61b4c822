import Bytes
import Quantities
import Reporting

extension SuggestedCommand {
  /// The command as a program would spell it for a shell.
  var line: String { KeyText.commandLine(["rediscache", verb.rawValue], options.map(\.words)) }
}

extension SuggestedOption {
  fileprivate var words: [String] {
    switch self {
    case .given(let words), .serverCommand(let words): words
    case .node(let address): ["-h", address]
    case .namespace(let text): ["--namespace", text]
    case .template(let text): ["--template", text]
    case .expiresAfter(let milliseconds): ["--expires-after", Moment.text(milliseconds)]
    case .expiresBefore(let milliseconds): ["--expires-before", Moment.text(milliseconds)]
    case .segment(let number, let text): ["--segment", "\(number)=\(text)"]
    case .keyVersion(let text): ["--key-version", text]
    case .type(let name): ["--type", name]
    case .noTTL: ["--no-ttl"]
    case .ttlAbove(let milliseconds): ["--ttl-above", Units.text(milliseconds: milliseconds)]
    case .ttlBelow(let milliseconds): ["--ttl-below", Units.text(milliseconds: milliseconds)]
    case .idleAbove(let milliseconds): ["--idle-above", Units.text(milliseconds: milliseconds)]
    case .schema(let text): ["--schema", text]
    case .dump(let path): ["--rdb", path]
    case .allDatabases: ["--all-dbs"]
    case .database(let number): ["--db", String(number)]
    case .readFrom(let replica): ["--read-from", replica ? "replica" : "primary"]
    case .grouping(let grouping): ["--by", grouping.name]
    case .list: ["--list"]
    case .biggest(let count): ["--big", String(count)]
    case .mostMemoryFirst: ["--sort", "memory"]
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

extension ReportWording {
  /// The words of the tests.
  static let test = ReportWording(everyKey: "", everyRemark: "", spell: \.line)

  /// An advice, as a program would word it.
  static func advice(_ advice: ReportAdvice) -> String {
    switch advice {
    case .chooseDatabase: "--db N takes those of database N"
    case .holdMoreGroups: "--max-groups holds more"
    case .listBiggestKeys: "--big 10 finds them"
    case .measureWholeCollections: "--samples 0 measures them whole"
    case .readEveryDatabase: "--all-dbs takes them"
    case .meanThisNode: "--node-only says that it is meant alone"
    }
  }
}
