import TestSupport
import Testing

@testable import Keyspace

@Suite struct SegmentShapeTests {
  static func isVariable(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return SegmentShape.isVariable(bytes.span)
  }

  @Test(
    arguments: [
      // Numbers.
      "0", "7", "42", "1700000000", "-5", "3.14", "1,234", "1_000", "00042", "+15551234567", "37.77,-122.41",
      "#12",
      // UUIDs, as versions 1, 4 and 7 make them.
      "c9a646d3-9c61-11e8-a2a2-0242ac120002", "9b2c1d5e-7f40-4b7c-8d8b-0e5f7a6b1c2d",
      "018F3C5E-7B1A-7CC2-9F63-3D2A1B0C9D8E",
      "9b2c1d5e7f404b7c8d8b0e5f7a6b1c2d",
      // ULIDs.
      "01ARZ3NDEKTSV4RRFFQ69G5FAV", "01h455vb4pex5vsknk084sn02q",
      // Hexadecimal: a short git hash, ObjectId, MD5, SHA-1, SHA-256, addresses.
      "3fa92c1", "507f1f77bcf86cd799439011", "d41d8cd98f00b204e9800998ecf8427e", "DEADBEEFDEADBEEF",
      "da39a3ee5e6b4b0d3255bfef95601890afd80709",
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "0x1f", "0xdeadbeef", "0x742d35Cc6634C0532925a3b844Bc454e4438f44e",
      // Base64 and base64url.
      "dXNlcjo0Mg==", "aGVsbG8gd29ybGQgMTIzNDU=", "kJ3n/9sQz+Lx0P2aTq7Y/A", "V1StGXR8_Z5jdHi6B-myT",
      "3Zy8kLq-0XbVtN2mWs_Rfg",
      // The parts of a JSON Web Token, and a short one whole.
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "eyJzdWIiOiIxMjM0NTY3ODkwIn0",
      "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.XbPfbIHMI6arZ3Y922BhjWgQzWXcXNrz0ogtVhfEd2o",
      // KSUID, xid, cuid, cuid2, Firebase, YouTube, Stripe's random part, snowflakes.
      "0ujtsYcgvSTl8PAuAdqWYSMnLOv", "9m4e2mr0ui3e8a215n4g", "cjld2cjxh0000qzrmn831i7rn",
      "tz4a98xxat96iws9zmbrgj3a",
      "-JhLeOlGIEjaIOFHR0xd", "dQw4w9WgXcQ", "9s6XKzkNRiz8i3", "175928847299117063",
      // Session ids of PHP (26 and 32 digits), express, Django, Laravel, ASP.NET.
      "2k7n5r1pjt8gq4m6c3h9vd0sab", "kq8v1n5t7e2r9p4m6c3h0sdaj8g2f5b1", "rT7vXk2LmQ9wZp4sNc6yHb8dGf1jKa3e",
      "q5z0h7x2k9m4w1v8n3b6t5r0y7u2p9c4", "hY6TgB3nMj9LkI8uJh7YgT5rFdE3wSxZ2aQ1vCbN",
      "lit3py55t21z5v55vlm25s55",
      // Dates.
      "2026-01-31", "20260131", "2026-01-31T12", "20260131T120000Z", "2026-01-31T12:00:00.000Z", "2026-W05",
      "2026Q1", "00Z",
      "30.123Z", "2026/01/31",
      // Addresses.
      "10.0.0.1", "192.168.17.254", "10.0.0.0/8", "alice@example.com", "bob.smith+tag@mail.example.co.uk",
      "00-1a-2b-3c-4d-5e",
    ]) func seesIdentifiers(text: String)
  {
    #expect(Self.isVariable(text))
  }

  @Test(
    arguments: [
      "", "a", "user", "users", "v2", "profile", "sha256", "sha1", "md5", "oauth2", "utf8", "base64", "ipv4",
      "http2", "s3", "ec2", "k8s",
      "i18n", "a11y", "e2e", "x509", "log4j", "web3", "h264", "mp3", "getUserById2", "facade", "decade",
      "feed", "cafe", "added",
      "deadbeef", "cafe2024", "face2face", "decade80", "user-profile", "user_profile", "en-US", "en-us",
      "pt_BR", "zh-Hant-TW",
      "top10products", "EU_WEST", "camelCaseLongNameWithWords", "HTTPRequestHandlerFactory", "XMLHttpRequest",
      "cache_page",
      "ipv4toipv6", "web-assets", "findAllActiveUsersByRoleName", "UserRepositoryImpl", "AWS_S3_EC2_RDS_V2",
      "alloptions", "laravel_database_laravel_cache", "PHPREDIS_SESSION", "celery-task-meta", "_kombu",
      "unacked_mutex", "asynq",
      "node_modules", "Q1report", "utf8toutf16le", "s3tob2sync", "mp3tomp4towav", "base64tobase32hex",
      "v1beta1", "TestAPI_UseIPv4Select",
      "GoogleCloudAiplatformV1beta1RagChunk", "UTextMapNativeIndexToUTF16", "get_user_by_id_2", "rate-limit",
      "x-request-id",
      "Geschwindigkeitsbegrenzung", "przedsiebiorstwo", "übersicht", "用户", "пользователь", "用户42",
      "name with spaces", "a.b.c",
      "com.example.shop.ProductCache", "app/views/show", "*", "user*", "--", "...", "@", "@home", "me@home",
      "q=shoes",
      "qwertyuiop", "systemd-makefs@.service",
    ]) func leavesNamesAlone(text: String)
  {
    #expect(!Self.isVariable(text))
  }

