#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Random numbers that depend on a seed alone: the same in every run and on every machine, so that a failure can be
/// repeated.
///
/// Source: SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Begins the numbers of a seed.
  ///
  /// Seeds are mixed first: states one apart would give one and the same stream of numbers, shifted.
  package init(seed: some BinaryInteger) { state = Self.mixed(UInt64(truncatingIfNeeded: seed)) }

  /// Goes on from a state that is not mixed, for tests whose bounds were found with such a stream.
  package init(state: UInt64) { self.state = state }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  private static func mixed(_ state: UInt64) -> UInt64 {
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

// MARK: - Choices

extension SeededGenerator {
  /// A number from 0 to just under 1.
  package mutating func unit() -> Double { Double(next() >> 11) / Double(1 << 53) }

  /// A number from 0 to just under a bound.
  package mutating func below(_ bound: Int) -> Int { Int(unit() * Double(bound)) }

  /// True with a probability from 0 to 1.
  package mutating func chance(_ probability: Double) -> Bool { unit() < probability }

  /// One of several.
  package mutating func pick<T>(_ first: T, _ others: T...) -> T {
    let index = Int.random(in: 0...others.count, using: &self)
    return index == 0 ? first : others[index - 1]
  }
}

// MARK: - Distributions

extension SeededGenerator {
  /// A standard normal number (Box and Muller 1958).
  package mutating func normal() -> Double { (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit()) }

  /// A number whose logarithm is normal around `middle`.
  package mutating func lognormal(_ middle: Double, _ spread: Double) -> Double {
    exp(middle + spread * normal())
  }

  /// A number with mean 1 whose chance falls off exponentially.
  package mutating func exponential() -> Double { -log(1 - unit()) }

  /// A number from 1 on whose chance falls off with a power.
  package mutating func pareto(_ power: Double) -> Double { pow(1 - unit(), -1 / power) }

  /// How often something happens that happens `mean` times on average: Knuth's products for small means, the normal
  /// approximation for large ones.
  package mutating func poisson(_ mean: Double) -> Int {
    guard mean > 0 else { return 0 }
    guard mean < 200 else { return Swift.max(0, Int((mean + mean.squareRoot() * normal()).rounded())) }
    let limit = exp(-mean)
    var (count, product) = (0, unit())
    while product > limit {
      product *= unit()
      count += 1
    }
    return count
  }
}
