import Bytes
import Keyspace
import Quantities
import Reporting

/// The findings of a scan that apply to one key.
struct KeyFindings {
  private let key: InspectedKey
  private let isReadBySchema: Bool

  /// `isReadBySchema` is false where schemas are given and none fits.
  init(_ key: InspectedKey, isReadBySchema: Bool) { (self.key, self.isReadBySchema) = (key, isReadBySchema) }

  /// All of them, the worst first.
  var all: [ReportFinding] {
    [size, endless, name, namespace, schema].compactMap(\.self).sorted { $0.severity > $1.severity }
  }

  private func finding(
    _ id: String, _ severity: Severity, _ message: String, _ figures: [(String, JSON)] = []
  )
    -> ReportFinding
  {
    ReportFinding(
      id: id, severity: severity, namespace: key.namespace, version: key.version, message: message,
      figures: figures, command: nil)
  }

  private var size: ReportFinding? {
    guard let bytes = key.memoryBytes, let severity = BigKeyRule.severity(ofBytes: bytes) else { return nil }
    return finding(
      "big-key", severity, "reading or deleting \(NumberText.bytes(bytes)) at once holds up every client",
      [("bytes", .int(bytes))])
  }

  private var endless: ReportFinding? {
    guard key.ttlMilliseconds == -1 else { return nil }
    let bytes = key.key
    guard let kind = NameTraits.kind(of: bytes.span) else {
      return finding("no-ttl", .warning, "it never expires")
    }
    return finding(
      "\(kind.rawValue)-without-ttl", .warning, "its name says \(kind.rawValue), and it never expires")
  }

  private var name: ReportFinding? {
    let bytes = key.key
    guard NameTraits.isUnbounded(bytes.span) else { return nil }
    return finding(
      "unbounded-key", .warning,
      "its name holds free text or more than 200 bytes: hash what users type before it becomes a name")
  }

  private var namespace: ReportFinding? {
    guard key.namespace == nil, isReadBySchema else { return nil }
    return finding("no-namespace", .info, "its name shows no namespace")
  }

  private var schema: ReportFinding? {
    isReadBySchema ? nil : finding("schema-mismatch", .warning, "its name fits no schema")
  }
}
