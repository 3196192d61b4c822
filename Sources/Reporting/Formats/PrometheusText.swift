/// Builds a text in Prometheus' exposition format, version 0.0.4.
///
/// For node_exporter's textfile collector: no timestamps, which it refuses.
struct PrometheusText {
  private(set) var bytes: [UInt8] = []
  /// The labels that every sample has.
  let labels: [(String, String)]

  /// Begins a text whose samples all have some labels, which keep files of several targets apart.
  init(labels: [(String, String)]) { self.labels = labels }

  /// Adds whether a command has reached its target. Its name is the same for all commands, and so is its help.
  mutating func addUp(_ isUp: Bool, command: String) {
    declare("rediscache_up", "1 where the target could be read, 0 where not.", type: "gauge")
    sample("rediscache_up", [("command", command)], isUp ? 1 : 0)
  }

  /// Begins a metric with its help and type.
  mutating func declare(_ name: String, _ help: String, type: String) {
    bytes += Array("# HELP \(name) \(help)\n# TYPE \(name) \(type)\n".utf8)
  }

  /// Adds a sample; labels with an empty value are left out, which means the same.
  mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
    let shown = (self.labels + labels).filter { !$0.1.isEmpty }.map {
      "\($0.0)=\"\(PrometheusText.escaped($0.1))\""
    }
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

/// What metrics say of a target that could not be read.
package struct PrometheusFailure: Sendable {
  private let target: String
  private let database: Int?

  /// A target by its profile's name or its place, and the database that was meant; nil for all of them.
  package init(target: String, database: Int?) {
    self.target = target
    self.database = database
  }

  var labels: [(String, String)] { [("target", target), ("db", database.map { String($0) } ?? "all")] }

  /// The text for a command: only that the target is not up.
  package func bytes(command: String) -> [UInt8] {
    var text = PrometheusText(labels: labels)
    text.addUp(false, command: command)
    return text.bytes
  }
}
