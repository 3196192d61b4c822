/// Why bytes could not be unpacked.
package enum GzipError: Error, Sendable, Equatable {
  /// The bytes are no gzip, or are damaged.
  case damaged
  /// The bytes end before the packed data does.
  case truncated
  /// There is no memory for the packing or unpacking.
  case outOfMemory
}
