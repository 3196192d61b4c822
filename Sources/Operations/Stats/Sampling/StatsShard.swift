import RedisClient

/// One shard, of which one server is read.
///
/// Invariant behind `@unchecked`: it belongs to one worker at a time; ``Transferred`` says why there is no lock.
final class StatsShard<Channel: CommandChannel>: @unchecked Sendable {
  typealias Place = (address: String, source: StatsSource<Channel>)

  let slots: SlotSet
  /// The servers that may be read, the best first.
  private let places: [Place]
  private var chosen = 0
  private(set) var reading: StatsReading?
  /// Why the one tried last could not be read.
  private(set) var fault: (address: String?, error: ClientError)?

  init(_ slots: SlotSet, _ places: [Place]) {
    self.slots = slots
    self.places = places
  }

  /// Connects to the first server that can be reached.
  func connect() {
    attempt { place throws(ClientError) in try place.source.connected() }
  }

  /// Takes a reading of the server that was connected, or of another one where that fails.
  func read(at localSeconds: Double) {
    attempt { place throws(ClientError) in self.reading = try place.source.read(at: localSeconds) }
  }

  private func attempt(_ step: (Place) throws(ClientError) -> Void) {
    while chosen < places.count {
      do throws(ClientError) { return try step(places[chosen]) } catch {
        fault = (places[chosen].address, error)
        chosen += 1
      }
    }
  }
}
