import Foundation
import TestSupport

/// Where a server listens.
package enum Address: Sendable, Equatable, CustomStringConvertible {
  /// A unix socket at this path.
  case unix(String)
  /// A TCP port on 127.0.0.1.
  case loopback(Int)

  /// The address as a Redis URI without credentials.
  package var description: String {
    switch self {
    case .unix(let path): "unix://\(path)"
    case .loopback(let port): "redis://127.0.0.1:\(port)"
    }
  }
}

/// Stream sockets on this machine.
enum Socket {
  /// A connected, blocking socket.
  static func connect(_ address: Address) throws -> Int32 {
    let descriptor = try make(address)
    let code = withSocketAddress(address) { Foundation.connect(descriptor, $0, $1) }
    guard code == 0 else {
      defer { close(descriptor) }
      throw HarnessFailure.system("connect to \(address)")
    }
    return descriptor
  }

  /// A non-blocking socket that has begun to connect, and whether it got through within 200 ms.
  static func beginConnecting(_ address: Address) throws -> (descriptor: Int32, isConnected: Bool) {
    let descriptor = try make(address)
    Descriptor.makeNonBlocking(descriptor)
    let code = withSocketAddress(address) { Foundation.connect(descriptor, $0, $1) }
    if code == 0 { return (descriptor, true) }
    guard errno == EINPROGRESS else { return (descriptor, false) }
    return (descriptor, Descriptor.isReady(descriptor, Int32(POLLOUT), milliseconds: 200))
  }

  /// A listening, non-blocking socket; port 0 takes any free one, see ``port(of:)``.
  static func listen(_ address: Address, backlog: Int32 = 64) throws -> Int32 {
    let descriptor = try make(address)
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    let bound = withSocketAddress(address) { bind(descriptor, $0, $1) }
    guard bound == 0, Foundation.listen(descriptor, backlog) == 0 else {
      defer { close(descriptor) }
      throw HarnessFailure.system("listen on \(address)")
    }
    Descriptor.makeNonBlocking(descriptor)
    return descriptor
  }

  /// The next connection of a listening socket, or nil when none arrives within `milliseconds`.
  static func accept(_ listener: Int32, milliseconds: Int32) -> Int32? {
    guard Descriptor.isReady(listener, Int32(POLLIN), milliseconds: milliseconds) else { return nil }
    let made = try? Descriptor.creating("accept") { [Foundation.accept(listener, nil, nil)] }
    guard let descriptor = made?.first else { return nil }
    sendAtOnce(descriptor)
    return descriptor
  }

  /// The port a TCP socket is bound to; 0 for a unix socket.
  static func port(of descriptor: Int32) -> Int {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    guard code == 0, address.sin_family == sa_family_t(AF_INET) else { return 0 }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  /// A port that was free a moment ago, below the range the system hands out to clients by itself.
  static func freePort() throws -> Int {
    for _ in 0..<200 {
      let port = Int.random(in: 15_000..<32_000)
      guard let descriptor = try? listen(.loopback(port)) else { continue }
      close(descriptor)
      return port
    }
    throw HarnessFailure("no free TCP port between 15000 and 32000")
  }

  /// Makes the close of a TCP socket a reset instead of an orderly end.
  static func resetOnClose(_ descriptor: Int32) {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
  }

  private static func make(_ address: Address) throws -> Int32 {
    #if canImport(Glibc)
      let stream = Int32(SOCK_STREAM.rawValue)
    #else
      let stream = Int32(SOCK_STREAM)
    #endif
    let family = if case .unix = address { AF_UNIX } else { AF_INET }
    let descriptor = try Descriptor.creating("socket") { [socket(family, stream, 0)] }[0]
    sendAtOnce(descriptor)
    return descriptor
  }

  /// Turns Nagle's algorithm off, so that single bytes travel at once; unix sockets do not mind.
  private static func sendAtOnce(_ descriptor: Int32) {
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  private static func withSocketAddress<T>(
    _ address: Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T
  ) -> T {
    switch address {
    case .unix(let path):
      var unix = sockaddr_un()
      unix.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &unix.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
      return rebound(&unix, body)
    case .loopback(let port):
      var internet = sockaddr_in()
      internet.sin_family = sa_family_t(AF_INET)
      internet.sin_port = in_port_t(UInt16(port)).bigEndian
      internet.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
      return rebound(&internet, body)
    }
  }

  private static func rebound<Value, T>(
    _ value: inout Value, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T
  ) -> T {
    withUnsafePointer(to: &value) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<Value>.size))
      }
    }
  }
}
