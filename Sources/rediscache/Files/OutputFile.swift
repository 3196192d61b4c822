import Bytes
import Gzip

/// Where the data goes: standard output, or a file that is replaced whole or not at all.
///
/// A regular file is written beside its place, flushed to disk and renamed; devices and pipes are written as they are.
/// Its mode is 0600, or 0644 where others must read it.
final class OutputFile {
  /// How the bytes are written.
  enum Form {
    case plain
    /// For what a program of another user collects.
    case shared
    /// A seed: packed with gzip where the file's name ends in `.gz`.
    case seed
  }

  private enum Place {
    case standardOutput
    case stream(OpenFile)
    case beside(TemporaryFile)
  }

  private let path: String?
  private let place: Place
  private let gzip: GzipWriter?
  private var pending: [UInt8] = []

  /// Opens the destination; nil is standard output.
  ///
  /// A symbolic link is refused: it may lead to a file that the user does not see.
  init(_ path: String?, _ form: Form = .plain) throws {
    self.path = path
    do {
      gzip = form == .seed && path?.hasSuffix(".gz") ?? false ? try GzipWriter() : nil
    } catch {
      throw Failure(.cannotWrite, "cannot pack the seed: there is no memory for it")
    }
    guard let path else {
      place = .standardOutput
      return
    }
    do {
      place = try OutputFile.open(path, form)
    } catch let error as SystemError {
      throw OutputFile.refusal(path, error)
    }
  }

  private static func open(_ path: String, _ form: Form) throws -> Place {
    let isStream = namesStream(path)
    switch FileInfo(at: path, followsLinks: false)?.kind {
    case .folder: throw refusal(path, "it is a directory")
    case .link where !isStream:
      throw refusal(path, "it is a symbolic link; name the file it leads to")
    case .regular, nil:
      let file = try TemporaryFile(for: path)
      if form == .shared { file.file.makePublic() }
      return .beside(file)
    default:
      // In a folder of others, a link could take the device's place before it is opened.
      return .stream(try OpenFile(path, isStream ? .stream : .device))
    }
  }

  /// True for the links by which the system names what is open already; others in /dev are links like any.
  private static func namesStream(_ path: String) -> Bool {
    path == "/dev/stdout" || path == "/dev/stderr" || path.hasPrefix("/dev/fd/")
  }

  /// True where a regular file is there and is not empty.
  static func holdsSomething(_ path: String) -> Bool {
    guard let info = FileInfo(at: path) else { return false }
    return info.kind == .regular && info.size > 0
  }

  /// Adds bytes; they reach the destination in larger pieces.
  func write(_ bytes: [UInt8]) throws {
    pending += gzip?.pack(bytes) ?? bytes
    if pending.count >= 1 << 16 { try flush() }
  }

  /// Hands over what is pending.
  func flush() throws {
    guard !pending.isEmpty else { return }
    defer { pending.removeAll(keepingCapacity: true) }
    do throws(SystemError) {
      try descriptor.write(pending)
    } catch {
      // The reader has what it wants; not all was delivered, so the code is not 0.
      if error.isClosedPipe { throw ExitStatus.partial }
      throw OutputFile.refusal(path ?? "standard output", error)
    }
  }

  private var descriptor: Descriptor {
    switch place {
    case .standardOutput: .standardOutput
    case .stream(let file): file.descriptor
    case .beside(let temporary): temporary.file.descriptor
    }
  }

  /// Puts the finished file into its place. Without this, what was there before stays.
  func commit() throws { try finish(addingToName: "") }

  /// Keeps what there is under another name, so that it is not taken for the whole.
  func commitPart() throws { try finish(addingToName: OutputFile.partEnding) }

  /// What the name of a file ends in that lacks something.
  static let partEnding = ".partial"

  private func finish(addingToName ending: String) throws {
    if let gzip { pending += gzip.finish() }
    try flush()
    guard let path, case .beside(let file) = place else { return }
    do { try file.replaceTarget(addingToName: ending) } catch {
      throw OutputFile.refusal(path + ending, error)
    }
  }

  /// True where a file is replaced; false for standard output, pipes and devices, which get the bytes as they come.
  var replacesFile: Bool { if case .beside = place { true } else { false } }

  private static func refusal(_ path: String, _ error: SystemError) -> Failure {
    if error == .tooManyWriters { return refusal(path, "too many files beside it end in .tmp") }
    return Failure(.cannotWrite, "cannot write \(KeyText.quoted(path))", error)
  }

  private static func refusal(_ path: String, _ reason: String) -> Failure {
    Failure(.cannotWrite, "cannot write \(KeyText.quoted(path)): \(reason)")
  }
}
