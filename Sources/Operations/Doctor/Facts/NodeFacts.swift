import Quantities
import RedisClient
import Reporting

/// What is known of one server: a value that rules look at.
struct NodeFacts {
  /// Where the server was reached, as reports name it.
  let address: String
  /// INFO, at the second reading.
  let info: ServerInfo
  /// INFO at the first reading, a moment before; nil where it was another process, or there is none.
  var before: ServerInfo?
  /// The seconds between both.
  var seconds = 1.0
  /// INFO commandstats at both readings.
  var commandStats: (before: ServerInfo, now: ServerInfo)?
  /// Hits, misses and their like, and the gauges, as `stats` shows them.
  var figures: StatsReport.Figures
  /// What commands other than INFO say.
  var answers = NodeQuestions.Answers(lacking: .skipped("it was not asked for"))

  init(address: String, info: ServerInfo, figures: StatsReport.Figures) {
    self.address = address
    self.info = info
    self.figures = figures
  }
}

extension NodeFacts {
  /// The amount that a field of INFO holds.
  func amount(_ field: String) throws(FactGap) -> Int {
    guard let amount = info.amount(field) else { throw .unavailable("INFO does not tell \(field)") }
    return amount
  }

  /// The decimal number that a field of INFO holds.
  func decimal(_ field: String) throws(FactGap) -> Double {
    guard let number = info.decimal(field) else { throw .unavailable("INFO does not tell \(field)") }
    return number
  }

  /// The word that a field of INFO holds.
  func word(_ field: String) throws(FactGap) -> String {
    guard let word = info.fields[field] else { throw .unavailable("INFO does not tell \(field)") }
    return word
  }

  /// A figure that `stats` shows too.
  func known<Value>(_ value: Value?, _ field: String) throws(FactGap) -> Value {
    guard let value else { throw .unavailable("INFO does not tell \(field)") }
    return value
  }

  /// How much a counter of INFO has grown between the two readings.
  func growth(_ field: String) throws(FactGap) -> Int {
    let now = try amount(field)
    guard let then = before?.amount(field), then <= now else {
      throw .early("there are no two readings of one process to compare")
    }
    return now - then
  }

  /// A setting.
  func setting(_ name: String) throws(FactGap) -> String {
    guard let value = try answers.settings.get()[name] else {
      throw .unavailable("the server has no setting \(name)")
    }
    return value
  }

  /// Sees that the server has run for long enough to be judged by what is usual.
  func mustHaveRun(_ seconds: Double) throws(FactGap) {
    let uptime = Double(try amount("uptime_in_seconds"))
    guard uptime >= seconds else {
      throw .early(
        "the server has run for \(NumberText.duration(uptime)), and is judged from \(NumberText.duration(seconds)) on"
      )
    }
  }

  /// Keys in all databases, and those that have a TTL.
  func keys() throws(FactGap) -> (all: Int, expiring: Int) {
    let all = try known(figures.gauges.keys, "keyspace")
    return (all, try known(figures.gauges.keysWithTTL, "keyspace"))
  }

  /// True where most keys have a TTL, as in a cache.
  func isCache() throws(FactGap) -> Bool {
    let keys = try keys()
    return keys.all >= 100 && 2 * keys.expiring >= keys.all
  }
}
