import Foundation
import TestHarness
import Testing

/// `-o FILE`: written whole or not at all, and never where it was not meant.
@Suite(.overlapping) struct OutputFileTests {
  private static func with(_ body: (RedisServer, TemporaryFolder) throws -> Void) throws {
    let folder = try TemporaryFolder()
    try RedisServer.with { server in
      try server.populate(50, prefix: "app:v1:", ttl: 900)
      try body(server, folder)
    }
  }

  private func names(_ folder: TemporaryFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  @Test("a new file and an old one are private and whole", arguments: [false, true])
  func regular(exists: Bool) throws {
    try Self.with { server, folder in
      if exists { try folder.write("report.json", Array(repeating: 0x78, count: 100_000)) }
      let file = folder.file("report.json")
      let result = try Rediscache.scan(server, ["--json", "-o", file])
      #expect(result.status == 0 && result.stdout.isEmpty, "\(result)")
      let content = try #require(folder.read("report.json"))
      #expect(try JSONSerialization.jsonObject(with: Data(content)) is [String: Any])
      #expect(try mode(file) == 0o600)
      #expect(try names(folder) == ["report.json"])
    }
  }

  @Test("a table in a file has no colours and is not cut") func tableInFile() throws {
    try Self.with { server, folder in
      let place = ["-o", folder.file("table")]
      let result = try Rediscache.scanOnTerminal(server, place, environment: ["COLUMNS": "40"])
      #expect(result.status == 0 && !result.text.contains("NAMESPACE"))
      let text = String(decoding: try #require(folder.read("table")), as: UTF8.self)
      #expect(text.contains("AVG") && !text.contains("\u{1B}"))
    }
  }

  @Test("a relative path is taken from the working directory") func relative() throws {
    try Self.with { server, folder in
      var command = Rediscache.command(["scan", "-s", server.socketPath, "--list", "-o", "keys"])
      command.directory = folder.path
      let result = try command.run()
      #expect(result.status == 0, "\(result)")
      #expect(folder.read("keys")?.split(separator: 0x0A).count == 50)
    }
  }

  @Test("symbolic links and folders are refused and stay as they are") func refused() throws {
    try Self.with { server, folder in
      let target = try folder.write("target", "untouched".utf8)
      let link = folder.file("link")
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
      let dangling = folder.file("dangling")
      try FileManager.default.createSymbolicLink(
        atPath: dangling, withDestinationPath: folder.file("nowhere"))
      let rows = [
        (link, "symbolic link"), (dangling, "symbolic link"), (folder.path, "directory"),
        (folder.file("missing/report"), "No such file"), ("/proc/report", "No such file"),
        (target + "/report", "Not a dir"),
      ]
      for (path, reason) in rows {
        for form in ["--json", "--list"] {
          let result = try Rediscache.scan(server, [form, "-o", path])
          #expect(result.status == 73 && result.errorText.contains(reason), "\(path): \(result)")
          #expect(result.stdout.isEmpty)
        }
      }
      #expect(folder.read("target") == Array("untouched".utf8))
      #expect(try names(folder) == ["dangling", "link", "target"])
    }
  }

  @Test("what is refused is refused before the server is asked") func refusedEarly() throws {
    let server = try ScriptedServer.silent()
    #expect(try Rediscache.run(["scan", "-s", server.socketPath, "-o", "/proc"]).status == 73)
    #expect(server.connections == 0)
  }

  @Test(
    "a folder that may not be written to is refused", .enabled(if: geteuid() != 0, "root may write anywhere"))
  func unwritableFolder() throws {
    try Self.with { server, folder in
      try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path)
      defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path) }
      let result = try Rediscache.scan(server, ["-o", folder.file("report")])
      #expect(result.status == 73 && result.errorText.contains("Permission denied"), "\(result)")
    }
  }

  @Test("a run that fails keeps the old file", arguments: ["--json", "--list"]) func failure(_ form: String)
    throws
  {
    let folder = try TemporaryFolder()
    let file = try folder.write("report", "the old one".utf8)
    let result = try Rediscache.run(["scan", "-s", folder.file("no.sock"), form, "-o", file])
    #expect(result.status == 69)
    #expect(folder.read("report") == Array("the old one".utf8))
    #expect(try names(folder) == ["report"])
  }

  @Test("devices are written to as they are") func devices() throws {
    try Self.with { server, _ in
      let standard = try Rediscache.scan(server, ["--json", "-o", "/dev/stdout"])
      #expect(standard.status == 0)
      #expect(try standard.json()["complete"] as? Bool == true)
      let null = try Rediscache.scan(server, ["--json", "-o", "/dev/null"])
      #expect(null.status == 0 && null.stdout.isEmpty)
      #expect(FileManager.default.fileExists(atPath: "/dev/null"))
    }
  }

  @Test(
    "a full disk is told, with the place",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full here"),
    arguments: ["--json", "--list"])
  func fullDisk(_ form: String) throws {
    try Self.with { server, _ in
      let result = try Rediscache.scan(server, [form, "-o", "/dev/full"])
      #expect(result.status == 73 && result.errorText.contains("/dev/full: No space left"), "\(result)")
    }
  }

  private static func shell(_ script: String, _ more: [String] = []) throws -> Command.Result {
    try Command(
      "/bin/bash", ["-c", script, Rediscache.executable] + more, environment: Rediscache.environment()
    )
    .run()
  }

  @Test(
    "help that cannot be written is no success",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full here"),
    arguments: [
      "help exit-codes", "--version", "--help", "", "scan --help", "--generate-completion-script bash",
    ])
  func helpOnAFullDisk(_ words: String) throws {
    let result = try Self.shell("\"$0\" \(words) > /dev/full")
    #expect(result.status == 73 && result.errorText.contains("No space left"), "\(result)")
    // Who reads the beginning has seen enough.
    let read = try Self.shell("\"$0\" \(words) | head -c 1; exit ${PIPESTATUS[0]}")
    #expect(read.status == 0 && read.stderr.isEmpty && read.stdout.count == 1, "\(read)")
  }

  @Test("a check whose line is not read is UNKNOWN, or as bad as it was judged", arguments: [false, true])
  func unreadCheck(isBad: Bool) throws {
    try RedisServer.with { server in
      let script =
        "\"$0\" stats -s \"$1\" --format nagios --warning 'keys > 100' --critical \"$2\" | true; exit ${PIPESTATUS[0]}"
      let result = try Self.shell(script, [server.socketPath, isBad ? "keys >= 0" : "keys > 100"])
      #expect(result.status == (isBad ? 2 : 3), "\(result)")
    }
  }
}
