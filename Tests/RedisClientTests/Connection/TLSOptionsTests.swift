import Testing

@testable import RedisClient

@Suite struct TLSOptionsTests {
  // Files and folders that every system has.
  static let file = "/etc/passwd"
  static let folder = "/etc"

  @Test func acceptsWhatIsThere() throws {
    try TLSOptions().validate()
    try TLSOptions(
      caFile: Self.file, caDirectory: Self.folder, certificate: Self.file, key: Self.file,
      serverName: "cache.example.com"
    ).validate()
    try TLSOptions(serverName: "2001:db8::1", insecure: true).validate()
  }

  static let bad: [(TLSOptions, EndpointError.Kind, String)] = [
    (TLSOptions(certificate: file), .usage, "[certificate] is given without [key]"),
    (TLSOptions(key: file), .usage, "[key] is given without [certificate]"),
    (TLSOptions(serverName: ""), .usage, "server name"),
    (TLSOptions(serverName: "a b"), .usage, "server name"),
    (TLSOptions(caFile: "/nonexistent.pem"), .inputMissing, "[caFile]"),
    (TLSOptions(caFile: folder), .inputMissing, "a folder, not a file"),
    (TLSOptions(caDirectory: file), .inputMissing, "not a folder"),
    (TLSOptions(caDirectory: "/nonexistent"), .inputMissing, "[caDirectory]"),
    (TLSOptions(certificate: "/nonexistent", key: file), .inputMissing, "[certificate]"),
    (TLSOptions(certificate: file, key: "/nonexistent"), .inputMissing, "[key]"),
    (TLSOptions(caFile: "/etc/passwd\0x"), .inputMissing, "NUL"),
  ]

  @Test(arguments: bad) func namesTheOption(options: TLSOptions, kind: EndpointError.Kind, says: String)
    throws
  {
    let error = try #require(throws: EndpointError.self) { try options.validate() }
    #expect(error.kind == kind)
    #expect(error.message.description.contains(says))
  }
}
