/// How a waiting connection learns that the user wants to stop.
///
/// The dispatcher's signal handler sets the flag and makes the descriptor readable, so that a signal that comes
/// between a check and poll(2) is not lost.
package struct Interruption: Sendable {
  /// A descriptor that becomes, and stays, readable when a stop is asked for; with -1 nothing wakes a blocked wait.
  package let descriptor: Int32
  /// Tells whether a stop has been asked for; must be true before `descriptor` becomes readable.
  package let isRequested: @Sendable () -> Bool
  /// How long the replies of a batch may still take once a stop is asked for.
  package var grace: Duration = .seconds(2)

  /// Makes an interruption from its wake-up descriptor and its flag.
  package init(descriptor: Int32, isRequested: @escaping @Sendable () -> Bool) {
    self.descriptor = descriptor
    self.isRequested = isRequested
  }

  /// For callers that are never interrupted.
  package static let none = Interruption(descriptor: -1) { false }

  /// Waits for a while, or until a stop is asked for.
  package func sleep(_ duration: Duration) { Polling.sleep(duration, self) }
}
