import Bytes
import Operations
import Quantities
import Reporting

extension SuggestedOption {
  /// The option as it is typed: its name and its value, a name alone, or an argument.
  var words: [String] {
    switch self {
    case .given(let words), .serverCommand(let words): return words
    case .node(let address): return SuggestedOption.place(address)
    default: break
    }
    return (name.map { [$0.word] } ?? []) + (value.map { [$0] } ?? [])
  }

  /// How the server's own client is led to an address: `host:port`, or the path of a socket.
  private static func place(_ address: String) -> [String] {
    guard !address.hasPrefix("/"), let colon = address.lastIndex(of: ":") else { return ["-s", address] }
    let host = address[..<colon].filter { $0 != "[" && $0 != "]" }
    return ["-h", String(host), "-p", String(address[address.index(after: colon)...])]
  }

  /// The option's line in the table; nil for an argument.
  var name: OptionName? {
    switch self {
    case .given(let words): words.first.flatMap { OptionName(word: $0) }
    case .serverCommand, .node: nil
    case .namespace: .namespace
    case .template: .template
    case .segment: .segment
    case .expiresAfter: .expiresAfter
    case .expiresBefore: .expiresBefore
    case .keyVersion: .keyVersion
    case .type: .type
    case .noTTL: .noTTL
    case .ttlAbove: .ttlAbove
    case .ttlBelow: .ttlBelow
    case .idleAbove: .idleAbove
    case .schema: .schema
    case .allDatabases: .allDatabases
    case .database: .db
    case .readFrom: .readFrom
    case .dump: .rdb
    case .grouping: .by
    case .list: .list
    case .biggest: .big
    case .mostMemoryFirst: .sort
    case .top: .top
    case .interval: .interval
    case .watch: .watch
    case .dryRun: .dryRun
    case .expireWithin: .expireWithin
    case .expect: .expect
    case .yes: .yes
    }
  }

  private var value: String? {
    switch self {
    case .given(let words): words.dropFirst().first
    case .namespace(let text), .template(let text), .keyVersion(let text), .type(let text), .schema(let text),
      .dump(let text):
      text
    case .segment(let number, let text): "\(number)=\(text)"
    case .ttlAbove(let milliseconds), .ttlBelow(let milliseconds), .idleAbove(let milliseconds),
      .interval(let milliseconds), .expireWithin(let milliseconds):
      Units.text(milliseconds: milliseconds)
    case .expiresAfter(let milliseconds), .expiresBefore(let milliseconds): Moment.text(milliseconds)
    case .readFrom(let replica): (replica ? ReadFrom.replica : .primary).rawValue
    case .grouping(let grouping): grouping.name
    case .mostMemoryFirst: ScanRequest.Order.memory.rawValue
    case .biggest(let count), .top(let count), .expect(let count), .database(let count): String(count)
    case .noTTL, .allDatabases, .list, .watch, .dryRun, .yes, .node, .serverCommand: nil
    }
  }
}

extension [SuggestedOption] {
  /// Those of some options that have a value, as typed.
  static func given(_ values: [(name: OptionName, value: String?)]) -> [SuggestedOption] {
    values.flatMap { given($0.name, $0.value) }
  }

  /// An option with its value as typed, where one was given.
  static func given(_ name: OptionName, _ value: String?) -> [SuggestedOption] {
    value.map { [.given([name.word, $0])] } ?? []
  }

  /// An option without a value, where it was given.
  static func given(_ name: OptionName, if isGiven: Bool) -> [SuggestedOption] {
    isGiven ? [.given([name.word])] : []
  }

  /// Those that are repeated or compared; arguments always are.
  func needed(for use: OptionUse) -> [SuggestedOption] {
    filter { $0.name.map { use.takes($0.role) } ?? true }
  }

  /// The words of those that are compared.
  func words(for use: OptionUse) -> [String] { needed(for: use).flatMap(\.words) }
}

extension SuggestedCommand {
  /// The command as a line for a shell.
  var line: String { line(client: ["redis-cli"]) }

  /// The same, where commands of the server's own are typed with another client or further options.
  func line(client: [String]) -> String {
    KeyText.commandLine(verb == .server ? client : ["rediscache", verb.rawValue], options.map(\.words))
  }
}

extension ReportWording {
  /// The words of this program.
  static let ofOptions = ReportWording(
    everyKey: "\(OptionName.exact.word) measures every key.",
    everyRemark: "\(OptionName.json.word) has them all", spell: { $0.line })

  /// The same words, with another client of the server's own.
  static func ofOptions(client: [String]) -> ReportWording {
    ReportWording(everyKey: ofOptions.everyKey, everyRemark: ofOptions.everyRemark) {
      $0.line(client: client)
    }
  }
}

extension ReportAdvice {
  /// The advice in words, with its option.
  var text: String {
    switch self {
    case .holdMoreGroups: "\(OptionName.maxGroups.word) holds more"
    case .listBiggestKeys: "\(OptionName.big.word) 10 finds them"
    case .measureWholeCollections: "\(OptionName.samples.word) 0 measures them whole"
    case .readEveryDatabase: "\(OptionName.allDatabases.word) takes them"
    case .chooseDatabase: "\(OptionName.db.word) N takes those of database N"
    case .meanThisNode: "\(OptionName.nodeOnly.word) says that it is meant alone"
    }
  }
}

extension MentionedOption {
  /// The option as it is typed.
  var spelled: String {
    switch self {
    case .keyLimit: OptionName.maxKeys.word
    case .expectedCount: OptionName.expect.word
    case .evictionStop: OptionName.stopOnEviction.word
    case .allDatabases: OptionName.allDatabases.word
    case .envelope: OptionName.envelope.word
    case .dump: OptionName.dump.word
    case .notifications: OptionName.enableNotifications.word
    }
  }
}
