import Bytes
import Configuration
import Quantities
import RedisClient

extension Profile {
  /// Reads a profile of the user's configuration; warns of password files that others may read.
  static func load(_ name: String) throws -> Profile {
    do {
      let profile = try file(for: name).profile(named: name, within: RunLimit.waits)
      profile.warnings.forEach(StandardError.warn)
      return profile
    } catch {
      throw Failure(error)
    }
  }

  /// The names of the profiles, for completion; none where the configuration cannot be read.
  static func names() -> [String] { (try? file(for: nil))?.names ?? [] }

  static func file(for profile: String?) throws(ProfileError) -> ProfileFile {
    guard let path = ProfileFile.path(in: Environment.variables) else { throw .noFolder }
    let content: [UInt8]?
    do { content = try OpenFile(path, .reading).rest(limit: largestFile) } catch {
      throw .noFile(path: path, profile: profile, reason: error.reason)
    }
    guard let content else { throw .tooLarge(path: path, limit: largestFile) }
    return try ProfileFile(path: path, content: content)
  }

  /// A configuration larger than this, in bytes, is none.
  private static let largestFile = 1 << 20
}

extension Failure {
  /// The failure in words: the file, the profile and the setting.
  init(_ error: ProfileError) {
    switch error {
    case .noFolder:
      self.init(.configuration, "a profile needs a configuration file, and HOME is not set")
    case .noFile(let path, let profile, let reason):
      let what = profile.map { "no profile \(KeyText.quoted($0)): " } ?? ""
      self.init(
        Signals.isStopRequested
          ? Signals.exitStatus : RunLimit.deadline.hasPassed ? .tryAgain : .configuration,
        "\(what)cannot read \(KeyText.quoted(path)): \(reason)",
        hints: ["rediscache help environment says where the configuration is and what it holds"])
    case .tooLarge(let path, let limit):
      self.init(
        .configuration,
        "\(KeyText.quoted(path)) is larger than \(NumberText.bytes(limit)): it is no configuration")
    case .notTOML(let path, let reason):
      self.init(.configuration, "\(path) is not valid TOML: \(reason)")
    case .unknownProfile(let name, let path, let known, let strays):
      let names = known.map { KeyText.quoted($0) }.joined(separator: ", ")
      self.init(
        .configuration, "no profile \(KeyText.quoted(name)) in \(path)",
        hints: [names.isEmpty ? "the file has no profiles" : "it has \(names)"]
          + Failure.slips(strays, name))
    case .setting(let place, let problem):
      self.init(
        .configuration,
        "\(place.path): profile \(KeyText.quoted(place.profile)), \(place.key): \(Failure.words(problem))",
        hints: Failure.hints(problem, place.key))
    case .passwordFile(let error): self.init(error)
    }
  }

  /// What to say of tables and settings that are in no profile.
  static func slips(_ strays: [String], _ name: String? = nil) -> [String] {
    if let name, strays.contains(name) {
      return ["the table [\(KeyText.quoted(name))] is outside: write [profile.\(KeyText.quoted(name))]"]
    }
    let shown = strays.map { KeyText.quoted($0) }.joined(separator: ", ")
    return strays.isEmpty ? [] : ["outside of [profile.NAME] nothing is read: \(shown)"]
  }

  private static func words(_ problem: ProfileError.Problem) -> String {
    switch problem {
    case .notText: "must be text"
    case .notTexts: "must be text, or a list of texts"
    case .notTable: "must be a table: [profile.NAME.rules]"
    case .empty: "must not be empty"
    case .notOneOf(let choices): "must be one of \(choices.joined(separator: ", "))"
    case .twoPasswords: "two settings give a password: leave out one of them"
    case .notFlag: "must be true or false"
    case .notNumber: "must be a number"
    case .notRole: "must be primary or replica"
    case .notInRange(let range): "must be a number from \(range.lowerBound) to \(range.upperBound)"
    case .notDuration(let reason): reason
    case .password: "a password does not belong into the configuration"
    case .unknown: "there is no such setting"
    }
  }

  private static func hints(_ problem: ProfileError.Problem, _ key: String) -> [String] {
    switch problem {
    case .password: ["write it to a file of mode 0600 and name that with \(key)-file"]
    case .unknown: Spelling.nearest(to: key, among: Profile.keys).map { ["did you mean \($0)?"] } ?? []
    default: []
    }
  }
}
