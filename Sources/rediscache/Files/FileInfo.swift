import Platform

/// What the system says of a file: its kind, its size and which file it is.
struct FileInfo {
  enum Kind {
    case regular, folder, link, pipe, socket, device, other
  }

  /// Two names that lead to the same file have the same identity.
  struct Identity: Hashable {
    let device: UInt64
    let node: UInt64
  }

  let kind: Kind
  /// The bytes of a regular file.
  let size: Int
  let identity: Identity

  /// The file at a path; nil where there is none that can be looked at.
  init?(at path: String, followsLinks: Bool = true) {
    var info = stat()
    guard (followsLinks ? stat(path, &info) : lstat(path, &info)) == 0 else { return nil }
    self.init(info)
  }

  /// The file behind a descriptor.
  init?(of descriptor: Descriptor) {
    var info = stat()
    guard fstat(descriptor.number, &info) == 0 else { return nil }
    self.init(info)
  }

  private init(_ info: stat) {
    kind =
      switch info.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .folder
      case S_IFLNK: .link
      case S_IFIFO: .pipe
      case S_IFSOCK: .socket
      case S_IFCHR: .device
      default: .other
      }
    size = Int(info.st_size)
    identity = Identity(device: UInt64(info.st_dev), node: UInt64(info.st_ino))
  }
}
