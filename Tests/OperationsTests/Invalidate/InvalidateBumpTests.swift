import RedisClient
import Testing

@testable import Operations

/// Counting up a generation key.
struct InvalidateBumpTests {
  private static let key = utf8("app:generation")

  private func makeServer(_ value: String?) -> FakeServer {
    var key = FakeKey(Self.key)
    key.value = utf8(value ?? "")
    return FakeServer(value == nil ? [] : [key])
  }

  private func bump(
    _ server: FakeServer, isDryRun: Bool = false, confirm: Bool = true
  ) throws -> BumpOperation<FakeChannel>.Outcome {
    server.forgetLog()
    return try BumpOperation(key: Self.key, isDryRun: isDryRun, of: server.target(), context: .test)
      .run { _ in confirm }
  }

  @Test(arguments: [(nil, 1), ("1", 2), ("-1", 0), ("41", 42)] as [(String?, Int)])
  func theKeyIsCountedUp(value: String?, next: Int) throws {
    let server = makeServer(value)
    let outcome = try bump(server)
    #expect(outcome.report.from == value.flatMap { Int($0) } && outcome.report.to == next)
    #expect(server.living()[Self.key]?.value == utf8(String(next)))
    #expect(outcome.failure == nil && !outcome.isDeclined && outcome.report.header.isComplete)
  }

  @Test func aDryRunAndANoChangeNothing() throws {
    let server = makeServer("7")
    #expect(try bump(server, isDryRun: true).report.to == 8)
    let declined = try bump(server, confirm: false)
    #expect(declined.isDeclined && declined.report.to == 7 && !declined.report.header.isComplete)
    #expect(server.count("INCR") == 0 && server.living()[Self.key]?.value == utf8("7"))
  }

  @Test(arguments: ["", "x", "1.5", "9223372036854775807", "99999999999999999999"])
  func whatIsNoCounterIsNotCountedUp(value: String) {
    let server = makeServer(value)
    let error = #expect(throws: ClientError.self) { try bump(server) }
    #expect(error?.kind == .usage && server.count("INCR") == 0)
  }

  @Test(arguments: [
    "READONLY You can't write", "NOPERM no permissions to run the 'incr' command", "OOM full",
  ])
  func aRefusalIsThrown(error: String) {
    let server = makeServer("7")
    server.faults.error = { name, _ in name == "INCR" ? error : nil }
    #expect(throws: ClientError.self) { try bump(server) }
    #expect(server.living()[Self.key]?.value == utf8("7"))
  }

  @Test(arguments: 0..<12) func aLostAnswerLeavesItOpen(call: Int) throws {
    let server = makeServer("7")
    server.faults.breaksAtCall = call
    server.faults.carriedOut = 1
    let isChanged = { server.living()[Self.key]?.value == utf8("8") }
    do {
      let outcome = try bump(server)
      #expect(outcome.report.isUnknown == (outcome.failure != nil))
      #expect(outcome.report.to == (outcome.failure == nil ? 8 : nil) && isChanged())
      #expect(outcome.report.header.isComplete == (outcome.failure == nil))
    } catch {
      #expect((error as? ClientError)?.kind == .closed && !isChanged())
    }
    #expect(server.count("INCR") <= 1, "it is not tried again")
  }
}
