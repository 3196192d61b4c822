import TestHarness
import Testing

/// How the tool comes by its arguments.
@Suite(.overlapping) struct ArgumentsTests {
  /// Runs a command where /proc is not mounted.
  private static func runWithoutProc(_ command: [String]) throws -> Command.Result {
    let script = #"umount -l /proc && test ! -e /proc/self && exec "$@""#
    let words = ["--mount", "--propagation", "private", "sh", "-c", script, "sh"] + command
    return try Command("/usr/bin/unshare", words, environment: Rediscache.environment()).run()
  }

  private static let canHideProc = (try? runWithoutProc(["true"]).status) == 0

  @Test(
    "arguments need no /proc", .enabled(if: canHideProc, "needs the right to unmount /proc for one process"))
  func withoutProc() throws {
    let version = try Self.runWithoutProc([Rediscache.executable, "--version"])
    #expect(version.status == 0 && version.text == "0.1.0\n", "\(version)")
    let help = try Self.runWithoutProc([Rediscache.executable, "scan", "--help"])
    #expect(help.status == 0 && help.text.contains("USAGE: rediscache scan"), "\(help)")
    let unknown = try Self.runWithoutProc([Rediscache.executable, "skan"])
    #expect(unknown.status == 64 && unknown.errorText.contains("scan"), "\(unknown)")
    let option = try Self.runWithoutProc([Rediscache.executable, "scan", "--nonsense"])
    #expect(option.status == 64 && option.errorText.contains("--nonsense"), "\(option)")
  }
}
