/// Words of commands, encoded once.
enum CommandWord {
  static let restore = Array("RESTORE".utf8)
  static let replace = Array("REPLACE".utf8)
  static let zero = Array("0".utf8)
  static let multi = Array("MULTI".utf8)
  static let exec = Array("EXEC".utf8)
  static let unlink = Array("UNLINK".utf8)
  static let expire = Array("PEXPIRE".utf8)
  static let persist = Array("PERSIST".utf8)
  static let rename = Array("RENAME".utf8)
  static let renameIfMissing = Array("RENAMENX".utf8)
  static let addToHash = Array("HSET".utf8)
  static let addToList = Array("RPUSH".utf8)
  static let addToSet = Array("SADD".utf8)
  static let addToSortedSet = Array("ZADD".utf8)
  static let addToStream = Array("XADD".utf8)
  static let remainingTime = Array("PTTL".utf8)
  static let type = Array("TYPE".utf8)
  static let exists = Array("EXISTS".utf8)

  /// A number as an argument.
  static func number(_ value: Int64) -> [UInt8] { Array(String(value).utf8) }
}
