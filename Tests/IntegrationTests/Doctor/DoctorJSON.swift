import Dispatch
import Foundation
import Synchronization
import TestHarness
import Testing

/// A report of `doctor --json`, decoded as a program that relies on the contract would.
struct DoctorJSON: Decodable {
  struct Finding: Decodable {
    let rule: String
    let severity: String
    let node: String?
    let message: String
    let why: String?
    let command: String?
  }

  struct Gap: Decodable {
    let rule: String
    let node: String?
    let reason: String
    let right: String?
  }

  let schema: String
  let complete: Bool
  let warnings: [String]
  let findings: [Finding]
  let checked: Int
  let rules: [String]
  let notChecked: [Gap]

  /// Decodes the standard output of a run.
  init(_ bytes: [UInt8]) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(DoctorJSON.self, from: Data(bytes))
  }

  /// Runs `doctor --json` on a server's socket, reading twice a moment apart; the run must end with `status`.
  static func examine(
    _ server: RedisServer, _ arguments: [String] = [], interval: String = "200ms", status: Int32 = 0
  ) throws -> DoctorJSON {
    let result = try Rediscache.run(
      ["doctor", "-s", server.socketPath, "--json", "--interval", interval] + arguments)
    #expect(result.status == status, "\(arguments): \(result)")
    return try DoctorJSON(result.stdout)
  }

  /// The findings of a rule.
  func found(_ rule: String) -> [Finding] { findings.filter { $0.rule == rule } }
}

/// A client that keeps a server busy in the background until it is stopped.
final class Traffic: Sendable {
  private let isOver = Atomic(false)
  private let done = DispatchGroup()

  /// Repeats a step over one connection until the traffic ends or the step fails.
  init(_ server: RedisServer, _ step: @escaping @Sendable (RawConnection) throws -> Void) {
    let socket = server.socketPath
    DispatchQueue(label: "traffic").async(group: done) {
      guard let connection = try? RawConnection(to: .unix(socket)) else { return }
      while !self.isOver.load(ordering: .relaxed) { do { try step(connection) } catch { return } }
    }
  }

  /// Ends the traffic and waits until it has ended.
  func end() {
    isOver.store(true, ordering: .relaxed)
    done.wait()
  }
}
