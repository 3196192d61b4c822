/// A setting by which the user says where to connect, as whom and how; the executable knows its option.
package enum ConnectionSetting: Sendable, Hashable, CaseIterable {
  case uri, host, port, socket, database
  case user, passwordFile, passwordCommand, askPassword
  case sentinelUser, sentinelPasswordFile
  case tls, caFile, caDirectory, certificate, key, serverName, insecure
}
