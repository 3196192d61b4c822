import Bytes
import Reporting

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Sees to it that no file has two parts in one run: a report that replaces a backup would lose what it holds.
enum FileClash {
  /// Refuses two options that name the same file; `-`, pipes and devices are none.
  static func check(_ files: [(option: String, path: String?)]) throws {
    var known: [(option: String, place: String)] = []
    for case (let option, let path?) in files where path != "-" {
      guard let place = place(of: path) else { continue }
      if let other = known.first(where: { $0.place == place }) {
        throw Failure(
          .usage, "\(other.option) and \(option) name the same file \(KeyText.quoted(Array(path.utf8)))",
          hints: ["name another file for one of the two"])
      }
      known.append((option, place))
    }
  }

  /// What identifies a file, also one that is not there yet; nil for what is no regular file.
  private static func place(of path: String) -> String? {
    var info = stat()
    if stat(path, &info) == 0 {
      return info.st_mode & S_IFMT == S_IFREG ? "\(info.st_dev):\(info.st_ino)" : nil
    }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let folder = path.contains("/") ? String(path.dropLast(name.count)) : "."
    guard stat(folder.isEmpty ? "/" : folder, &info) == 0 else { return nil }
    return "\(info.st_dev):\(info.st_ino)/\(name)"
  }
}
