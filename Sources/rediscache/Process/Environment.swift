import Platform

/// What the process was given: variables and the clock. Only the dispatcher looks.
enum Environment {
  /// The variables, read once.
  static let variables: [String: String] = {
    var result: [String: String] = [:]
    for name in names { if let value = getenv(name) { result[name] = String(cString: value) } }
    return result
  }()

  /// Every variable that the tool looks at; `help environment` explains them.
  private static let names = [
    "REDISCACHE_URI", "REDIS_URL", "REDISCLI_AUTH", "VALKEYCLI_AUTH", "REDISCACHE_SENTINEL_AUTH",
    "XDG_CONFIG_HOME", "HOME", "COLUMNS", "NO_COLOR", "TERM", "LC_ALL", "LC_CTYPE", "LANG",
  ]

  /// A path from the root, where the user gave one from the working directory.
  static func absolutePath(_ path: String) -> String {
    guard !path.isEmpty, !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
    defer { free(folder) }
    return String(cString: folder) + "/" + path
  }

  /// The time in seconds since 1970.
  static var wallClock: Double {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
  }
}
