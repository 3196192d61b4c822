import RDBFormat

/// The end of a payload of DUMP: two bytes of version, and eight of a checksum over all before them, both with the lowest
/// byte first (createDumpPayload in Redis' cluster.c).
struct DumpFooter {
  private static let size = 10

  /// The version of dumps that its server writes.
  let version: Int
  /// True where the checksum is that of the payload.
  let isIntact: Bool

  /// Nil for a payload that is too short to have one.
  init?(_ payload: [UInt8]) {
    guard payload.count > DumpFooter.size else { return nil }
    let footer = payload.suffix(DumpFooter.size)
    version = footer.prefix(2).reversed().reduce(0) { $0 << 8 | Int($1) }
    let sum = footer.suffix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    var checksum = CRC64()
    checksum.add(payload.span.extracting(0..<(payload.count - 8)))
    isIntact = checksum.value == sum
  }
}
