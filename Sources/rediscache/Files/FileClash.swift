import Bytes
import Reporting

/// Refuses a run that uses one file for two things: a report that replaces a backup would lose what it holds.
enum FileClash {
  /// Refuses two options that name the same file; `-`, pipes and devices are none. Without an option it is the seed.
  static func check(_ files: [(option: OptionName?, path: String?)]) throws {
    if let option = files.lazy.filter({ $0.path == "-" }).compactMap(\.option).first(where: isWritten) {
      throw Failure(
        .usage, "\(option.word) needs a file of its own: - is none",
        hints: ["a file of that name is written ./-"])
    }
    var known: [(option: OptionName?, place: Place)] = []
    for case (let option, let path?) in files where path != "-" {
      guard let place = place(of: path) else { continue }
      if let other = known.first(where: { $0.place == place }) {
        throw Failure(
          .usage, "\(shown(other.option)) and \(shown(option)) name the same file \(KeyText.quoted(path))",
          hints: ["name another file for one of the two"])
      }
      known.append((option, place))
    }
  }

  /// True for what is written beside the report, and cannot be a stream.
  private static func isWritten(_ option: OptionName) -> Bool {
    option != .keysFrom && option != .output
  }

  private static func shown(_ option: OptionName?) -> String { option?.word ?? "the seed" }

  /// A file, or the folder and the name of one that is not there yet.
  private struct Place: Equatable {
    let identity: FileInfo.Identity
    var name: Substring = ""
  }

  /// The place of a regular file; nil for any other.
  private static func place(of path: String) -> Place? {
    if let info = FileInfo(at: path) {
      return info.kind == .regular ? Place(identity: info.identity) : nil
    }
    let name = path.split(separator: "/").last ?? path[...]
    let folder = path.contains("/") ? String(path.dropLast(name.count)) : "."
    guard let info = FileInfo(at: folder.isEmpty ? "/" : folder) else { return nil }
    return Place(identity: info.identity, name: name)
  }
}
