#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A random number generator whose numbers depend on its seed alone (SplitMix64, Steele, Lea and Flood 2014).
struct Seeded: RandomNumberGenerator, Sendable {
  private var state: UInt64

  // States one apart give one and the same stream of numbers, shifted: seeds are mixed first.
  init(_ seed: Int) { state = Seeded.mixed(UInt64(bitPattern: Int64(seed))) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Seeded.mixed(state)
  }

  private static func mixed(_ state: UInt64) -> UInt64 {
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// A number from 0 to just under 1.
  mutating func unit() -> Double { Double(next() >> 11) / Double(1 << 53) }

  /// A number below a bound.
  mutating func below(_ bound: Int) -> Int { Int(unit() * Double(bound)) }

  mutating func chance(_ probability: Double) -> Bool { unit() < probability }

  /// A standard normal number (Box and Muller 1958).
  mutating func normal() -> Double { (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit()) }

  /// A number whose logarithm is normal around `middle`.
  mutating func lognormal(_ middle: Double, _ spread: Double) -> Double { exp(middle + spread * normal()) }

  /// A number with mean 1 whose chance falls off exponentially.
  mutating func exponential() -> Double { -log(1 - unit()) }

  /// A number from 1 on whose chance falls off with a power.
  mutating func pareto(_ power: Double) -> Double { pow(1 - unit(), -1 / power) }
}
