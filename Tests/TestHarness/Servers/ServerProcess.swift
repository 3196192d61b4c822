import Foundation
import TestSupport

/// One run of a server program in a prepared folder.
struct ServerProcess: Sendable {
  static let configurationName = "redis.conf"
  static let socketName = "redis.sock"
  private static let logName = "server.log"

  let child: ChildProcess
  private let watch: ParentWatch

  /// Starts the program and waits at most 10 seconds until it answers.
  init(_ options: RedisServer.Options, in storage: TemporaryFolder) throws {
    var launch = Launch(
      executable: options.executable,
      arguments: [storage.file(Self.configurationName)] + options.arguments)
    let log = Launch.Stream.file(storage.file(Self.logName), flags: O_WRONLY | O_CREAT | O_APPEND)
    launch.output = log
    launch.errors = log
    child = try ChildProcess(launch)
    do {
      watch = try ParentWatch(pid: child.pid, folder: storage.path)
    } catch {
      child.kill9()
      throw error
    }
    do {
      try waitForAnswer(options, storage)
    } catch {
      end(gently: false)
      throw error
    }
  }

  /// Ends the program: where `gently` with SIGTERM and after two seconds with SIGKILL, otherwise with SIGKILL at once.
  func end(gently: Bool = true) {
    if gently, child.send(SIGTERM) {
      // A paused program takes SIGTERM only once it runs again.
      child.send(SIGCONT)
      _ = child.wait(until: .now + .seconds(2))
    }
    if child.ending() == nil { child.kill9() }
    watch.disarm()
  }

  static func logTail(_ storage: TemporaryFolder) -> String {
    let log = String(decoding: storage.read(logName) ?? [], as: UTF8.self)
    return log.split(separator: "\n").suffix(40).joined(separator: "\n")
  }

  private func waitForAnswer(_ options: RedisServer.Options, _ storage: TemporaryFolder) throws {
    let deadline = ContinuousClock.now + Wait.limit
    while !Self.answers(storage.file(Self.socketName), acceptsLoading: options.acceptsLoading) {
      let problem =
        if let ending = child.ending() {
          "ended with \(ending.status.map { "status \($0)" } ?? "signal \(ending.signal ?? 0)")"
        } else if ContinuousClock.now >= deadline {
          "did not answer within \(Wait.limit)"
        } else {
          nil as String?
        }
      if let problem {
        throw HarnessFailure("\(options.executable) \(problem); its log ends:\n\(Self.logTail(storage))")
      }
      usleep(5_000)
    }
  }

  /// Any reply counts, errors too: the server may want a password or have PING renamed.
  private static func answers(_ socketPath: String, acceptsLoading: Bool) -> Bool {
    guard let connection = try? RawConnection(to: .unix(socketPath)),
      let reply = try? connection.command("PING", timeout: .seconds(5))
    else { return false }
    return acceptsLoading || reply.errorText?.hasPrefix("LOADING") != true
  }
}
