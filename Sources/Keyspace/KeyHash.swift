/// A hash of a key's bytes that is the same in every run, on every machine.
///
/// It spreads moments over keys (jitter, soft expiry), so that a second run draws the same moment for the same
/// key. A table of keys that anyone may name needs a seed: without one anybody can make keys that collide.
public enum KeyHash {
  /// The 64-bit FNV-1a hash of the bytes behind a seed, with the finishing steps of MurmurHash3 so that all bits vary.
  ///
  /// Sources: the parameters of draft-eastlake-fnv, and `fmix64` of MurmurHash3. O(length of the key).
  public static func value(_ key: Span<UInt8>, seed: UInt64 = 0) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ seed
    for index in key.indices { hash = (hash ^ UInt64(key[index])) &* 0x0000_0100_0000_01b3 }
    hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
    hash = (hash ^ hash >> 33) &* 0xc4ce_b9fe_1a85_ec53
    return hash ^ hash >> 33
  }

  /// A fraction derived from the key: at least 0 and below 1, evenly spread over keys.
  public static func fraction(_ key: Span<UInt8>) -> Double {
    // A Double holds 53 bits exactly.
    Double(value(key) >> 11) / 0x1p53
  }
}
