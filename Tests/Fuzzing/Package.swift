// swift-tools-version: 6.2

import PackageDescription

// A package of its own, so that what only fuzzing needs stays out of the root manifest. The sources are the root's.
let package = Package(
  name: "fuzzing",
  targets: [
    .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "Keyspace", dependencies: ["CSimdjson"]),
    .executableTarget(name: "SeedFuzzer", dependencies: ["Keyspace"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