  @Test func longTextIsNoName() {
    let word = String(repeating: "ab ", count: 60)
    #expect(Self.isVariable(word))
    #expect(Self.isVariable(String(repeating: "x", count: 129)))
    #expect(!Self.isVariable(String(repeating: "x", count: 128)))
    #expect(!Self.isVariable(String(repeating: "name.", count: 51)))
    #expect(Self.isVariable(String(repeating: "name.", count: 52)))
  }

  @Test func readsAnyBytesOfAnyLength() {
    var random = SeededGenerator(seed: 11)
    for length in 0..<300 {
      let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      let isVariable = SegmentShape.isVariable(bytes.span)
      #expect(length <= 256 || isVariable)
    }
    for byte in UInt8.min ... .max {
      #expect(Self.isVariable(String(UnicodeScalar(byte))) == (0x30...0x39).contains(byte))
    }
  }

  // MARK: - Rates

  static let digits = "0123456789"
  static let small = "abcdefghijklmnopqrstuvwxyz"
  static let capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

  struct Kind: Sendable, CustomTestStringConvertible {
    var name: String
    var alphabet: String
    var length: Int
    /// The share of tokens that may be taken for names.
    var bound: Double
    var testDescription: String { "\(name), \(length)" }
  }

  static let kinds: [Kind] = [
    Kind(name: "base62", alphabet: digits + small + capitals, length: 16, bound: 0.06),
    Kind(name: "base62", alphabet: digits + small + capitals, length: 22, bound: 0.01),
    Kind(name: "base62", alphabet: digits + small + capitals, length: 32, bound: 0.001),
    Kind(name: "base64url", alphabet: digits + small + capitals + "-_", length: 21, bound: 0.05),
    Kind(name: "base64url", alphabet: digits + small + capitals + "-_", length: 32, bound: 0.015),
    Kind(name: "base64url", alphabet: digits + small + capitals + "-_", length: 43, bound: 0.012),
    Kind(name: "base36", alphabet: digits + small, length: 25, bound: 0.01),
    Kind(name: "base36", alphabet: digits + small, length: 32, bound: 0.005),
    Kind(name: "base32", alphabet: capitals + "234567", length: 26, bound: 0.009),
    Kind(name: "hex", alphabet: "0123456789abcdef", length: 8, bound: 0.02),
    Kind(name: "hex", alphabet: "0123456789abcdef", length: 12, bound: 0),
    Kind(name: "hex", alphabet: "0123456789abcdef", length: 16, bound: 0),
    Kind(name: "hex", alphabet: "0123456789abcdef", length: 24, bound: 0),
    Kind(name: "hex", alphabet: "0123456789abcdef", length: 32, bound: 0),
    Kind(name: "hex", alphabet: "0123456789abcdef", length: 64, bound: 0),
  ]

  @Test(arguments: kinds) func missesFewRandomTokens(kind: Kind) {
    var random = SeededGenerator(seed: 2026)
    let count = 4000
    var missed = 0
    for _ in 0..<count where !Self.isVariable(random.token(kind.alphabet, kind.length)) { missed += 1 }
    #expect(Double(missed) <= kind.bound * Double(count), "\(missed) of \(count)")
  }

  static let words = [
    "user", "account", "session", "profile", "product", "price", "list", "cache", "page", "view", "token",
    "api", "http", "json",
    "order", "item", "cart", "search", "result", "index", "feed", "post", "comment", "like", "follow", "team",
    "org", "tenant",
    "config", "feature", "flag", "lock", "queue", "job", "worker", "rate", "limit", "by", "id", "for", "of",
    "all", "new", "old",
    "active", "count", "total", "daily", "weekly", "report", "stats", "geo", "ip", "mail", "template",
    "render", "html", "xml",
    "sql", "db", "replica", "shard", "node", "cluster", "region", "eu", "us", "west", "east",
  ]
  static let wordsWithDigits = [
    "v2", "s3", "ec2", "sha256", "oauth2", "utf8", "x509", "ipv4", "mp3", "top10", "q3", "level2", "step1",
    "http2", "base64",
    "md5", "i18n",
  ]

  @Test(arguments: ["camel", "pascal", "snake", "kebab", "upper", "joined"]) func losesNoNames(style: String)
  {
    #expect(Self.lost(words: Self.words, style).isEmpty)
    // One word in five holds a digit. What is lost is several of them run together, as in `mp3Sha256XmlEc2`.
    let lost = Self.lost(words: Self.words + Self.wordsWithDigits, style)
    #expect(lost.count <= 40, "\(lost)")
  }

  private static func lost(words: [String], _ style: String) -> [String] {
    var random = SeededGenerator(state: 77)
    var lost: [String] = []
    for _ in 0..<4000 {
      let count = Int.random(in: 1...5, using: &random)
      let name = join((0..<count).map { _ in words.randomElement(using: &random) ?? "" }, style)
      if name.utf8.count <= 48, isVariable(name) { lost.append(name) }
    }
    return lost
  }

  private static func join(_ words: [String], _ style: String) -> String {
    func capital(_ word: String) -> String { word.prefix(1).uppercased() + word.dropFirst() }
    return switch style {
    case "camel": (words.prefix(1) + words.dropFirst().map(capital)).joined()
    case "pascal": words.map(capital).joined()
    case "snake": words.joined(separator: "_")
    case "kebab": words.joined(separator: "-")
    case "upper": words.joined(separator: "_").uppercased()
    default: words.joined()
    }
  }
}
