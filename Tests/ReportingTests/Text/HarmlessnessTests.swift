import Bytes
import Testing

@testable import Reporting

/// Whatever the keys hold, nothing that is rendered may steer a terminal.
struct HarmlessnessTests {
  static let keys = HostileBytes.samples + HostileBytes.random(count: 2_000, seed: 20_260_131)

  @Test func keysAreHarmless() throws {
    for key in Self.keys {
      let lossy = String(decoding: key, as: UTF8.self)
      let texts = [
        KeyText.quoted(key), KeyText.pattern(key), KeyText.sanitized(key), KeyText.sanitized(lossy),
        KeyText.display(key, maxWidth: 12), KeyText.shellQuoted(lossy),
        KeyText.shellQuoted(KeyText.pattern(key)),
      ]
      for text in texts {
        #expect(!HostileBytes.isHarmful(text), "\(key) gave \(text.debugDescription)")
      }
      #expect(KeyText.sanitized(KeyText.quoted(key)) == KeyText.quoted(key))
    }
  }

  @Test func jsonIsHarmless() throws {
    for key in Self.keys {
      let raw = JSON.string(String(decoding: key, as: UTF8.self))
      let value: JSON = .object([(String(decoding: key, as: UTF8.self), .array([.key(key), raw]))])
      let compact = try #require(String(validating: value.serialized(), as: UTF8.self))
      #expect(!HostileBytes.isHarmful(compact), "\(key)")
      let pretty = try #require(String(validating: value.serialized(pretty: true), as: UTF8.self))
      #expect(!HostileBytes.isHarmful(pretty, allowing: ["\n"]), "\(key)")
    }
  }

  @Test func csvForTerminalsIsHarmless() throws {
    for key in Self.keys {
      let row = CSV(forTerminal: true).row(
        CSV.names([key]).cells + [.text(String(decoding: key, as: UTF8.self))])
      let text = try #require(String(validating: row, as: UTF8.self))
      #expect(text.hasSuffix("\n"))
      #expect(!HostileBytes.isHarmful(String(text.dropLast())), "\(key)")
    }
  }

  @Test func tablesAreHarmlessAndFit() {
    for chunk in stride(from: 0, to: Self.keys.count, by: 50) {
      let keys = Self.keys[chunk..<min(chunk + 50, Self.keys.count)]
      var table = Table(columns: [
        .init("KEY", truncates: true), .init("RAW", priority: 1, truncates: true),
        .init("BYTES", alignment: .right),
      ])
      for key in keys {
        // The raw text comes from a caller that forgot to escape.
        table.append([
          .init(KeyText.quoted(key)), .init(String(decoding: key, as: UTF8.self)), .init("\(key.count)"),
        ])
      }
      for width in [20, 40, 80] {
        let text = table.render(width: width, style: .plain)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == keys.count + 2)
        for line in lines {
          #expect(!HostileBytes.isHarmful(String(line)))
          #expect(TextWidth.columns(String(line)) <= width)
          #expect(!line.hasSuffix(" "))
        }
      }
    }
  }
}
