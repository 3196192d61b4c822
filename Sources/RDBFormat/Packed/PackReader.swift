/// Reads packed elements of any format as they pass.
struct PackReader {
  private(set) var count = PackCount()

  private var format = PackFormat.listpack
  private var listpack = ListpackWalker()
  private var ziplist = ZiplistWalker()
  private var zipmap = ZipmapWalker()
  private var intset = IntsetWalker()

  /// Begins a pack of a length in bytes.
  mutating func begin(_ format: PackFormat, length: Int, _ value: RecordLayouts.Value) {
    self.format = format
    count = PackCount(stride: value.stride, measured: value.measured)
    switch format {
    case .listpack: listpack.begin(length: length)
    case .ziplist: ziplist.begin(length: length)
    case .zipmap: zipmap.begin(length: length)
    case .intset: intset.begin(length: length)
    }
  }

  /// Takes the next bytes.
  mutating func take(_ bytes: Span<UInt8>) throws(RDBError.Kind) {
    switch format {
    case .listpack: try listpack.take(bytes, &count)
    case .ziplist: try ziplist.take(bytes, &count)
    case .zipmap: try zipmap.take(bytes, &count)
    case .intset: try intset.take(bytes, &count)
    }
  }

  /// True where the pack has come to its own end, and no element is cut off.
  var isWhole: Bool {
    guard count.isEven else { return false }
    return switch format {
    case .listpack: listpack.isWhole
    case .ziplist: ziplist.isWhole
    case .zipmap: zipmap.isWhole
    case .intset: intset.isWhole
    }
  }
}
