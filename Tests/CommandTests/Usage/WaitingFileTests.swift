import Foundation
import TestHarness
import Testing

/// Files that keep their reader or writer waiting: pipes without another end, and pipes that bring or take nothing.
@Suite(.overlapping) struct WaitingFileTests {
  /// One place where a pipe may be in the way.
  struct Place: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The words of the command line, given the path of a pipe.
    let words: @Sendable (String) -> [String]
    /// True where the server is asked over TCP, as TLS needs it.
    var usesPort = false
    /// True where the pipe is standard input.
    var isInput = false
  }

  static let places = [
    Place(testDescription: "--keys-from FIFO") { ["invalidate", "--keys-from", $0, "--yes"] },
    Place(
      testDescription: "--keys-from -", words: { _ in ["invalidate", "--keys-from", "-", "--yes"] },
      isInput: true),
    Place(testDescription: "a seed") { ["warm", $0, "--yes"] },
    Place(
      testDescription: "a seed from standard input", words: { _ in ["warm", "-", "--yes"] }, isInput: true),
    Place(testDescription: "--password-file") { ["scan", "--password-file", $0] },
    Place(testDescription: "the configuration") { _ in ["scan", "-P", "prod"] },
    Place(testDescription: "--cacert", words: { ["scan", "--tls", "--cacert", $0] }, usesPort: true),
    Place(testDescription: "--rdb") { ["scan", "--rdb", $0] },
    Place(testDescription: "-o, which nobody reads") { ["scan", "-o", $0] },
    Place(testDescription: "a list to -o, which nobody reads") { ["scan", "--list", "-o", $0] },
  ]

  /// A folder whose `rediscache/config.toml` is a pipe.
  private static func folder() throws -> (folder: TemporaryFolder, pipe: String) {
    let folder = try TemporaryFolder()
    let inner = folder.file("rediscache")
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
    let pipe = inner + "/config.toml"
    #expect(mkfifo(pipe, 0o600) == 0)
    return (folder, pipe)
  }

  /// A run that waits for a pipe of its own.
  private struct Wait {
    let place: Place
    let folder: TemporaryFolder
    let running: RunningCommand
  }

  private static func start(
    _ place: Place, _ server: RedisServer, _ silent: ScriptedServer, _ more: [String] = []
  ) throws -> Wait {
    let (folder, pipe) = try Self.folder()
    let words = place.words(pipe)
    let hasServer = !words.contains("--rdb") && !words.contains("-P")
    let address = place.usesPort ? ["-p", "\(silent.port)"] : hasServer ? ["-s", server.socketPath] : []
    var command = Rediscache.command(
      words + address + more, environment: ["XDG_CONFIG_HOME": folder.path])
    if place.isInput { command.input = .open }
    return Wait(place: place, folder: folder, running: try command.start())
  }

  @Test("the first signal ends every wait for a file, and so does --max-runtime") func waits() throws {
    try RedisServer.with { server in
      try server.populate(3, prefix: "app:v1:")
      let silent = try ScriptedServer.silent(on: .loopback)
      let stopped = try Self.places.map { try Self.start($0, server, silent) }
      let late = try Self.places.map { try Self.start($0, server, silent, ["--max-runtime", "600ms"]) }
      // All of them wait at the same time; on a busy machine they need a while to begin.
      usleep(1_500_000)
      for wait in stopped {
        #expect(wait.running.isRunning, "\(wait.place)")
        wait.running.signal(SIGINT)
        let result = wait.running.wait(timeout: .seconds(15))
        #expect(result.status == 130, "\(wait.place): \(result)")
      }
      for wait in late {
        let result = wait.running.wait(timeout: .seconds(15))
        #expect(result.status == 75, "\(wait.place): \(result)")
        #expect(result.errorText.contains("time limit"), "\(wait.place): \(result)")
      }
      #expect(try server.size() == 3)
    }
  }

  /// A reader that takes nothing holds a list up; the report of a run that is stopped is given up after two seconds.
  @Test("a reader who takes nothing ends no later than two seconds after the first signal")
  func silentReader() throws {
    try RedisServer.with { server in
      try server.populate(20_000, prefix: "app:v1:a-name-that-fills-a-pipe:")
      let (folder, pipe) = try Self.folder()
      let reader = open(pipe, O_RDWR)
      defer {
        close(reader)
        folder.remove()
      }
      let running = try Rediscache.command(["scan", "-s", server.socketPath, "--list", "-o", pipe]).start()
      usleep(500_000)
      #expect(running.isRunning)
      let start = ContinuousClock.now
      running.signal(SIGTERM)
      let result = running.wait()
      #expect(result.status == 143 && ContinuousClock.now - start < .seconds(8), "\(result)")
    }
  }

  @Test("a pipe that is opened late is read and written whole") func latePipe() throws {
    try RedisServer.with { server in
      try server.populate(3, prefix: "app:v1:")
      let (folder, pipe) = try Self.folder()
      let removal = try Rediscache.command(
        ["invalidate", "-s", server.socketPath, "--keys-from", pipe, "--yes"]
      ).start()
      let list = folder.file("list")
      #expect(mkfifo(list, 0o600) == 0)
      let scan = try Rediscache.command(["scan", "-s", server.socketPath, "--json", "-o", list]).start()
      usleep(300_000)
      let reader = try #require(FileHandle(forReadingAtPath: list))
      let report = try #require(try reader.readToEnd())
      #expect(String(decoding: report, as: UTF8.self).hasSuffix("}\n") && scan.wait().status == 0)
      let writer = try #require(FileHandle(forWritingAtPath: pipe))
      for key in ["app:v1:0", "app:v1:1"] {
        try writer.write(contentsOf: Data("\(key)\n".utf8))
        usleep(50_000)
      }
      try writer.close()
      let result = removal.wait()
      #expect(try result.status == 0 && server.size() == 1, "\(result)")
    }
  }
}
