/// How long a connection waits and how much it takes.
package struct ConnectionLimits: Sendable {
  /// The bound on connecting, TLS and authentication together.
  package var connectTimeout: Duration
  /// The bound on each wait for the replies of a batch.
  package var requestTimeout: Duration
  /// The bound on the whole run.
  package var runDeadline: Deadline
  /// Replies that are received together and take more memory than this are refused; the server's own limit for one value is
  /// 512 MB.
  package var maximumReplyBytes = 640 << 20

  /// The defaults of every command: 5 s to connect, 10 s a request, no bound on the run.
  package init(
    connectTimeout: Duration = .seconds(5), requestTimeout: Duration = .seconds(10),
    runDeadline: Deadline = .never
  ) {
    self.connectTimeout = connectTimeout
    self.requestTimeout = requestTimeout
    self.runDeadline = runDeadline
  }
}
