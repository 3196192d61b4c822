import SeedFormat
import TestSupport

// SeedFuzzer [INPUTS [SEED]]: hands mutated seeds to the readers. A trap ends the process; everything else that must
// hold is checked here, and the input that breaks it is printed with the number that makes it again.

let arguments = CommandLine.arguments
let inputs = arguments.count > 1 ? Int(arguments[1]) ?? 1_000_000 : 1_000_000
let first = arguments.count > 2 ? UInt64(arguments[2]) ?? 1 : UInt64.random(in: 0...UInt64.max)
print("\(inputs) inputs from seed \(first)")

/// Reads an input in pieces of random length, or whole where `random` is nil.
func items(_ input: [UInt8], _ format: SeedFormat?, _ random: inout SeededGenerator, isCut: Bool)
  -> [SeedItem]
{
  var reader = SeedReader(format: format)
  var items: [SeedItem] = []
  var rest = input[...]
  while !rest.isEmpty {
    let length = isCut ? min(rest.count, Int.random(in: 1...16, using: &random)) : rest.count
    reader.feed(Array(rest.prefix(length)))
    rest = rest.dropFirst(length)
    while let item = reader.next() { items.append(item) }
  }
  reader.finish()
  while let item = reader.next() { items.append(item) }
  return items
}

/// What a record becomes when it is written and read once more; scores and JSON may be written otherwise.
func reread(_ record: SeedRecord, _ random: inout SeededGenerator) -> SeedRecord? {
  var line: [UInt8] = []
  SeedWriter.append(record, to: &line)
  guard case .record(let again, _) = items(line, .jsonl, &random, isCut: false).first else { return nil }
  return again
}

func fail(_ what: String, _ number: Int, _ input: [UInt8]) -> Never {
  // What is printed to a pipe would be lost with the process.
  fatalError("input \(number) of seed \(first): \(what)\n\(String(decoding: input, as: UTF8.self))\n\(input)")
}

var (records, rejected, refused) = (0, 0, 0)
for number in 0..<inputs {
  var random = SeededGenerator(seed: first &+ UInt64(number))
  let input = Mutation.input(&random)
  let format =
    [nil, nil, nil, SeedFormat.jsonl, .csv, .resp, .redisDump].randomElement(using: &random) ?? nil
  let whole = items(input, format, &random, isCut: false)
  if items(input, format, &random, isCut: true) != whole {
    fail("the items depend on the pieces", number, input)
  }
  for item in whole {
    switch item {
    case .rejected: rejected += 1
    case .refused: refused += 1
    case .record(let record, _):
      records += 1
      guard let again = reread(record, &random) else { fail("a record is not read back", number, input) }
      if again.key != record.key || again.tags != record.tags { fail("a record changes", number, input) }
      if reread(again, &random) != again { fail("a record changes again", number, input) }
    }
  }
}
print("\(records) records, \(rejected) rejected, \(refused) files refused: nothing found")
