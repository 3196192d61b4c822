import RedisClient
import Synchronization

/// The bound on the whole run, which also ends waits for files.
enum RunLimit {
  private static let end = Mutex(Deadline.never)

  /// The time that the reader of an output has to take something once the run must end, before it is given up.
  private static let grace = Duration.seconds(2)

  /// Begins the time of the run, unless it has begun: an option goes before the profile that it names.
  static func begin(_ duration: Duration?) {
    guard let duration else { return }
    end.withLock { if $0 == .never { $0 = Deadline(after: duration) } }
  }

  /// The moment at which the run ends.
  static var deadline: Deadline { end.withLock { $0 } }

  /// The bound on a wait for what is read.
  static var waits: WaitLimit { WaitLimit(deadline, Signals.interruption) }

  /// Waits until more can be written. A run that must end still has its report to write, so a reader that takes bytes keeps
  /// it going, and one that takes none ends it.
  static func waitToWrite(to descriptor: Descriptor) throws(WaitLimit.End) {
    do { try waits.wait(for: descriptor.number, output: true) } catch {
      let last = WaitLimit(Deadline(after: grace), .none)
      do { try last.wait(for: descriptor.number, output: true) } catch _ { throw error }
    }
  }
}
