import Foundation

extension RedisServer {
  /// What a test server is like.
  package struct Options: Sendable {
    /// The program: a path or a name in `PATH`.
    package var executable: String
    /// Whether it listens on a free port of 127.0.0.1 too, not only on its unix socket.
    package var tcp: Bool
    /// Whether it listens on a TLS port of 127.0.0.1 too.
    package var tls: TLS?
    /// More lines for the configuration file, such as `maxmemory 100mb` or `rename-command CONFIG ""`.
    package var configuration: [String]
    /// More arguments after the configuration file, such as `--sentinel`.
    package var arguments: [String]
    /// Files to put into the server's folder before it starts, by name.
    package var files: [String: [UInt8]]
    /// Whether a server that is still loading its data counts as started.
    package var acceptsLoading: Bool
    /// The user whom the test's own commands log in as, or nil for none.
    package var login: Login?

    /// A name and a password.
    package struct Login: Sendable {
      /// The user; `default` for a mere `requirepass`.
      package var user: String
      /// The password in clear.
      package var password: String

      /// A name and a password.
      package init(_ user: String, _ password: String) {
        self.user = user
        self.password = password
      }
    }

    /// The certificates of a TLS port.
    package struct TLS: Sendable {
      /// The server's certificate and key.
      package var identity: Certificates.Identity
      /// The authority that client certificates are checked against.
      package var authority: String
      /// Whether clients must show a certificate.
      package var requiresClientCertificate: Bool

      /// The certificates of a TLS port.
      package init(
        _ identity: Certificates.Identity, authority: String, requiresClientCertificate: Bool = false
      ) {
        self.identity = identity
        self.authority = authority
        self.requiresClientCertificate = requiresClientCertificate
      }
    }

    /// Options with their usual values: a server on a unix socket, without persistence.
    package init(
      executable: String = RedisServer.defaultExecutable, tcp: Bool = false, tls: TLS? = nil,
      configuration: [String] = [], arguments: [String] = [], files: [String: [UInt8]] = [:],
      acceptsLoading: Bool = false, login: Login? = nil
    ) {
      self.executable = executable
      self.tcp = tcp
      self.tls = tls
      self.configuration = configuration
      self.arguments = arguments
      self.files = files
      self.acceptsLoading = acceptsLoading
      self.login = login
    }

    /// The text of the configuration file.
    func file(folder: String, socket: String, port: Int, tlsPort: Int) -> String {
      var lines = [
        "port \(port)", "bind 127.0.0.1", "unixsocket \"\(socket)\"", "unixsocketperm 700",
        "dir \"\(folder)\"", "save \"\"", "appendonly no", "daemonize no", "logfile \"\"",
      ]
      if let tls {
        lines += [
          "tls-port \(tlsPort)", "tls-cert-file \"\(tls.identity.certificate)\"",
          "tls-key-file \"\(tls.identity.key)\"", "tls-ca-cert-file \"\(tls.authority)\"",
          "tls-auth-clients \(tls.requiresClientCertificate ? "yes" : "no")",
        ]
      }
      return (lines + configuration).joined(separator: "\n") + "\n"
    }
  }

  /// The server program of the tests: `$REDISCACHE_TEST_SERVER`, or `redis-server`.
  package static var defaultExecutable: String {
    ProcessInfo.processInfo.environment["REDISCACHE_TEST_SERVER"] ?? "redis-server"
  }

  /// Whether the server program of the tests can be run here.
  package static var isInstalled: Bool {
    Tool.path(of: defaultExecutable) != nil
  }
}
