import Testing

@testable import RDBFormat

/// Dumps of real servers against what those servers said of their keys.
struct RDBSampleTests {
  @Test(arguments: DumpSample.names) func everyKeyIsAsTheServerSaid(name: String) throws {
    let sample = try DumpSample(name)
    let reading = DumpReading(sample.bytes)
    #expect(reading.error == nil)
    #expect(reading.checksum == .verified)
    #expect(reading.libraries == [68])
    #expect(reading.entries.count == sample.truths.count)
    for truth in sample.truths {
      let entry = try #require(
        reading.entries.first { $0.key.name == truth.name && $0.key.database == truth.database })
      #expect(entry.typeName == truth.type)
      #expect(entry.encoding.rawValue == truth.encoding, "\(truth)")
      #expect(entry.key.expiresAt == truth.expiresAt)
      #expect(entry.elements == truth.elements)
      if truth.largest >= 0 { #expect(entry.largestElement == truth.largest, "\(truth)") }
    }
  }

  @Test(arguments: DumpSample.names) func piecesDoNotMatter(name: String) throws {
    let sample = try DumpSample(name)
    let whole = DumpReading(sample.bytes, keepsPayloads: true)
    for piece in [1, 2, 3, 7, 64, 4096] {
      #expect(DumpReading(sample.bytes, piece: piece, keepsPayloads: true) == whole)
    }
  }

  @Test(arguments: DumpSample.names) func payloadsAreTheBytesOfTheFile(name: String) throws {
    let sample = try DumpSample(name)
    for entry in DumpReading(sample.bytes, keepsPayloads: true).entries {
      let payload = try #require(entry.payload)
      let range = entry.payloadOffset..<entry.payloadOffset + entry.payloadLength
      #expect(Array(payload.dropFirst()) == Array(sample.bytes[range]))
      let truth = sample.truths.first { $0.name == entry.key.name && $0.database == entry.key.database }
      // DUMP compresses a single string in the same way, and orders nothing anew.
      #expect(payload.count == truth?.payload)
    }
  }

  @Test(arguments: DumpSample.names) func memoryIsEstimatedCloselyKeyByKeyAndByType(name: String) throws {
    let sample = try DumpSample(name)
    let entries = DumpReading(sample.bytes).entries
    var far = 0
    for (type, truths) in Dictionary(grouping: sample.truths, by: \.type) {
      let pairs = truths.map { truth in
        (
          truth.memory,
          entries.first { $0.key.name == truth.name && $0.key.database == truth.database }?.memoryBytes ?? 0
        )
      }
      let (real, estimate) = pairs.reduce((0, 0)) { ($0.0 + $1.0, $0.1 + $1.1) }
      #expect(abs(Double(estimate) / Double(real) - 1) < 0.03, "\(type): \(estimate) of \(real)")
      far += pairs.count { abs(Double($1) / Double($0) - 1) > 0.1 }
    }
    #expect(far * 20 < sample.truths.count)
  }

  @Test func aFileThatEndsEarlyIsRefusedWhereverItEnds() throws {
    let bytes = try DumpSample.small()
    let whole = DumpReading(bytes)
    #expect(whole.error == nil && whole.entries.count == 12)
    for length in bytes.indices {
      let reading = DumpReading(Array(bytes[..<length]), piece: 100)
      #expect(reading.error?.kind == (length < RDBVersion.magicLength ? .notADump : .truncated))
      #expect(reading.error?.keys == reading.entries.count)
      #expect(whole.entries.starts(with: reading.entries))
    }
  }

  @Test func aDamagedByteIsAlwaysNoticed() throws {
    let bytes = try DumpSample.small()
    for index in bytes.indices {
      for mask: UInt8 in [1, 0x80, 0xff] {
        var damaged = bytes
        damaged[index] ^= mask
        let reading = DumpReading(damaged)
        // A version below 5 has no checksum.
        #expect(reading.error != nil || index < RDBVersion.magicLength, "byte \(index)")
        #expect(DumpReading(damaged, piece: 3).error == reading.error)
      }
    }
  }

  @Test func withoutAChecksumDamageIsRefusedOrHarmless() throws {
    let bytes = try DumpSample.small()
    for index in bytes.indices {
      for step: UInt8 in [1, 0x41, 0xbf] {
        var damaged = bytes
        damaged[index] &+= step
        let reading = DumpReading(damaged, checks: false)
        #expect(reading.entries.count <= bytes.count)
        if let error = reading.error { #expect((0...bytes.count).contains(error.offset)) }
      }
    }
  }

  @Test func theServerIsNamed() throws {
    let redis = DumpReading(try DumpSample("redis-7.0").bytes)
    #expect(redis.facts[Array("redis-ver".utf8)] == Array("7.0.15".utf8))
    #expect(redis.version == RDBVersion(.redis, 10))
    #expect(DumpReading(try DumpSample("valkey-8.0").bytes).facts[Array("valkey-ver".utf8)] != nil)
  }
}
