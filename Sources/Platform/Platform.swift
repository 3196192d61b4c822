// The system's C library, whatever the system calls it, for every room that calls it. A C header in its place would lose
// what only Swift's overlays bring: errno, and open and fcntl with their variable arguments.
#if canImport(Glibc)
  @_exported import Glibc
#elseif canImport(Musl)
  @_exported import Musl
#else
  @_exported import Darwin
#endif
