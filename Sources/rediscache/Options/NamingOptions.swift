import ArgumentParser
import Keyspace
import Operations
import Reporting

/// How key names are read: the same options for every command that groups keys.
struct NamingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("What separates the segments of a key.", valueName: "text"))
  var separator = ":"
  @Option(
    help: ArgumentHelp("A segment that matches wholly is a version (default v<digits>).", valueName: "regex"))
  var versionPattern: String?
  @Option(
    help: ArgumentHelp(
      "Read keys by position: '{namespace}:{version}:{entity}:{id}', {rest}, {_}, or django laravel rails spring; "
        + "may be repeated.", valueName: "schema"), completion: .list(KeySchema.presets.map(\.name)))
  var schema: [String] = []

  func validate() throws {
    if separator.isEmpty { throw ValidationError("--separator must not be empty") }
    if let versionPattern, (try? VersionRule(pattern: versionPattern)) == nil {
      throw ValidationError("--version-pattern is not a regular expression")
    }
    _ = try naming()
  }

  func naming() throws -> KeyNaming {
    var naming = KeyNaming()
    naming.separator = separator
    if let versionPattern { naming.versionRule = try VersionRule(pattern: versionPattern) }
    do {
      for text in schema { naming.schemas += try KeySchema.parse(text, separator: separator) }
    } catch {
      throw ValidationError("--schema: \(error.message)")
    }
    return naming
  }

  /// The options that lead to the same reading again.
  var given: [SuggestedOption] {
    .given([(.separator, separator == ":" ? nil : separator), (.versionPattern, versionPattern)])
      + schema.map { .schema($0) }
  }
}
