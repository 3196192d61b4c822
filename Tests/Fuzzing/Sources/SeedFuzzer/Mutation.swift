import TestSupport

/// Makes inputs out of valid seeds: bytes changed, cut out, doubled, put in, and pieces of two seeds joined.
struct Mutation {
  /// Valid seeds of every format.
  static let seeds: [[UInt8]] = [
    #"{"key":"app:v2:user:1","type":"string","value":"a\nb\u00e9\ud83d\ude00","ttl":3600,"tags":["u:1"]}"#,
    #"{"key":"h","type":"hash","value":{"a":"1","b":"2"},"ttl":-1}"#,
    #"{"key":"l","type":"list","value":["a","","c"],"expires_at":1999999999999}"#,
    #"{"key":"s","type":"set","value":["x","y"]}"#,
    #"{"key":"z","type":"zset","value":[["m",1.5e3],["n","-inf"]]}"#,
    #"{"key":"st","type":"stream","value":[["1-1",{"f":"v"}],["2-0",[["f","v"],["f","w"]]]]}"#,
    #"{"key":"YQD/","type":"dump","value":"AAH/","encoding":"base64"}"#,
    #"{"key":"j","json":{"a":[1,2.50,{"b":null}]}}"#,
    #"{"db":0,"key":"k","ttl":-1,"type":"zset","value":[["a","1"]],"size":5}"#,
    "key,value,ttl,type\r\n\"a,\"\"b\",\"line\nend\",60,string\r\nk,v,,\n",
    "*5\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\nv\r\nw\r\n$2\r\nEX\r\n$2\r\n60\r\n*3\r\n$5\r\nRPUSH\r\n$1\r\nl\r\n$1\r\na\r\n",
    "*5\r\n$4\r\nXADD\r\n$1\r\ns\r\n$3\r\n1-1\r\n$1\r\nf\r\n$1\r\nv\r\n*3\r\n$6\r\nEXPIRE\r\n$1\r\ns\r\n$2\r\n60\r\n",
  ].map { Array($0.utf8) }

  /// Bytes at which readers decide something.
  private static let telling =
    Array("{}[]\":,\\\r\n*$-+.0e\u{0}\u{7F} tnfu".utf8) + [0xEF, 0xBB, 0xBF, 0xFF, 0xFE, 0x80]

  /// An input of some lines.
  static func input(_ random: inout SeededGenerator) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      bytes += seeds[Int.random(in: 0..<seeds.count, using: &random)]
      if Int.random(in: 0..<8, using: &random) > 0 { bytes.append(UInt8(ascii: "\n")) }
    }
    for _ in 0..<Int.random(in: 0...6, using: &random) { mutate(&bytes, &random) }
    return bytes
  }

  private static func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    guard !bytes.isEmpty else { return }
    let place = Int.random(in: 0..<bytes.count, using: &random)
    let end = min(bytes.count, place + Int.random(in: 1...12, using: &random))
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes[place] = telling[Int.random(in: 0..<telling.count, using: &random)]
    case 2: bytes.insert(telling[Int.random(in: 0..<telling.count, using: &random)], at: place)
    case 3: bytes.removeSubrange(place..<end)
    case 4: bytes.insert(contentsOf: bytes[place..<end], at: place)
    default: bytes.removeLast(bytes.count - place)
    }
  }
}
