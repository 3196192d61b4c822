import Foundation
import Testing

extension RedisServer {
  /// The names of all keys as text, for keyspaces that hold only such.
  package func names(_ pattern: String = "*") throws -> Set<String> {
    Set(try keys(pattern).map { String(decoding: $0, as: UTF8.self) })
  }

  /// What each key holds, as a digest, and whether it has a TTL; inside the server, the fastest way.
  package func contents() throws -> [[UInt8]: [UInt8]] {
    let script = """
      local all = {}
      for _, key in ipairs(redis.call('KEYS', '*')) do
        all[#all + 1] = key
        local lasts = redis.call('PTTL', key) < 0 and 'lasts' or 'expires'
        all[#all + 1] = redis.sha1hex(redis.call('DUMP', key)) .. lasts
      end
      return all
      """
    let reply = try #require(try connection().command("EVAL", script, "0").elements)
    var contents: [[UInt8]: [UInt8]] = [:]
    for index in stride(from: 0, to: reply.count - 1, by: 2) {
      if let key = reply[index].bytes, let digest = reply[index + 1].bytes { contents[key] = digest }
    }
    return contents
  }

  /// The TTL of a key in milliseconds; -1 where it never expires, -2 where there is no key.
  package func remaining(_ key: String) throws -> Int {
    try #require(try connection().command("PTTL", key).integer)
  }

  /// The TTLs of many keys.
  package func remaining(_ keys: [String]) throws -> [Int] {
    try pipeline(keys.map { [Array("PTTL".utf8), Array($0.utf8)] }).map { try #require($0.integer) }
  }

  /// What each key holds, as a digest that does not depend on how a table lies in memory, and whether it expires.
  package func sortedContents(besides pattern: String? = nil) throws -> [[UInt8]: [UInt8]] {
    let script = """
      local function read(key, kind)
        if kind == 'hash' then
          local pairs, flat = {}, redis.call('HGETALL', key)
          for i = 1, #flat, 2 do pairs[#pairs + 1] = flat[i] .. '=' .. flat[i + 1] end
          table.sort(pairs)
          return table.concat(pairs, '\\0')
        elseif kind == 'set' then
          local members = redis.call('SMEMBERS', key)
          table.sort(members)
          return table.concat(members, '\\0')
        end
        return redis.call('DUMP', key)
      end
      local all, left = {}, {}
      if ARGV[1] ~= '' then for _, key in ipairs(redis.call('KEYS', ARGV[1])) do left[key] = true end end
      for _, key in ipairs(redis.call('KEYS', '*')) do
        if not left[key] then
          local kind = redis.call('TYPE', key).ok
          local lasts = redis.call('PTTL', key) < 0 and 'lasts' or 'expires'
          all[#all + 1] = key
          all[#all + 1] = kind .. redis.sha1hex(read(key, kind)) .. lasts
        end
      end
      return all
      """
    let reply = try connection().command("EVAL", script, "0", pattern ?? "", timeout: .seconds(30))
    let all = try #require(reply.elements, "\(reply)")
    var contents: [[UInt8]: [UInt8]] = [:]
    for index in stride(from: 0, to: all.count - 1, by: 2) {
      if let key = all[index].bytes, let digest = all[index + 1].bytes { contents[key] = digest }
    }
    return contents
  }
}
