import ArgumentParser
import Bytes
import Configuration
import Keyspace
import Operations
import Reporting

/// How key names are read: the same options for every command that groups keys.
struct NamingOptions: ParsableArguments {
  // A value such as `->` looks like an option.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What separates the segments of a key (default: the first of :: : | # ~ -> in it, else its first separator).",
      valueName: "text"))
  var separator: String?
  @Option(
    help: ArgumentHelp("A segment that matches wholly is a version (default v<digits>).", valueName: "regex"))
  var versionPattern: String?
  @Option(
    help: ArgumentHelp(
      "Read keys by position: '{namespace}:{version}:{entity}:{id}', {namespace+}, {rest}, {_}, or django laravel rails spring; "
        + "may be repeated.", valueName: "schema"), completion: .list(KeySchema.presets.map(\.name)))
  var schema: [String] = []

  func validate() throws {
    if separator == "" { throw ValidationError("--separator must not be empty") }
    _ = try naming()
  }

  func naming() throws -> KeyNaming {
    var naming = KeyNaming()
    naming.separator = separator
    if let versionPattern { naming.versionRule = try NamingOptions.versionRule(versionPattern) }
    do {
      for text in schema { naming.schemas += try KeySchema.parse(text, separator: separator) }
    } catch {
      throw ValidationError("--schema: \(error.message)")
    }
    return naming
  }

  /// Takes over what a profile says, where no option says it.
  mutating func adopt(_ profile: Profile?, named name: String?) throws {
    guard let profile else { return }
    separator = separator ?? profile.separator
    guard schema.isEmpty else { return }
    schema = profile.schemas
    do { _ = try naming() } catch {
      throw Failure(
        .configuration,
        "profile \(KeyText.quoted(name ?? "")), \(KeyText.sanitized((error as? ValidationError)?.message ?? "\(error)"))"
      )
    }
  }

  private static func versionRule(_ pattern: String) throws -> VersionRule {
    do {
      return try VersionRule(pattern: pattern)
    } catch {
      throw ValidationError("--version-pattern is no regular expression that can be used: \(error.message)")
    }
  }

  /// The options that lead to the same reading again.
  var given: [SuggestedOption] {
    .given([(.separator, separator), (.versionPattern, versionPattern)])
      + schema.map { .schema($0) }
  }
}
