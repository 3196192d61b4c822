import Bytes
import Keyspace
import RDBFormat
import Reporting
import SeedFormat

/// Lifts the values of chosen keys out of dumps, and hands them over as seed lines.
struct DumpExporter {
  private let request: ExportRequest
  private let sink: ([UInt8]) -> Bool
  private var chooser: KeyChooser
  private var line: [UInt8] = []
  private(set) var written = 0
  /// Keys whose time was over.
  private(set) var expired = 0
  /// True where the sink takes no more.
  private(set) var isRefused = false

  /// Keys that fit none of the schemas.
  var strangers: Int { chooser.strangers }

  init(_ request: ExportRequest, chooser: KeyChooser, sink: @escaping ([UInt8]) -> Bool) {
    self.request = request
    self.chooser = chooser
    self.sink = sink
  }

  /// Exports the chosen keys of one dump.
  mutating func export(_ stream: DumpStream, _ walk: inout DumpWalk) throws(DumpFailure) {
    guard let version = stream.facts.version else { return }
    stream.announcesKeys = true
    let clock = walk.clock(of: stream)
    while !isRefused, let item = try stream.next() {
      switch item {
      case .key:
        let entry = stream.reader.entry
        chooser.begin(database: entry.key.database)
        if walk.dump.admits(database: entry.key.database), mayAdmit(entry.key.type),
          chooser.admits(entry.key.name.span)
        {
          stream.keepPayload()
        }
      case .entry:
        try walk.pause()
        let entry = stream.reader.entry
        guard walk.admits(entry), let payload = entry.sealedPayload(version) else { continue }
        guard case .measured(let measure) = walk.outcome(of: entry, [], clock) else {
          expired += 1
          continue
        }
        if admits(measure) { put(entry.key.name, payload, measure) }
      default: continue
      }
    }
  }

  /// False where a type is not the one asked for; which module's a value is shows later.
  private func mayAdmit(_ type: RDBType) -> Bool {
    guard let wanted = request.walk.selection.type else { return true }
    return type == .module || type.rawValue == wanted
  }

  private func admits(_ measure: KeyMeasure) -> Bool {
    request.walk.selection.admits(measure) && request.admits(ttl: measure.ttlMilliseconds)
  }

  private mutating func put(_ key: [UInt8], _ payload: [UInt8], _ measure: KeyMeasure) {
    let ttl = measure.ttlMilliseconds ?? -1
    let record = SeedRecord(
      key: key, value: .dump(payload), expiry: ttl < 0 ? .never : SeedExpiry(left: ttl))
    line.removeAll(keepingCapacity: line.capacity < 1 << 20)
    SeedWriter.append(record, to: &line)
    isRefused = !sink(line)
    if !isRefused { written += 1 }
  }
}
