import RedisClient
import Testing

@testable import rediscache

/// What errors of the libraries say of options, which only the executable can spell.
@Suite("The words of remedies and settings") struct RemedyTextTests {
  static let texts: [(Remedy, String)] = [
    ("plain \("advice")", "plain advice"),
    (.waitLonger(.connect), "--connect-timeout waits longer"),
    (.waitLonger(.request), "--timeout waits longer"),
    (.retry, "this state may pass: try again in a moment, or wait longer with --retry-for"),
    (.runLimit, "--max-runtime sets it"),
    (
      .givePassword,
      "give one with --askpass, --password-file or REDISCLI_AUTH, and --user where it has users"
    ),
    (.completeUser, "give --askpass, --password-file F or REDISCLI_AUTH"),
    (
      .checkCredentials(user: "bob"),
      "check --user, which was bob, and the password; the server does not say which of the two is wrong"
    ),
    (
      .checkCredentials(user: nil),
      "check --user and the password; the server does not say which of the two is wrong"
    ),
    (
      .checkVariable("REDISCLI_AUTH"),
      "the password came from the environment variable REDISCLI_AUTH: unset it if it is a leftover"
    ),
    (.leaveUserOut, "leave --user out: servers before Redis 6 have one password for all"),
    (
      .giveSentinelCredentials,
      "give the sentinels' own with --sentinel-password-file, and --sentinel-user where they have users"
    ),
    (.completeSentinelUser, "give --sentinel-password-file F or REDISCACHE_SENTINEL_AUTH"),
    (
      .checkSentinelCredentials,
      "check --sentinel-user and --sentinel-password-file: they are for the sentinels alone"
    ),
    (.askForPassword(checkingPath: true), "check the path, or use --askpass"),
    (.askForPassword(checkingPath: false), "use --askpass or REDISCLI_AUTH instead"),
    (.tryTLS, "try --tls, or rediss:// for redis://"),
    (.tryTLSOnPort, "the port may want TLS: try --tls"),
    (.turnOnTLS, "add --tls, or use a rediss:// URI"),
    (.tryPlain, "the server may not speak TLS on this port: try without --tls, or redis:// for rediss://"),
    (.nameAuthority, "name the authority that signed it with --cacert"),
    (.useCertificateName, "connect by a name that the certificate carries, or name it with --sni"),
    (
      .giveClientCertificate(orAnother: true),
      "it may want a client certificate, or another one: --cert and --key"
    ),
    (.giveClientCertificate(orAnother: false), "it may want a client certificate: --cert and --key"),
    (.serverNameForm, "--sni takes a name such as cache.example.com"),
    (.authorityForms, "--cacert takes one PEM file, --cacertdir a folder of them"),
    (.readPrimary, "--read-from primary reads the primary"),
    (.thisNodeAlone, "--node-only works on this node alone"),
    (.keysOfThisNode, "--node-only works on the keys of this node"),
    (.chooseDatabase, "--db chooses one database"),
    (.giveSeparately(.uri), "a URI goes to --uri"),
    (.giveSeparately(.socket), "the path of a socket goes to --socket"),
    (.giveSeparately(.port), "the port goes to --port; an IPv6 address may stand in brackets: [::1]"),
    (.giveSocketPath, "use --socket, or link to it"),
    (.nameTagKey, "--tag-key says where tags are kept"),
  ]

  @Test(arguments: texts) func words(remedy: Remedy, text: String) { #expect(remedy.text == text) }

  @Test(arguments: ConnectionSetting.allCases) func namesAnOptionThatExists(setting: ConnectionSetting) {
    let options = ConnectionOptions.helpMessage().split { $0 == " " || $0 == "," || $0 == "\n" }
    #expect(options.contains(Substring(setting.option.word)))
  }

  @Test func spellsSettingsInASentence() {
    let both: SettingText = "\(ConnectionSetting.passwordFile) or \(ConnectionSetting.askPassword)"
    let text: SettingText = "profile \("prod"), \(key: .database): \(both)"
    #expect(text.spelled == "profile prod, db: --password-file or --askpass")
    #expect(text.description == "profile prod, database: [passwordFile] or [askPassword]")
  }
}
