import RedisClient

extension Remedy {
  /// The advice in words, with the options spelled.
  var text: String {
    switch self {
    case .advice(let sentence): sentence
    case .waitLonger(.connect): "--connect-timeout waits longer"
    case .waitLonger(.request): "--timeout waits longer"
    case .retry: "this state may pass: try again in a moment, or wait longer with --retry-for"
    case .runLimit: "--max-runtime sets it"
    case .givePassword:
      "give one with --askpass, --password-file or REDISCLI_AUTH, and --user where it has users"
    case .completeUser: "give --askpass, --password-file F or REDISCLI_AUTH"
    case .checkCredentials(let user):
      "check --user\(user.map { ", which was \($0)," } ?? "") and the password; "
        + "the server does not say which of the two is wrong"
    case .checkVariable(let name):
      "the password came from the environment variable \(name): unset it if it is a leftover"
    case .leaveUserOut: "leave --user out: servers before Redis 6 have one password for all"
    case .giveSentinelCredentials:
      "give the sentinels' own with --sentinel-password-file, and --sentinel-user where they have users"
    case .completeSentinelUser: "give --sentinel-password-file F or REDISCACHE_SENTINEL_AUTH"
    case .checkSentinelCredentials:
      "check --sentinel-user and --sentinel-password-file: they are for the sentinels alone"
    case .askForPassword(checkingPath: true): "check the path, or use --askpass"
    case .askForPassword(checkingPath: false): "use --askpass or REDISCLI_AUTH instead"
    case .tryTLS: "try --tls, or rediss:// for redis://"
    case .tryTLSOnPort: "the port may want TLS: try --tls"
    case .turnOnTLS: "add --tls, or use a rediss:// URI"
    case .tryPlain: "the server may not speak TLS on this port: try without --tls, or redis:// for rediss://"
    case .nameAuthority: "name the authority that signed it with --cacert"
    case .useCertificateName: "connect by a name that the certificate carries, or name it with --sni"
    case .giveClientCertificate(orAnother: true):
      "it may want a client certificate, or another one: --cert and --key"
    case .giveClientCertificate(orAnother: false): "it may want a client certificate: --cert and --key"
    case .serverNameForm: "--sni takes a name such as cache.example.com"
    case .authorityForms: "--cacert takes one PEM file, --cacertdir a folder of them"
    case .readPrimary: "--read-from primary reads the primary"
    case .thisNodeAlone: "--node-only works on this node alone"
    case .keysOfThisNode: "--node-only works on the keys of this node"
    case .chooseDatabase: "--db chooses one database"
    case .giveSeparately(.uri): "a URI goes to --uri"
    case .giveSeparately(.socket): "the path of a socket goes to --socket"
    case .giveSeparately(.port): "the port goes to --port; an IPv6 address may stand in brackets: [::1]"
    case .giveSocketPath: "use --socket, or link to it"
    case .nameTagKey: "--tag-key says where tags are kept"
    }
  }
}
