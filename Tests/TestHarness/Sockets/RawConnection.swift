import Foundation
import TestSupport

/// A plain connection that speaks RESP2 with binary-safe arguments, independent of the client under test.
///
/// Not thread-safe: one connection belongs to one test.
package final class RawConnection {
  private let descriptor: Int32
  private var reader = RESPReader()

  /// Connects; throws ``HarnessFailure`` where no server listens.
  package init(to address: Address) throws {
    descriptor = try Socket.connect(address)
  }

  deinit {
    close(descriptor)
  }

  /// Sends one command and returns its reply, which may be an error reply.
  @discardableResult
  package func command(_ arguments: [[UInt8]], timeout: Duration = Wait.limit) throws -> RESPValue {
    try send([arguments], timeout: timeout)
    return try receive(timeout: timeout)
  }

  /// Sends one command given as text and returns its reply, which may be an error reply.
  @discardableResult
  package func command(_ arguments: String..., timeout: Duration = Wait.limit) throws -> RESPValue {
    try command(arguments.map { Array($0.utf8) }, timeout: timeout)
  }

  /// Sends commands at once without reading their replies.
  package func send(_ commands: [[[UInt8]]], timeout: Duration = Wait.limit) throws {
    var bytes: [UInt8] = []
    for command in commands { RESPValue.encode(command: command, into: &bytes) }
    try send(raw: bytes, timeout: timeout)
  }

  /// Sends bytes as they are.
  package func send(raw bytes: [UInt8], timeout: Duration = Wait.limit) throws {
    guard Descriptor.writeAll(descriptor, bytes, until: .now + timeout) else {
      throw HarnessFailure("the server did not take all bytes")
    }
  }

  /// Reads the next reply; throws ``HarnessFailure`` when the server leaves or `timeout` passes.
  package func receive(timeout: Duration = Wait.limit) throws -> RESPValue {
    let deadline = ContinuousClock.now + timeout
    while true {
      if let value = try reader.next() { return value }
      if ContinuousClock.now >= deadline { throw HarnessFailure("no reply within \(timeout)") }
      guard Descriptor.isReady(descriptor, Int32(POLLIN), milliseconds: 20) else { continue }
      switch Descriptor.readChunk(descriptor) {
      case .bytes(let chunk): reader.append(chunk)
      case .nothing: continue
      case .end(let isReset):
        throw HarnessFailure("the server \(isReset ? "reset" : "closed") the connection")
      }
    }
  }

  /// Sends commands in batches of `batch` and checks that none is answered with an error.
  ///
  /// Returns how many commands were sent. Throws ``HarnessFailure`` with the first error reply.
  @discardableResult
  package func load(_ commands: some Sequence<[[UInt8]]>, batch: Int = 2_000) throws -> Int {
    var bytes: [UInt8] = []
    var pending = 0
    var total = 0
    for command in commands {
      RESPValue.encode(command: command, into: &bytes)
      pending += 1
      if pending == batch || bytes.count > 4_000_000 {
        total += try flush(&bytes, &pending)
      }
    }
    return total + (try flush(&bytes, &pending))
  }

  /// A Redis server goes on reading while its replies wait, so writing all and then reading all cannot block.
  private func flush(_ bytes: inout [UInt8], _ pending: inout Int) throws -> Int {
    try send(raw: bytes, timeout: .seconds(60))
    for _ in 0..<pending {
      if let text = try receive(timeout: .seconds(60)).errorText {
        throw HarnessFailure("a command was refused while loading: \(text)")
      }
    }
    defer {
      bytes.removeAll(keepingCapacity: true)
      pending = 0
    }
    return pending
  }
}
