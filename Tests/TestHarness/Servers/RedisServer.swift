import Foundation
import Synchronization
import TestSupport

/// A real server, started for a test in a temporary folder of its own.
///
/// It ends, and its folder goes, with ``stop()``, with the last reference to it, or with the test process.
package final class RedisServer: Sendable {
  /// How the server was set up.
  package let options: Options
  /// The path of its unix socket.
  package let socketPath: String
  /// Its plain TCP port on 127.0.0.1; 0 when it has none.
  package let port: Int
  /// Its TLS port on 127.0.0.1; 0 when it has none.
  package let tlsPort: Int

  private let storage: TemporaryFolder
  private let process: Mutex<ServerProcess?>

  /// Starts a server and waits until it answers.
  ///
  /// Throws ``MissingTool`` when the program is not installed, and ``HarnessFailure`` with the end of the log when
  /// the server does not answer within 10 seconds.
  package init(_ options: Options = Options()) throws {
    let storage = try TemporaryFolder()
    for (name, bytes) in options.files { try storage.write(name, bytes) }
    let started = try Self.start(options, in: storage)
    self.options = options
    self.storage = storage
    socketPath = storage.file(ServerProcess.socketName)
    port = started.port
    tlsPort = started.tlsPort
    process = Mutex(started.process)
  }

  /// Starts a server with more configuration lines and waits until it answers.
  package convenience init(configuration: [String]) throws {
    try self.init(Options(configuration: configuration))
  }

  deinit {
    stop()
  }

  /// Starts a server, hands it to `body`, and stops it however `body` ends.
  package static func with<T>(_ options: Options = Options(), _ body: (RedisServer) throws -> T) throws -> T {
    let server = try RedisServer(options)
    defer { server.stop() }
    return try body(server)
  }

  /// Starts a server, hands it to `body`, and stops it however `body` ends.
  package static func with<T>(
    _ options: Options = Options(), isolation: isolated (any Actor)? = #isolation,
    _ body: (RedisServer) async throws -> T
  ) async throws -> T {
    let server = try RedisServer(options)
    defer { server.stop() }
    return try await body(server)
  }

  /// The folder with its configuration, its log and its data.
  package var folder: String { storage.path }

  /// The unix socket as a Redis URI.
  package var uri: String { Address.unix(socketPath).description }

  /// The process id; 0 when it does not run.
  package var pid: Int32 { process.withLock { $0?.child.pid ?? 0 } }

  /// Whether the process has not ended; a paused server runs.
  package var isRunning: Bool { process.withLock { $0 != nil && $0?.child.ending() == nil } }

  /// The last 40 lines of its log.
  package var logTail: String { ServerProcess.logTail(storage) }

  /// Ends the server (SIGTERM, after 2 seconds SIGKILL) and removes its folder; harmless when repeated.
  package func stop() {
    process.withLock { $0.take() }?.end()
    storage.remove()
  }

  /// Ends the server at once as a crash does; its folder stays for ``restart()``.
  package func crash() {
    process.withLock { $0.take() }?.end(gently: false)
  }

  /// Starts the server again with the same folder, configuration and ports, after ending it where it runs.
  package func restart() throws {
    crash()
    let again = try ServerProcess(options, in: storage)
    process.withLock { $0 = again }
  }

  /// Stops the server in its tracks (SIGSTOP): connections stay open, nothing is answered.
  package func pause() {
    _ = process.withLock { $0?.child.send(SIGSTOP) }
  }

  /// Lets a paused server run on (SIGCONT).
  package func resume() {
    _ = process.withLock { $0?.child.send(SIGCONT) }
  }

  /// A free TCP port on 127.0.0.1, for configurations that name one; at most 31999, so that the cluster bus port,
  /// which is 10000 above, is a valid one.
  package static func freePort() throws -> Int {
    try Socket.freePort()
  }

  /// Tries three times, as another process may take a port between finding it free and using it.
  private static func start(
    _ options: Options, in storage: TemporaryFolder
  ) throws -> (process: ServerProcess, port: Int, tlsPort: Int) {
    var attempt = 1
    while true {
      let port = options.tcp ? try Socket.freePort() : 0
      let tlsPort = options.tls == nil ? 0 : try Socket.freePort()
      let text = options.file(
        folder: storage.path, socket: storage.file(ServerProcess.socketName), port: port, tlsPort: tlsPort)
      try storage.write(ServerProcess.configurationName, text.utf8)
      do {
        return (try ServerProcess(options, in: storage), port, tlsPort)
      } catch let failure as HarnessFailure {
        let isPortTaken = failure.description.contains("Address already in use")
        guard isPortTaken, attempt < 3 else { throw failure }
        attempt += 1
      }
    }
  }
}
