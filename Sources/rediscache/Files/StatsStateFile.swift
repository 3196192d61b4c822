import Bytes
import Operations
import RedisClient
import Reporting

/// The file of `stats --state`, held by one run at a time.
struct StatsStateFile {
  private let file: LockedFile

  /// Opens and locks the file, and makes it where there is none.
  init(_ path: String) throws { file = try LockedFile(path, .statsState) }

  /// The state in the file; nil where it is empty.
  func decoded() throws -> StatsState? {
    do {
      guard let bytes = try file.read() else { throw StatsState.Refusal.unreadable }
      return try StatsState.decode(bytes)
    } catch StatsState.Refusal.unreadable {
      throw StatsStateFile.failure(.unreadable, file.path, nil)
    }
  }

  /// Puts a new state in the file's place.
  func replace(with state: StatsState) throws {
    do { try file.replace(with: state.encoded) } catch { throw Failure(.cannotWrite, error.message) }
  }

  /// The failure for a state that cannot be used.
  static func failure(_ refusal: StatsState.Refusal, _ path: String, _ session: Session?) -> Failure {
    switch refusal {
    case .unreadable:
      return Failure(
        .badData, "\(KeyText.quoted(path)) is no state file of this tool",
        hints: ["name another file, or remove this one"])
    case .otherTarget(let address):
      let here = session.map { " and this is \($0.locator.description)" } ?? ""
      return Failure(
        .badData, "\(KeyText.quoted(path)) is the state of \(address)\(here)",
        hints: ["keep one state file for each server, or each cluster"])
    }
  }
}
