import ArgumentParser
import Bytes
import Configuration
import RedisClient
import Reporting

/// `rediscache profile`: what the configuration holds.
struct ProfileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile",
    abstract: "List and check the profiles of the configuration file.",
    discussion:
      "Reads the file and what it names. No server is asked, no command is run, and no password is shown.",
    subcommands: [List.self, Show.self, Path.self]
  )

  /// `rediscache profile list`: the names, and where they lead.
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Print the name of each profile and its address.")

    func run() throws {
      let file = try ProfileCommand.file()
      for stray in Failure.slips(file.strays) { StandardError.warn(stray) }
      let rows = file.names.map { name in (KeyText.quoted(name), ProfileCommand.address(of: name, in: file)) }
      let width = rows.map { TextWidth.columns($0.0) }.max() ?? 0
      let lines = rows.map { name, address in
        name + String(repeating: " ", count: width - TextWidth.columns(name) + 2) + address + "\n"
      }
      try StandardOutput.write(lines.joined())
    }
  }

  /// `rediscache profile show NAME`: the settings of one profile.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Print the settings of a profile, and what is wrong with them.")

    @Argument(
      help: ArgumentHelp("The profile.", valueName: "name"),
      completion: .custom { _, _, _ in Profile.names() })
    var name: String

    func run() throws {
      let file = try ProfileCommand.file()
      let lines: [(key: String, text: String)]
      do { lines = try file.lines(of: name) } catch { throw Failure(error) }
      // What cannot be used is reported before it is shown: it may be a password in a place where none belongs.
      let profile = try ProfileCommand.checked(name, in: file)
      let address = try ProfileCommand.locator(profile, name).description
      let shown =
        [("address", address)] + lines.filter { $0.key != OptionName.uri.rawValue }.map(ProfileCommand.shown)
      let width = shown.map(\.0.count).max() ?? 0
      let text = shown.map { key, text in
        "  \(key)\(String(repeating: " ", count: width - key.count + 2))\(KeyText.sanitized(text))\n"
      }
      try StandardOutput.write(KeyText.quoted(name) + "\n" + text.joined())
    }
  }

  /// `rediscache profile path`: where the configuration is.
  struct Path: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "path", abstract: "Print the path of the configuration file, which need not be there.")

    func run() throws {
      guard let path = ProfileFile.path(in: Environment.variables) else { throw Failure(.noFolder) }
      try StandardOutput.write(path + "\n")
    }
  }

  private static func file() throws -> ProfileFile {
    do { return try Profile.file(for: nil) } catch { throw Failure(error) }
  }

  /// A profile whose settings can be used, with what is odd about them as warnings.
  private static func checked(_ name: String, in file: ProfileFile) throws -> Profile {
    do {
      let profile = try file.profile(named: name, within: RunLimit.waits)
      profile.warnings.forEach(StandardError.warn)
      var naming = try NamingOptions.parse([])
      try naming.adopt(profile, named: name)
      var scan = try ScanOptions.parse([])
      try scan.adopt(profile, named: name)
      return profile
    } catch let error as ProfileError {
      throw Failure(error)
    }
  }

  private static func locator(_ profile: Profile, _ name: String) throws -> Locator {
    do {
      return try EndpointResolution.resolve(
        EndpointOptions(), environment: [:], profile: profile.endpoint, named: name
      ).locator
    } catch {
      throw Failure(error)
    }
  }

  /// Where a profile leads, or that it cannot be used.
  private static func address(of name: String, in file: ProfileFile) -> String {
    guard let profile = try? file.profile(named: name, within: RunLimit.waits),
      let locator = try? locator(profile, name)
    else {
      return "cannot be used: rediscache profile show \(KeyText.shellQuoted(name))"
    }
    return locator.description + (profile.isProtected ? "  protected" : "")
  }

  /// A setting as it is shown. A command may hold a secret of its own.
  private static func shown(_ line: (key: String, text: String)) -> (String, String) {
    (line.key, line.key == OptionName.passwordCommand.rawValue ? "(set)" : line.text)
  }
}
