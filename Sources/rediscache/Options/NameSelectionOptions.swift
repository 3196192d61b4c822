import ArgumentParser
import Bytes
import Keyspace
import Operations
import Reporting

/// Which keys, by what their names say: the same options for every command that looks at names.
struct NameSelectionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Leave out the keys that match; may be repeated.", valueName: "pattern"))
  var exclude: [String] = []
  @Option(
    help: ArgumentHelp(
      "Only keys of this namespace; '*' stands for one segment, none for keys without one; may be repeated.",
      valueName: "ns"))
  var namespace: [String] = []
  @Option(
    help: ArgumentHelp(
      "Only keys of these versions: v3, '<v3', '<=v3', '>v3', '>=v3', none.", valueName: "expr"))
  var keyVersion: String?

  /// What stands for keys without a namespace.
  private static let none = "none"

  func validate() throws {
    if let keyVersion, VersionChoice(keyVersion) == nil {
      throw ValidationError("--key-version takes v3, '<v3', '<=v3', '>v3', '>=v3' or none")
    }
  }

  /// The selection, with the warnings that reading the patterns gave.
  func selection(pattern: String?, separator: String?) throws -> (KeySelection, warnings: [String]) {
    var selection = KeySelection()
    var warnings: [String] = []
    if let pattern { selection.pattern = try NameSelectionOptions.glob(pattern, "PATTERN", &warnings) }
    for text in exclude {
      selection.excluded.append(try NameSelectionOptions.glob(text, "--exclude", &warnings))
    }
    selection.namespaces = namespace.filter { $0 != NameSelectionOptions.none }
      .map { NamespaceChoice($0, separator: separator) }
    selection.withoutNamespace = namespace.contains(NameSelectionOptions.none)
    selection.version = keyVersion.flatMap { VersionChoice($0) }
    return (selection, warnings)
  }

  /// The options, and the pattern, that choose the same keys again.
  func given(pattern: String?) -> [SuggestedOption] {
    return (pattern.map { [.given(KeyText.argument($0))] } ?? [])
      + exclude.map { .given([OptionName.exclude.word, $0]) } + namespace.map { .namespace($0) }
      + (keyVersion.map { [.keyVersion($0)] } ?? [])
  }

  private static func glob(_ text: String, _ place: String, _ warnings: inout [String]) throws -> Glob {
    do {
      let read = try PatternText(text)
      warnings += read.warnings.map { "\(place): \($0)" }
      return read.glob
    } catch {
      throw Failure(
        .usage, "\(place): \(error.message)", hints: ["rediscache help patterns explains the notation"])
    }
  }
}
