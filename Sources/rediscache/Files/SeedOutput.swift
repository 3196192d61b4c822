import Gzip

/// A seed on its way out: packed with gzip where the file's name ends in `.gz`.
final class SeedOutput {
  private let file: OutputFile
  private let gzip: GzipWriter?

  init(_ path: String?) throws {
    file = try OutputFile(path)
    do {
      gzip = path?.hasSuffix(".gz") ?? false ? try GzipWriter() : nil
    } catch {
      throw Failure(.cannotWrite, "cannot pack the seed: there is no memory for it")
    }
  }

  /// Adds bytes.
  func write(_ bytes: [UInt8]) throws { try file.write(gzip?.pack(bytes) ?? bytes) }

  /// Puts the finished file into its place.
  func commit() throws {
    if let gzip { try file.write(gzip.finish()) }
    try file.commit()
  }
}
