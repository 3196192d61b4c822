import RedisClient

/// What a server can do of that which a warming would use, and what is used in its place.
struct WarmAbilities {
  /// Why the server takes no transactions; nil where it does.
  ///
  /// Where MULTI is refused, the server would carry out the commands after it one by one, and a key could be lost before
  /// its new value is refused.
  var transactionRefusal: ServerError?
  /// The command that removes a key: UNLINK, or before Redis 4.0 DEL.
  var removal = CommandWord.unlink
  /// False before Redis 3.0, where RESTORE takes no REPLACE.
  var restoresInPlace = true

  /// What a server of some version can do as far as its version shows.
  init(version: String? = nil) {
    let major = version?.split(separator: ".").first.flatMap { Int($0) }
    restoresInPlace = major.map { $0 >= 3 } ?? true
  }

  /// What the report says of it.
  var warnings: [String] {
    removal == CommandWord.unlink
      ? [] : ["UNLINK is not available here: DEL takes its place, and frees values while all clients wait"]
  }
}
