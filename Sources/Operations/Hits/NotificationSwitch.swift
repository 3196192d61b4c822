import RedisClient

/// Makes one server send events of keys, and sets it back as it was.
///
/// Nothing is written to the server's configuration file, so a restart undoes it, too.
///
/// Invariant behind `@unchecked`: it belongs to one thread at a time; ``Transferred`` says why there is no lock.
final class NotificationSwitch: @unchecked Sendable {
  static let setting = "notify-keyspace-events"

  let endpoint: Endpoint
  private var channel: Connection?
  /// What the server sends; nil where it does not let that be read.
  private(set) var flags: NotificationFlags?
  /// Why it does not.
  private(set) var refusal: String?
  /// What the server sent before this run changed it; nil where it did not.
  private(set) var before: NotificationFlags?

  /// Reads the setting.
  init(on channel: Connection) throws(ClientError) {
    endpoint = channel.endpoint
    self.channel = channel
    let reply = try channel.call("CONFIG", "GET", NotificationSwitch.setting)
    if let error = reply.error {
      refusal = error.reason("CONFIG GET", at: endpoint)
    } else if let text = (try? ReplyFields(reply: reply))?.values[NotificationSwitch.setting] {
      flags = NotificationFlags(text)
    } else {
      refusal = "CONFIG GET \(NotificationSwitch.setting) is not available here"
    }
  }

  /// What would set the server back by hand; nil where nothing is to be changed.
  var restoration: HitsRequest.Restoration? {
    guard let flags, !flags.missing.isEmpty else { return nil }
    return .init(endpoint: endpoint, setting: NotificationSwitch.setting, value: flags.text)
  }

  /// Adds the events that are missing; nothing where none is.
  func switchOn() throws(ClientError) {
    if let refusal {
      throw ClientError(
        .permission,
        "the notifications of \(endpoint.description) can be set back only if they can be read: \(refusal)")
    }
    guard let flags, !flags.missing.isEmpty, let channel else { return }
    let wanted = flags.completed
    // From here on it must be set back: the reply may be lost although the command was run.
    before = flags
    let reply = try channel.call("CONFIG", "SET", NotificationSwitch.setting, wanted.text)
    if let error = reply.error {
      before = nil
      throw ClientError(error, to: "CONFIG SET", at: endpoint)
    }
    self.flags = wanted
  }

  /// Sets the server back, over a second connection where the first was lost; gives what a reader must know where that
  /// failed. `spell` gives the command that does it by hand.
  func putBack(_ spell: (HitsRequest.Restoration) -> String) -> String? {
    guard let before else { return nil }
    defer { self.before = nil }
    do {
      if let channel { return try putBack(before, over: channel) }
    } catch {}
    channel = nil
    do {
      // A run that is being stopped still has to undo what it did.
      let second = try Connection(to: endpoint, options: ConnectionLimits(requestTimeout: .seconds(5)))
      return try putBack(before, over: second)
    } catch {
      let command = spell(.init(endpoint: endpoint, setting: NotificationSwitch.setting, value: before.text))
      return
        "\(endpoint.address) could not be set back to its notifications: \(error.message); a restart has done it, "
        + "otherwise run: \(command)"
    }
  }

  private func putBack(_ before: NotificationFlags, over channel: Connection) throws(ClientError) -> String? {
    let reply = try channel.call("CONFIG", "GET", NotificationSwitch.setting)
    let now = (try? ReplyFields(reply: reply))?.values[NotificationSwitch.setting].map {
      NotificationFlags($0)
    }
    // The server may have been restarted.
    if let now, now == before { return nil }
    if let now, let flags, now != flags {
      return
        "the notifications of \(endpoint.address) were changed to \"\(now.text)\" meanwhile, and were left so; before this "
        + "run they were \"\(before.text)\""
    }
    if let error = try channel.call("CONFIG", "SET", NotificationSwitch.setting, before.text).error {
      throw ClientError(error, to: "CONFIG SET", at: endpoint)
    }
    return nil
  }
}
