import Foundation
import TestSupport

/// Fresh certificates for TLS tests, made with the `openssl` program; they vanish with the last reference.
package final class Certificates: Sendable {
  /// A certificate and its private key, as paths of PEM files.
  package struct Identity: Sendable {
    /// The certificate.
    package let certificate: String
    /// The private key, without a passphrase.
    package let key: String
  }

  /// The certificate of the authority that signed all but ``stranger``.
  package let authority: String
  /// The certificate of an authority that signed only ``stranger``.
  package let unknownAuthority: String
  /// A valid server certificate with the names that were asked for.
  package let server: Identity
  /// A valid certificate for a client.
  package let client: Identity
  /// A server certificate with the same names as ``server`` that expired in 2020.
  package let expired: Identity
  /// A server certificate with the same names as ``server``, signed by ``unknownAuthority``.
  package let stranger: Identity

  private let storage: TemporaryFolder

  /// Makes all certificates, in about a fifth of a second.
  ///
  /// `names` and `addresses` become the subject alternative names of the server certificates. Throws
  /// ``MissingTool`` without openssl and ``HarnessFailure`` when it fails.
  package init(names: [String] = ["localhost"], addresses: [String] = ["127.0.0.1"]) throws {
    let storage = try TemporaryFolder()
    let maker = CertificateMaker(storage: storage)
    let alternatives = (names.map { "DNS:\($0)" } + addresses.map { "IP:\($0)" }).joined(separator: ",")
    let authority = try maker.authority("authority")
    let unknown = try maker.authority("unknown")
    server = try maker.issue("server", by: authority, alternatives: alternatives)
    client = try maker.issue("client", by: authority, usage: "clientAuth")
    expired = try maker.issue("expired", by: authority, alternatives: alternatives, isExpired: true)
    stranger = try maker.issue("stranger", by: unknown, alternatives: alternatives)
    self.authority = authority.certificate
    unknownAuthority = unknown.certificate
    self.storage = storage
  }

  /// The folder with all files.
  package var folder: String { storage.path }
}

/// The calls of the `openssl` program.
private struct CertificateMaker {
  let storage: TemporaryFolder

  /// A self-signed authority, valid for a day.
  func authority(_ name: String) throws -> Certificates.Identity {
    let identity = files(name)
    try storage.write(
      "\(name).conf",
      """
      [req]
      distinguished_name = subject
      prompt = no
      x509_extensions = extensions
      [subject]
      CN = rediscache test \(name)
      [extensions]
      basicConstraints = critical, CA:TRUE
      keyUsage = critical, keyCertSign, cRLSign
      subjectKeyIdentifier = hash
      """.utf8)
    try openssl(
      ["req", "-x509", "-days", "1", "-config", storage.file("\(name).conf"), "-out", identity.certificate]
        + newKey(identity.key))
    return identity
  }

  /// A certificate signed by `issuer`, valid for a day or for the first day of 2020.
  func issue(
    _ name: String, by issuer: Certificates.Identity, usage: String = "serverAuth",
    alternatives: String? = nil, isExpired: Bool = false
  ) throws -> Certificates.Identity {
    let identity = files(name)
    let request = storage.file("\(name).csr")
    let configuration = storage.file("\(name).conf")
    try storage.write("\(name).conf", text(name, usage, alternatives).utf8)
    // `openssl ca` keeps a list of what it issued and the next serial number, and needs both to exist.
    try storage.write("\(name).index", [])
    try storage.write("\(name).serial", String(Int.random(in: 0x10...0xff), radix: 16).utf8)
    try openssl(["req", "-new", "-config", configuration, "-out", request] + newKey(identity.key))
    let period =
      isExpired
      ? ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"] : ["-days", "1"]
    try openssl(
      [
        "ca", "-batch", "-notext", "-config", configuration, "-in", request,
        "-cert", issuer.certificate, "-keyfile", issuer.key, "-out", identity.certificate,
      ] + period)
    return identity
  }

  private func files(_ name: String) -> Certificates.Identity {
    Certificates.Identity(certificate: storage.file("\(name).crt"), key: storage.file("\(name).key"))
  }

  /// Elliptic-curve keys: they are made in no time.
  private func newKey(_ path: String) -> [String] {
    ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", path]
  }

  private func text(_ name: String, _ usage: String, _ alternatives: String?) -> String {
    """
    [req]
    distinguished_name = subject
    prompt = no
    [subject]
    CN = rediscache test \(name)
    [ca]
    default_ca = issuer
    [issuer]
    database = \(storage.file("\(name).index"))
    serial = \(storage.file("\(name).serial"))
    new_certs_dir = \(storage.path)
    default_md = sha256
    policy = anything
    x509_extensions = extensions
    unique_subject = no
    [anything]
    commonName = supplied
    [extensions]
    basicConstraints = CA:FALSE
    keyUsage = digitalSignature
    extendedKeyUsage = \(usage)
    subjectKeyIdentifier = hash
    authorityKeyIdentifier = keyid
    \(alternatives.map { "subjectAltName = \($0)" } ?? "")
    """
  }

  private func openssl(_ arguments: [String]) throws {
    let result = try Command("openssl", arguments).run()
    guard result.status == 0 else {
      throw HarnessFailure("openssl \(arguments.joined(separator: " ")): \(result)")
    }
  }
}
