/// Writes metrics in Prometheus' text exposition format 0.0.4, for node_exporter's textfile collector.
///
/// Samples carry no timestamps: the collector refuses files that have any.
public struct StatsPrometheusText: Sendable {
  /// What a metric is.
  public enum Kind: String, Sendable {
    /// Only grows, until the server starts again.
    case counter
    /// Goes up and down.
    case gauge
  }

  /// One sample: its labels in order, and its value.
  public struct Sample: Sendable {
    let labels: [(name: String, value: String)]
    let value: Double

    /// Makes a sample.
    public init(_ labels: [(name: String, value: String)], _ value: Double) {
      self.labels = labels
      self.value = value
    }
  }

  private var text = ""

  /// No metrics yet.
  public init() {}

  /// The text so far.
  public var bytes: [UInt8] { Array(text.utf8) }

  /// Adds a metric with its HELP and TYPE lines; without samples nothing, because what the server does not
  /// tell is absent.
  public mutating func add(_ name: String, _ kind: Kind, help: String, _ samples: [Sample]) {
    guard !samples.isEmpty else { return }
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    for sample in samples {
      let labels = sample.labels.map { "\($0.name)=\"\(StatsPrometheusText.escaped($0.value))\"" }
      text += name + (labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}") + " "
      text += StatsPrometheusText.number(sample.value) + "\n"
    }
  }

  /// A label's value with backslash, quote and line end escaped; other controls have no escape and become `?`.
  private static func escaped(_ value: String) -> String {
    var result = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      case _ where scalar.isControlLike: result += "?"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
    return Int(exactly: value).map { String($0) } ?? value.description
  }
}
