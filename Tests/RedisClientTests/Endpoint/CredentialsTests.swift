import Bytes
import Testing

@testable import Configuration
@testable import RedisClient

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite struct CredentialsTests {
  @Test func anEmptyUserIsTheDefaultUser() {
    #expect(Credentials(user: "", password: "pw") == Credentials(password: "pw"))
    #expect(Credentials(user: "bob", password: "pw").user == "bob")
    #expect(Credentials(password: "grün").password == Array("grün".utf8))
  }

  @Test func showsTheUserAndNothingElse() {
    let credentials = Credentials(user: "bob\u{1B}", password: "s3cr3t-canary")
    var dumped = ""
    dump(credentials, to: &dumped)
    for text in ["\(credentials)", String(reflecting: credentials), dumped] {
      #expect(text.contains("bob"))
      #expect(EndpointSecrecyTests.leaks(text) == nil)
    }
    #expect(credentials.description == "user \"bob\\x1b\"")
    #expect(Mirror(reflecting: credentials).children.map(\.label) == ["user"])
  }

  @Test(arguments: [
    ("secret", "secret"), ("secret\n", "secret"), ("secret\r\n", "secret"), ("secret\nmore\n", "secret"),
    (" se cret \n", " se cret "), ("se\rcret\r\n", "se\rcret"),
  ])
  func readsTheFirstLine(content: String, expected: String) throws {
    try withFile(Array(content.utf8)) { path in
      let read = try Credentials.passwordFile(path)
      #expect(read.password == Array(expected.utf8))
      #expect(read.warning == nil)
    }
  }

  @Test func keepsBytesThatAreNotText() throws {
    try withFile([0xFF, 0x00, 0x80, 0x0A]) { path in
      let password = try Credentials.passwordFile(path).password
      #expect(password == [0xFF, 0x00, 0x80])
    }
  }

  @Test(arguments: [
    (0o600, false), (0o400, false), (0o640, true), (0o604, true), (0o644, true), (0o620, true),
  ])
  func warnsAboutFilesOpenToOthers(mode: Int, warns: Bool) throws {
    try withFile(Array("s3cr3t-canary".utf8), mode: mode) { path in
      let warning = try Credentials.passwordFile(path).warning
      #expect((warning != nil) == warns)
      if let warning {
        #expect(warning.contains(String(mode, radix: 8)))
        #expect(EndpointSecrecyTests.leaks(warning) == nil)
      }
    }
  }

  @Test(arguments: [
    ("", "first line"), ("\n", "first line"), ("\r\nsecret", "first line"),
    (String(repeating: "x", count: 64 * 1024 + 1), "larger than 64 KiB"),
  ])
  func refusesFilesWithoutAPassword(content: String, says: String) throws {
    try withFile(Array(content.utf8)) { path in
      let error = try #require(throws: EndpointError.self) { try Credentials.passwordFile(path) }
      #expect(error.kind == .configuration)
      #expect(error.message.description.contains(says))
    }
  }

  @Test func readsUpToTheLimit() throws {
    try withFile([UInt8](repeating: UInt8(ascii: "x"), count: 64 * 1024)) { path in
      let password = try Credentials.passwordFile(path).password
      #expect(password.count == 64 * 1024)
    }
  }

  @Test(arguments: [
    ("/nonexistent/password", EndpointError.Kind.inputMissing), ("/tmp", .inputMissing),
    ("/dev/null/x", .inputMissing), ("/dev/zero", .configuration), ("/dev/null", .configuration),
    ("", .usage),
    ("/tmp\0/x", .usage),
  ])
  func namesWhatCannotBeRead(path: String, kind: EndpointError.Kind) throws {
    let error = try #require(throws: EndpointError.self) { try Credentials.passwordFile(path) }
    #expect(error.kind == kind)
    #expect(error.message.description.contains(KeyText.inQuotes(path, atMost: 80)))
  }

  private func withFile(_ content: [UInt8], mode: Int = 0o600, _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.path + "/password-\(UUID().uuidString)"
    let attributes: [FileAttributeKey: Any] = [.posixPermissions: mode]
    try #require(
      FileManager.default.createFile(atPath: path, contents: Data(content), attributes: attributes))
    // The umask may have narrowed the mode.
    try FileManager.default.setAttributes(attributes, ofItemAtPath: path)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }
}
