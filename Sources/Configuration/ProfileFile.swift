package import RedisClient

/// The configuration file, which holds profiles.
package struct ProfileFile: Sendable {
  private let path: String
  private let profiles: [String: TOMLValue]
  /// The tables and settings that are in no profile, in order: a slip, because nothing else is read.
  package let strays: [String]

  /// `$XDG_CONFIG_HOME/rediscache/config.toml`, else `~/.config/rediscache/config.toml`; nil without either variable.
  package static func path(in environment: [String: String]) -> String? {
    if let base = environment["XDG_CONFIG_HOME"], base.hasPrefix("/") {
      return base + "/rediscache/config.toml"
    }
    guard let home = environment["HOME"], !home.isEmpty else { return nil }
    return home + "/.config/rediscache/config.toml"
  }

  /// Reads the content of the file; the path serves errors alone.
  package init(path: String, content: [UInt8]) throws(ProfileError) {
    self.path = path
    do {
      let root = try TOMLValue.read(String(decoding: content, as: UTF8.self))
      profiles = root["profile"]?.table ?? [:]
      // A setting above all tables, or directly in [profile], is in no profile either.
      strays =
        root.keys.filter { $0 != "profile" || root[$0]?.table == nil }.sorted()
        + profiles.filter { $0.value.table == nil }.keys.sorted().map { "profile.\($0)" }
    } catch {
      throw .notTOML(path: path, reason: error.description)
    }
  }

  /// The names of the profiles, in order.
  package var names: [String] { profiles.filter { $0.value.table != nil }.keys.sorted() }

  /// Reads one profile, with the files of passwords that it names, which are waited for within `limit`.
  package func profile(named name: String, within limit: WaitLimit = .none) throws(ProfileError) -> Profile {
    try Profile(settings(of: name), within: limit) { ProfileError.Place(path: path, profile: name, key: $0) }
  }

  /// The settings of one profile as they were written, in the order of their names; none is read for its meaning.
  package func lines(of name: String) throws(ProfileError) -> [(key: String, text: String)] {
    try settings(of: name).sorted { $0.key < $1.key }.map { ($0.key, $0.value.written) }
  }

  private func settings(of name: String) throws(ProfileError) -> [String: TOMLValue] {
    guard let settings = profiles[name]?.table else {
      throw .unknownProfile(name, path: path, known: names, strays: strays)
    }
    return settings
  }
}

/// Why a profile cannot be used; the executable words it.
package enum ProfileError: Error, Sendable, Equatable {
  /// A setting of the file.
  package struct Place: Sendable, Equatable {
    /// The path of the file.
    package let path: String
    /// The name of the profile.
    package let profile: String
    /// The name of the setting.
    package let key: String
  }

  /// What is wrong with a setting.
  package enum Problem: Sendable, Equatable {
    case notText, notTexts, notTable, notFlag, notNumber, notRole
    /// The text is empty.
    case empty
    /// The text is none of these.
    case notOneOf([String])
    /// Two settings give a password.
    case twoPasswords
    case notInRange(ClosedRange<Int>)
    /// The text is no duration, for a reason in words.
    case notDuration(String)
    /// A password itself, which belongs in a file of its own.
    case password
    /// No setting has that name.
    case unknown
  }

  /// The environment does not say where the configuration is.
  case noFolder
  /// There is no file that can be read, for a reason in words.
  case noFile(path: String, profile: String?, reason: String)
  /// The file has more bytes than any configuration.
  case tooLarge(path: String, limit: Int)
  /// The file is not valid TOML, for a reason in words.
  case notTOML(path: String, reason: String)
  /// The file has other profiles, or none.
  case unknownProfile(String, path: String, known: [String], strays: [String])
  /// A setting cannot be used.
  case setting(Place, Problem)
  /// A password file that a setting names cannot be used.
  case passwordFile(EndpointError)
}
