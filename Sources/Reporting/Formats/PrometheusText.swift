/// Builds a text in Prometheus' exposition format, version 0.0.4.
///
/// For node_exporter's textfile collector: no timestamps, which it refuses.
struct PrometheusText {
  private(set) var bytes: [UInt8] = []

  /// Begins a metric with its help and type.
  mutating func declare(_ name: String, _ help: String, type: String) {
    bytes += Array("# HELP \(name) \(help)\n# TYPE \(name) \(type)\n".utf8)
  }

  /// Adds a sample; labels with an empty value are left out, which means the same.
  mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
    let shown = labels.filter { !$0.1.isEmpty }.map { "\($0.0)=\"\(PrometheusText.escaped($0.1))\"" }
    let suffix = shown.isEmpty ? "" : "{" + shown.joined(separator: ",") + "}"
    bytes += Array("\(name)\(suffix) \(PrometheusText.number(value))\n".utf8)
  }

  /// A number without a needless fraction.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "+Inf" : "-Inf" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  }

  /// Label values escape the backslash, the quote and the line end, and nothing else.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
