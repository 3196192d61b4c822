/// How a server lays keys and values out in memory: what follows from its family and version.
///
/// An estimate made by it is to be what MEMORY USAGE with SAMPLES 0 would say. Sources: `objectComputeSize` of the servers,
/// and the sizes of their structures on machines of 64 bits. Measured against Redis 7.0.15 and Valkey 8.0.1.
package struct RDBMemoryModel: Sendable, Equatable {
  /// The classes of sizes of the allocator.
  var allocator = AllocatorClasses()
  /// Whether names of keys lie inside the entries of the dictionary (Valkey 8.0).
  var embedsNames = false
  /// Whether small lists are one listpack, and sets spare entries that lead to one member only (Redis 7.2, Valkey 7.2).
  var isCompact = false
  /// Bytes of a consumer of a stream.
  var consumer = 24
  /// The version is one that the model was measured against.
  var isMeasured = true

  /// The model of Redis 7.0.
  package init() {}

  /// The model of a server by what its dump says of it: the family, and the version such as `7.0.15`.
  package init(_ family: RDBVersion.Family, server: [UInt8]) {
    let numbers = server.split(separator: UInt8(ascii: ".")).map { digits in
      digits.reduce(0) { min(1000, $0 * 10 + Int($1 &- 0x30)) }
    }
    let release = (numbers.first ?? 0) * 100 + (numbers.dropFirst().first ?? 0)
    embedsNames = family == .valkey && release >= 800
    isCompact = release >= 702
    consumer = isCompact ? 32 : 24
    isMeasured = family == .valkey ? release == 800 : release == 700
  }

  /// How far off a group's sum may be, relative to it; larger for servers against which nothing was measured.
  package var relativeError: Double { isMeasured ? 0.03 : 0.25 }

  /// The longest string that lies in one piece with its object.
  static let longestEmbedded = 44
  /// Bytes of the structure in front of every value.
  static let object = 16
  /// Bytes of an entry of a dictionary.
  static let entry = 24
  /// Bytes of a dictionary without its table.
  static let dictionary = 56
}

/// The sizes that an allocator hands out: jemalloc's, which servers are built with.
///
/// Up to eight quanta they are a quantum apart; beyond, there are four in each doubling.
struct AllocatorClasses: Sendable, Equatable {
  /// 16 bytes in jemalloc as systems have it, 8 in the one that servers bring along.
  var quantum = 16

  /// The bytes that are handed out for a request.
  func size(for request: Int) -> Int {
    if request <= 8 { return 8 }
    if request <= 8 * quantum { return (request &+ quantum &- 1) & ~(quantum &- 1) }
    let step = 1 << (Int.bitWidth &- (request &- 1).leadingZeroBitCount &- 3)
    return (request &+ step &- 1) & ~(step &- 1)
  }

  /// The bytes of a string of a length: a head that grows with it, and a byte of zero behind it.
  func string(_ length: Int) -> Int { size(for: AllocatorClasses.stringHead(length) &+ length &+ 1) }

  /// The bytes of the head of a string of a length.
  static func stringHead(_ length: Int) -> Int {
    switch length {
    case ..<32: 1
    case ..<256: 3
    case ..<65_536: 5
    case ..<(1 << 32): 9
    default: 17
    }
  }
}
