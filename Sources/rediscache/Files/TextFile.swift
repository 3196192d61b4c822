#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads small files of the user's own.
enum TextFile {
  /// A configuration larger than this is none.
  private static let limit = 1 << 20

  /// The bytes of a file; nil where it cannot be read or is too large to be meant.
  static func read(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    let count = fread(&bytes, 1, bytes.count, file)
    guard ferror(file) == 0, count <= limit else { return nil }
    return Array(bytes[..<count])
  }
}
