import Bytes
import Quantities

/// Everything about single keys.
package struct InspectReport: Sendable {
  /// Of whom, when, how complete.
  package var header: ReportHeader
  /// The keys, in the order in which they were asked for.
  package var keys: [InspectedKey]

  /// Makes a report.
  package init(header: ReportHeader, keys: [InspectedKey]) {
    self.header = header
    self.keys = keys
  }

  /// The report as one JSON object.
  package func json(_ wording: ReportWording) -> JSON {
    .object(header.members + [("keys", .array(keys.map { $0.json(wording) }))])
  }

  /// The report as text that fits `width` columns; nil fits any.
  package func table(width: Int?, style: Style, wording: ReportWording) -> String {
    header.targetText + "\n"
      + keys.map { "\n" + InspectedKeyText(key: $0, width: width, style: style, wording: wording).text }
      .joined()
  }
}

/// One key as lines of a label and a text.
private struct InspectedKeyText {
  let key: InspectedKey
  let width: Int?
  let style: Style
  let wording: ReportWording

  private static let labelWidth = 10

  var text: String {
    let name = style.bold(KeyText.display(key.key, maxWidth: room, style: style))
    switch key.state {
    case .absent:
      return line("key", name) + line("state", style.warning("absent: there is no such key")) + names
    case .forbidden:
      return line("key", name) + line("state", style.warning("this user may not read the key")) + names
    case .present: return line("key", name) + facts + names + tags + value + findings
    }
  }

  private var room: Int { max(20, (width ?? 120) - Self.labelWidth) }

  private func line(_ label: String, _ text: String) -> String {
    label + String(repeating: " ", count: max(1, Self.labelWidth - label.count)) + text + "\n"
  }

  private func line(_ label: String, parts: [String?]) -> String {
    let parts = parts.compactMap(\.self)
    return parts.isEmpty ? "" : line(label, parts.joined(separator: ", "))
  }

  private var facts: String {
    let type = key.type.map { KeyText.sanitized($0) }
    let encoding = key.encoding.map { " (\(KeyText.sanitized($0)))" } ?? ""
    return line("type", parts: [type.map { $0 + encoding }, key.lengthText])
      + line("memory", parts: [key.memoryBytes.map { NumberText.bytes($0) }])
      + line("ttl", parts: [ttl, key.expiresAt.map { "expires \(Timestamp(secondsSince1970: $0).text)" }])
      + line(
        "used",
        parts: [
          key.idleSeconds.map { "idle for \(NumberText.duration(Double($0)))" },
          key.frequency.map { "frequency \($0) of 255 (LFU counter)" },
        ])
      + line("place", parts: ["slot \(key.slot)", key.node.map { "node \(KeyText.sanitized($0))" }])
  }

  private var ttl: String? {
    key.ttlMilliseconds.map { $0 < 0 ? "never expires" : NumberText.duration(Double($0) / 1000) }
  }

  private var names: String {
    line(
      "name",
      parts: [
        key.namespace.map { "namespace \(KeyText.quoted($0))" } ?? "no namespace",
        key.version.map { "version \(KeyText.quoted($0))" }, key.role.map { "role \($0)" },
      ])
      + line(
        "template", parts: [key.template.map { KeyText.display($0, maxWidth: room, style: style) }])
  }

  private var tags: String {
    guard let tags = key.tags else { return "" }
    guard !tags.isEmpty else { return line("tags", "none names it") }
    return tags.prefix(20).enumerated().map { index, tag in
      line(index == 0 ? "tags" : "", KeyText.display(tag, maxWidth: room, style: style))
    }.joined() + (tags.count > 20 ? line("", "\(NumberText.count(tags.count - 20)) more") : "")
  }

  private var value: String {
    switch key.value {
    case nil: ""
    case .withheld(let reason)?: line("value", "not shown: \(reason)")
    case .text(let bytes)?:
      line("value", KeyText.display(bytes, maxWidth: room, style: style))
        + (key.length.map { $0 > bytes.count } ?? false
          ? line(
            "", "the first \(NumberText.count(bytes.count)) of \(NumberText.count(key.length ?? 0)) bytes")
          : "")
    case .elements(let elements)?:
      elements.enumerated().map { index, parts in
        line(index == 0 ? "value" : "", parts.map(shown(of: parts.count)).joined(separator: "  "))
      }.joined()
        + (key.length.map { $0 > elements.count } ?? false
          ? line("", "\(NumberText.count(elements.count)) of \(NumberText.count(key.length ?? 0))") : "")
    }
  }

  /// A part of an element, in its share of the line.
  private func shown(of count: Int) -> ([UInt8]) -> String {
    { KeyText.display($0, maxWidth: max(10, (room - 2 * (count - 1)) / max(1, count)), style: style) }
  }

  private var findings: String {
    key.findings.map { finding in
      let tone: Style.Tone = finding.severity == .critical ? .error : .warning
      return line("", style.apply(tone, to: finding.severity.rawValue.uppercased()) + "  " + finding.message)
        + (finding.command.map { line("", "  " + wording.spell($0)) } ?? "")
    }.joined()
  }
}
