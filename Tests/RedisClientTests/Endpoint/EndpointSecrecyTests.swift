import Testing

@testable import Configuration
@testable import RedisClient

/// No spelling of a password may come out of anything that can be printed.
@Suite struct EndpointSecrecyTests {
  static let canary = "s3cr3t-canary"
  static let bases = [
    "redis://:s3cr3t-canary@cache-1:6379/0",
    "redis://bob:s3cr3t-canary@cache-1:6379/0?db=0",
    "rediss://bob:s3cr3t%2Dcanary@cache-1/2",
    "valkey://:%73%33%63%72%33%74-canary@[::1]:6379",
    "unix://:s3cr3t-canary@/run/redis.sock?db=1",
    "redis://bob:s3cr3t-canary@a:7000,[::1]:7001,c/0",
    "rediss-sentinel://bob:s3cr3t-canary@s1,s2:26380/main/1",
    "redis-sentinel://:s3cr3t%2Dcanary@s1/main",
  ]
  /// The password, its encoded spellings, and the pieces of it that a stray delimiter cuts off.
  static let traces = [
    "s3cr", "cr3t", "3t-c", "t-ca", "canar", "anary", "s3cr3t%2Dcanary", "%73%33", "%2Dca", "%33%63",
  ]

  /// Every base with one character removed, doubled, swapped with the next or cut off, and with each
  /// delimiter inserted and put in the place of each character.
  static func mutations(of base: String) -> Set<String> {
    let text = Array(base)
    var mutants: Set<String> = [base]
    for index in text.indices {
      let (head, tail) = (text[..<index], text[(index + 1)...])
      mutants.insert(String(head))
      mutants.insert(String(head + tail))
      mutants.insert(String(head + [text[index], text[index]] + tail))
      if let next = tail.first { mutants.insert(String(head + [next, text[index]] + tail.dropFirst())) }
      for stray in "@/?#%:[], \n\u{202E}" {
        mutants.insert(String(head + [stray] + text[index...]))
        mutants.insert(String(head + [stray] + tail))
      }
    }
    return mutants
  }

  static func leaks(_ text: String) -> String? { traces.first { text.contains($0) } }

  static func everyForm(_ value: some Any) -> String {
    var dumped = ""
    dump(value, to: &dumped)
    let children = Mirror(reflecting: value).children.map { String(reflecting: $0) }.joined()
    return "\(value)" + String(reflecting: value) + String(describing: Optional(value)) + dumped + children
  }

  @Test(arguments: bases) func mutatedURIsGiveNothingAway(base: String) {
    var failures = 0
    for uri in Self.mutations(of: base) {
      var options = EndpointOptions()
      options.uri = uri
      var texts = [Self.everyForm(options)]
      do {
        // What parses is a URI with a password: it must be redacted, and the warning too.
        let resolution = try EndpointResolution.resolve(options)
        texts.append(Self.everyForm(resolution))
      } catch {
        failures += 1
        texts.append(Self.everyForm(error))
      }
      do {
        texts.append(Self.everyForm(try EndpointResolution.resolve(.init(), environment: ["REDIS_URL": uri])))
      } catch { texts.append(Self.everyForm(error)) }
      for text in texts {
        let trace = Self.leaks(text)
        #expect(trace == nil, "\(String(reflecting: uri)) gave \(text)")
      }
    }
    #expect(failures > 300)
  }

  @Test(arguments: bases) func aURIInTheWrongOptionGivesNothingAway(base: String) throws {
    var options = EndpointOptions()
    options.host = base
    let error = try #require(throws: EndpointError.self) { try EndpointResolution.resolve(options) }
    #expect(Self.leaks(Self.everyForm(error)) == nil)
    #expect(error.hint == .giveSeparately(.uri))
  }

  @Test func theLengthOfAPasswordDoesNotShow() throws {
    let short = try EndpointURI.parse("redis://bob:a@h")
    let long = try EndpointURI.parse("redis://bob:aaaaaaaaaaaaaaaaaaaaaaaa@h")
    #expect(Self.everyForm(short) == Self.everyForm(long))
    #expect(short != long)
  }
}
