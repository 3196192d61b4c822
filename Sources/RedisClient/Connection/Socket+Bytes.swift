import CHiredis

/// Bytes that pass hiredis's reader by: a stream of MONITOR is not to be held in its buffer.
extension Socket {
  /// Waits until bytes can be read or a moment passes; sends meanwhile what is left to send.
  ///
  /// `wakesOnStop` ends the wait as soon as the user asks to stop.
  func waitForInput(until deadline: Deadline, wakesOnStop: Bool) throws(ClientError) {
    if let session, SSL_pending(session) > 0 { return }
    let readiness = Polling.wait(
      for: context.pointee.fd, output: hasOutput, until: deadline,
      wakeUp: wakesOnStop ? interruption.descriptor : -1)
    if readiness.canWrite { try write([]) }
  }

  /// Reads what has come, without waiting, and gives the number of bytes.
  ///
  /// Nothing may lie in the reader's buffer.
  func read(into buffer: inout [UInt8]) throws(ClientError) -> Int {
    // Invariant: the table of functions lives as long as the context, and the call writes within the buffer only.
    guard let read = context.pointee.funcs?.pointee.read else { return 0 }
    let count = buffer.withUnsafeMutableBytes { raw in
      read(context, raw.bindMemory(to: CChar.self).baseAddress, raw.count)
    }
    guard count >= 0 else {
      throw ClientError(.closed, "\(endpoint.description) closed the connection")
    }
    return Int(count)
  }
}
