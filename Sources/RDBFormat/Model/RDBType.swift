/// The types of values, as the command TYPE names them.
package enum RDBType: String, Sendable {
  /// A string.
  case string
  /// A list.
  case list
  /// A set.
  case set
  /// A sorted set.
  case zset
  /// A hash.
  case hash
  /// A stream.
  case stream
  /// A value that only a module understands; its own name is beside it.
  case module
}

/// How the server that wrote the dump held a value.
package enum RDBEncoding: String, Sendable {
  /// A string that is an integer.
  case int
  /// A short string.
  case embstr
  /// A long string.
  case raw
  /// A linked list, before quicklists.
  case linkedlist
  /// Nodes of packed elements.
  case quicklist
  /// One piece of packed elements, of Redis before 7.0.
  case ziplist
  /// One piece of packed elements.
  case listpack
  /// One piece of packed elements with a time to live for each.
  case listpackEx = "listpackex"
  /// Packed fields of Redis 2.
  case zipmap
  /// Packed integers.
  case intset
  /// A hash table.
  case hashtable
  /// A hash table and a skip list.
  case skiplist
  /// A tree of packed entries.
  case stream
  /// A module's own.
  case module
}
