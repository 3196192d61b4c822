// swift-tools-version: 6.2

import PackageDescription

// As in the root's manifest.
let localLibraries: [LinkerSetting] = [
  .unsafeFlags(
    ["-L/usr/local/lib", "-Xlinker", "-rpath", "-Xlinker", "/usr/local/lib"], .when(platforms: [.linux]))
]

// A package of its own, so that what only fuzzing needs stays out of the root manifest. The sources are the root's.
// Fuzzer needs what `fuzz` passes: --sanitize fuzzer, for libFuzzer (its `main`, too) and its counters, and
// -enable-testing.
let package = Package(
  name: "fuzzing",
  targets: [
    .systemLibrary(name: "CHiredis"),
    .target(name: "RedisClient", dependencies: ["CHiredis"], linkerSettings: localLibraries),
    .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "Keyspace", dependencies: ["CSimdjson"]),
    .executableTarget(name: "SeedFuzzer", dependencies: ["Keyspace"]),
    .executableTarget(name: "Fuzzer", dependencies: ["RedisClient", "Keyspace"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
