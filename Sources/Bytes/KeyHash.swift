/// A hash of a key's bytes that is the same in every run, on every machine.
///
/// Jitter and soft expiry derive a moment from it, so that a second run computes the same moment for the same
/// key. A hash table needs a seed: without one, a client can choose keys that collide.
package enum KeyHash {
  /// The 64-bit FNV-1a hash of the bytes behind a seed, with the finishing steps of MurmurHash3 so that all bits vary.
  ///
  /// Sources: the parameters of draft-eastlake-fnv, and `fmix64` of MurmurHash3. O(length of the key).
  package static func value(_ key: Span<UInt8>, seed: UInt64 = 0) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ seed
    for index in key.indices { hash = (hash ^ UInt64(key[index])) &* 0x0000_0100_0000_01b3 }
    hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
    hash = (hash ^ hash >> 33) &* 0xc4ce_b9fe_1a85_ec53
    return hash ^ hash >> 33
  }

  /// A hash for tables of one run, eight bytes at a time; three times as fast as ``value(_:seed:)`` for names
  /// of 30 bytes.
  ///
  /// The bytes are folded in by multiplication, 128 bits into 64 (the "mum" of W. Yi's wyhash); the length is one of the
  /// words, so that zeros behind a short name do not count. O(length of the key).
  package static func tableValue(_ key: Span<UInt8>, seed: UInt64) -> UInt64 {
    let bytes = key.bytes
    var hash = mum(
      seed ^ 0xa076_1d64_78bd_642f, UInt64(truncatingIfNeeded: key.count) ^ 0xe703_7ed1_a0b4_28db)
    var position = 0
    while position &+ 8 <= bytes.byteCount {
      hash = mum(hash ^ word(bytes, position), 0x8ebc_6af0_9c88_c6e3)
      position &+= 8
    }
    return mum(hash ^ rest(of: bytes), 0x5899_65cc_7537_4cc3)
  }

  /// An unpredictable seed, so that no client can choose keys that collide.
  package static var newSeed: UInt64 { .random(in: .min ... .max) }

  private static func word(_ bytes: RawSpan, _ position: Int) -> UInt64 {
    // Invariant of this load and the next two: the bytes lie there, as the caller has checked; each is bounds-checked all
    // the same, and any bits are a number.
    bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self)
  }

  /// The last bytes, up to eight, some of them twice where that spares a loop.
  private static func rest(of bytes: RawSpan) -> UInt64 {
    let count = bytes.byteCount
    if count >= 8 { return word(bytes, count - 8) }
    if count >= 4 { return half(bytes, 0) | half(bytes, count - 4) << 32 }
    return count == 0 ? 0 : byte(bytes, 0) | byte(bytes, count / 2) << 8 | byte(bytes, count - 1) << 16
  }

  private static func half(_ bytes: RawSpan, _ position: Int) -> UInt64 {
    UInt64(bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt32.self))
  }

  private static func byte(_ bytes: RawSpan, _ position: Int) -> UInt64 {
    UInt64(bytes.unsafeLoad(fromByteOffset: position, as: UInt8.self))
  }

  private static func mum(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low ^ a
  }

  /// A fraction derived from the key: at least 0 and below 1, evenly spread over keys.
  package static func fraction(_ key: Span<UInt8>) -> Double {
    // A Double holds 53 bits exactly.
    Double(value(key) >> 11) / 0x1p53
  }
}
