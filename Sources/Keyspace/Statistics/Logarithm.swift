#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Double {
  /// The natural logarithm, from the C library of whichever system this is.
  var logarithm: Double { log(self) }
}
