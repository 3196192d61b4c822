import Bytes
import RedisClient
import Reporting

/// Why a command could not do what it was asked: what, where and why, and what to do next.
struct Failure: Error {
  let code: ExitStatus
  let message: String
  let hints: [String]

  init(_ code: ExitStatus, _ message: String, hints: [String] = []) {
    self.code = code
    self.message = TypedSecrets.hidden(in: message)
    self.hints = hints.map(TypedSecrets.hidden)
  }

  init(_ error: ClientError) {
    self.init(ExitStatus(error.kind), error.message, hints: error.hints.map(\.text))
  }

  init(_ error: EndpointError) {
    self.init(ExitStatus(error.kind), error.message.spelled, hints: [error.hint.text])
  }

  /// Reports it on standard error. Text that came from a server is made harmless first.
  func report() {
    var text = StandardError.style.error("error:") + " " + KeyText.sanitized(message) + "\n"
    for hint in hints { text += "  " + KeyText.sanitized(hint) + "\n" }
    StandardError.write(text)
  }
}
