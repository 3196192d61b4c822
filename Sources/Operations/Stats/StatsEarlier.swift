/// An earlier reading of a server, with what was noted of it since.
struct StatsEarlier: Sendable {
  /// Where the server was reached.
  var address: String
  var sample: StatsSample
  /// Commands of the tool's own that the server had counted by then; nil where the counting began anew.
  var ownCommands: Int?
  /// Lookups of inspecting commands since.
  var lookups = StatsLookups()

  /// A reading that the next one is compared with.
  init(_ reading: StatsReading) {
    self.init(address: reading.address, sample: reading.sample, ownCommands: reading.ownCommands)
  }

  init(address: String, sample: StatsSample, ownCommands: Int? = nil, lookups: StatsLookups = StatsLookups())
  {
    self.address = address
    self.sample = sample
    self.ownCommands = ownCommands
    self.lookups = lookups
  }

  /// True if a later reading is of the same process, or at least from the same address.
  func isComparable(with later: StatsReading) -> Bool {
    address == later.address || sample.runID != nil && sample.runID == later.sample.runID
  }
}
