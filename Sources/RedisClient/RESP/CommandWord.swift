/// Words of commands, encoded once.
package enum CommandWord {
  package static let restore = Array("RESTORE".utf8)
  package static let replace = Array("REPLACE".utf8)
  package static let zero = Array("0".utf8)
  package static let multi = Array("MULTI".utf8)
  package static let exec = Array("EXEC".utf8)
  package static let unlink = Array("UNLINK".utf8)
  package static let remove = Array("DEL".utf8)
  package static let expire = Array("PEXPIRE".utf8)
  package static let persist = Array("PERSIST".utf8)
  package static let rename = Array("RENAME".utf8)
  package static let renameIfMissing = Array("RENAMENX".utf8)
  package static let addToHash = Array("HSET".utf8)
  package static let addToList = Array("RPUSH".utf8)
  package static let addToSet = Array("SADD".utf8)
  package static let addToSortedSet = Array("ZADD".utf8)
  package static let addToStream = Array("XADD".utf8)
  package static let remainingTime = Array("PTTL".utf8)
  package static let type = Array("TYPE".utf8)
  package static let exists = Array("EXISTS".utf8)
  package static let isMember = Array("SISMEMBER".utf8)
  package static let removeFromSet = Array("SREM".utf8)
  package static let score = Array("ZSCORE".utf8)
  package static let removeFromSortedSet = Array("ZREM".utf8)
  package static let ifMissing = Array("NX".utf8)

  /// A number as an argument.
  package static func number(_ value: Int64) -> [UInt8] { Array(String(value).utf8) }
}
