import Testing

@testable import RDBFormat

/// The parts of the reader by themselves.
struct RDBPartsTests {
  @Test func theChecksumHasItsCheckValue() {
    var sum = CRC64()
    sum.add(Array("123456789".utf8).span)
    #expect(sum.value == 0xe9c6_d914_c4b8_d9ca)
    var parts = CRC64()
    for byte in Array("123456789".utf8) { parts.add([byte].span) }
    #expect(parts == sum)
  }

  @Test func unpackingForgetsNothingThatIsReferredTo() throws {
    // 8,192 bytes, and then references that reach exactly as far back, more of them than the buffer holds.
    let start = (0..<8192).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 5) }
    var packed: [UInt8] = []
    for index in stride(from: 0, to: start.count, by: 32) { packed += [31] + start[index..<index + 32] }
    let copies = 1000
    for _ in 0..<copies { packed += [0xff, 255 - 9 + 0, 0xff] }
    var expected = start
    for _ in 0..<copies { for _ in 0..<255 { expected.append(expected[expected.count - 8192]) } }
    var decoder = LZFDecoder()
    decoder.begin(length: expected.count)
    var unpacked: [UInt8] = []
    var position = 0
    while position < packed.count {
      position = try decoder.decode(packed.span, from: position)
      unpacked += decoder.buffer[decoder.fresh]
      decoder.take()
    }
    #expect(decoder.isWhole)
    #expect(unpacked == expected)
  }

  @Test(
    arguments: [
      (0, 1), (9, 1), (10, 2), (-1, 2), (-128, 4), (Int64.max, 19), (Int64.min, 20),
    ] as [(Int64, Int)])
  func integersHaveTheLengthOfTheirDigits(value: Int64, length: Int) {
    #expect(value.textLength == length)
  }

  @Test(arguments: [
    (1, 8), (8, 8), (9, 16), (17, 32), (128, 128), (129, 160), (161, 192), (256, 256), (257, 320),
    (4096, 4096), (4097, 5120), (1_000_001, 1_048_576),
  ])
  func sizesAreThoseOfTheAllocator(request: Int, size: Int) {
    #expect(AllocatorClasses(quantum: 16).size(for: request) == size)
  }

  @Test func serversAreToldApart() {
    let redis = RDBMemoryModel(.redis, server: Array("7.0.15".utf8))
    #expect(redis == RDBMemoryModel())
    let valkey = RDBMemoryModel(.valkey, server: Array("8.0.1".utf8))
    #expect(valkey.embedsNames && valkey.isCompact && valkey.isMeasured)
    let newer = RDBMemoryModel(.redis, server: Array("8.2.0".utf8))
    #expect(!newer.isMeasured && newer.relativeError > valkey.relativeError)
    #expect(!RDBMemoryModel(.redis, server: Array("x".utf8)).isMeasured)
  }
}
