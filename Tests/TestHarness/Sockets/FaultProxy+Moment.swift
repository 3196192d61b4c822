import Foundation
import Synchronization

extension FaultProxy {
  /// Does something once: when the nth chunk of requests that holds a word has come, and before it passes on.
  ///
  /// `action` runs in the thread that carries the chunk, and what it returns passes in the chunk's place. It takes
  /// the place of what is done to requests by ``setRequests(_:)``. The moment says whether it has come.
  @discardableResult
  package func once(
    _ word: String, at count: Int = 1,
    _ action: @escaping @Sendable (_ proxy: FaultProxy, _ chunk: [UInt8]) throws -> [UInt8]
  ) -> Moment {
    let moment = Moment(word, count)
    setRequests(
      // A quick client sends many batches at once, which must not count as one.
      Faults(chunkSize: 1_024) { [weak self] chunk in
        guard let self, moment.comes(with: chunk) else { return chunk }
        do {
          return try action(self, chunk)
        } catch {
          moment.fail(error)
          return []
        }
      })
    return moment
  }

  /// Lets everything pass from now on.
  package func heal() {
    setRequests(Faults())
    setReplies(Faults())
  }
}

/// A turn in the traffic of a ``FaultProxy``.
package final class Moment: Sendable {
  private struct State {
    var count = 0
    var failure: String?
  }

  private let word: Data
  private let turn: Int
  private let state = Mutex(State())

  init(_ word: String, _ turn: Int) {
    self.word = Data(word.utf8)
    self.turn = turn
  }

  /// True once it has come.
  package var hasCome: Bool { state.withLock { $0.count >= turn } }

  /// Why what was to be done then could not be done; nil where it could.
  package var failure: String? { state.withLock { $0.failure } }

  fileprivate func comes(with chunk: [UInt8]) -> Bool {
    guard Data(chunk).range(of: word) != nil else { return false }
    return state.withLock { state in
      state.count += 1
      return state.count == turn
    }
  }

  fileprivate func fail(_ error: any Error) {
    state.withLock { $0.failure = "\(error)" }
  }
}
