// Former names, for branches that still use them.
package typealias ServerFacts = ServerInfo

extension ServerInfo {
  package init(info: String) { self.init(text: info) }
  package static func upheavals(of channel: some CommandChannel) throws(ClientError) -> Int? {
    try flushesAndSwaps(of: channel)
  }
}

extension CommandChannel {
  package func ask(_ words: String...) throws(ClientError) -> Reply { try call(words.map { Array($0.utf8) }) }
  package func ask(_ words: [[UInt8]]) throws(ClientError) -> Reply { try call(words) }
}
