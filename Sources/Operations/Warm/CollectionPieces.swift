import RedisClient
import SeedFormat

/// The commands, without the key, that fill a collection: each a command's name and its elements.
struct CollectionPieces {
  private(set) var commands: [[[UInt8]]] = []
  private var bytes = 0
  private var isStream = false

  /// True where all of it is little enough to hold the server for.
  var fitsTransaction: Bool {
    commands.count == 1
      || isStream && commands.count <= RecordEncoder.piece / 4 && bytes < RecordEncoder.pieceBytes
  }

  init(_ value: SeedValue) {
    switch value {
    case .string, .dump: break
    case .hash(let fields):
      for field in fields { add([field.field, field.value], to: CommandWord.addToHash) }
    case .list(let elements): for element in elements { add([element], to: CommandWord.addToList) }
    case .set(let members): for member in members { add([member], to: CommandWord.addToSet) }
    case .sortedSet(let members):
      for member in members { add([member.score, member.member], to: CommandWord.addToSortedSet) }
    case .stream(let entries):
      // Each entry is a command of its own.
      isStream = true
      for entry in entries {
        commands.append([CommandWord.addToStream, entry.id] + entry.fields.flatMap { [$0.field, $0.value] })
        bytes += entry.fields.reduce(0) { $0 + $1.field.count + $1.value.count }
      }
    }
  }

  private mutating func add(_ words: [[UInt8]], to command: [UInt8]) {
    let isFull =
      commands.last.map { $0.count >= RecordEncoder.piece || bytes >= RecordEncoder.pieceBytes } ?? true
    if isFull {
      commands.append([command])
      bytes = 0
    }
    commands[commands.count - 1] += words
    bytes += words.reduce(0) { $0 + $1.count }
  }
}
