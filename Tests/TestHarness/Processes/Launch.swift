import Foundation
import TestSupport

/// Everything needed to start a child: what to run, and what its descriptors 0, 1 and 2 are.
///
/// The child leads a session of its own (the terminal that runs the tests is out of reach), starts with
/// default signal dispositions and inherits no other descriptor.
struct Launch {
  /// One of the three standard descriptors of the child.
  enum Stream {
    /// An open descriptor of this process.
    case descriptor(Int32)
    /// A file opened in the child after its session is made, so that a terminal becomes its controlling one.
    case file(String, flags: Int32)

    static let null = Stream.file("/dev/null", flags: O_RDWR)
  }

  var executable: String
  var arguments: [String]
  var environment: [String: String]?
  var directory: String?
  var input = Stream.null
  var output = Stream.null
  var errors = Stream.null

  /// Starts the child and returns its process id.
  func spawn() throws -> pid_t {
    let path = try Tool.required(executable)
    let environment = self.environment ?? ProcessInfo.processInfo.environment
    let words = words(running: path).map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (words + variables).forEach { free($0) } }
    _ = Descriptor.ignoringBrokenPipes
    return try Descriptor.creation.withLock { _ in
      var pid: pid_t = 0
      let code = withAttributes { attributes in
        withFileActions { actions in
          posix_spawn(&pid, directory == nil ? path : "/bin/sh", actions, attributes, words, variables)
        }
      }
      guard code == 0 else { throw HarnessFailure.system("posix_spawn \(path)", code) }
      return pid
    }
  }

  /// The argument vector; a working directory goes through a shell, which is the portable way to set one.
  private func words(running path: String) -> [String] {
    guard let directory else { return [path] + arguments }
    return ["sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", directory, path] + arguments
  }

  #if canImport(Darwin)
    private typealias Attributes = posix_spawnattr_t?
    private typealias FileActions = posix_spawn_file_actions_t?
  #else
    private typealias Attributes = posix_spawnattr_t
    private typealias FileActions = posix_spawn_file_actions_t
  #endif

  private func withAttributes<T>(_ body: (UnsafePointer<Attributes>) -> T) -> T {
    #if canImport(Darwin)
      var attributes: Attributes = nil
      let extra = POSIX_SPAWN_SETSID | POSIX_SPAWN_CLOEXEC_DEFAULT
    #else
      var attributes = Attributes()
      // POSIX_SPAWN_SETSID is visible to GNU sources only; 0x80 in glibc and musl.
      let extra: Int32 = 0x80
    #endif
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    let flags = Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(extra)
    posix_spawnattr_setflags(&attributes, Int16(flags))
    return body(&attributes)
  }

  private func withFileActions<T>(_ body: (UnsafePointer<FileActions>) -> T) -> T {
    #if canImport(Darwin)
      var actions: FileActions = nil
    #else
      var actions = FileActions()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (number, stream) in zip([0, 1, 2] as [Int32], [input, output, errors]) {
      switch stream {
      case .descriptor(let descriptor):
        posix_spawn_file_actions_adddup2(&actions, descriptor, number)
      case .file(let path, let flags):
        posix_spawn_file_actions_addopen(&actions, number, path, flags, 0o600)
      }
    }
    #if !canImport(Darwin)
      // Closing one that is gone by then is no error.
      for descriptor in Self.openDescriptors() { posix_spawn_file_actions_addclose(&actions, descriptor) }
    #endif
    return body(&actions)
  }

  /// The descriptors of this process above 2, among them those of clients under test.
  private static func openDescriptors() -> [Int32] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
    return (names ?? []).compactMap { Int32($0) }.filter { $0 > 2 }
  }
}
