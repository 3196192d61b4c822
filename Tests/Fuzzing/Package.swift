// swift-tools-version: 6.2

import PackageDescription

// As in the root's manifest.
let localLibraries: [LinkerSetting] = [
  .unsafeFlags(
    ["-L/usr/local/lib", "-Xlinker", "-rpath", "-Xlinker", "/usr/local/lib"], .when(platforms: [.linux]))
]

// As in the root's manifest: the sources say which of their imports others see.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// A package of its own, so that what only fuzzing needs stays out of the root manifest. The sources are the root's.
// Fuzzer needs what `fuzz` passes: --sanitize fuzzer, for libFuzzer (its `main`, too) and its counters, and
// -enable-testing.
let package = Package(
  name: "fuzzing",
  targets: [
    .systemLibrary(name: "CHiredis"),
    .target(name: "Platform"),
    .target(name: "Bytes", swiftSettings: strict),
    .target(name: "Quantities", dependencies: ["Bytes"], swiftSettings: strict),
    .target(
      name: "RedisClient", dependencies: ["CHiredis", "Bytes", "Platform"], swiftSettings: strict,
      linkerSettings: localLibraries),
    .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "SeedFormat", dependencies: ["CSimdjson", "Bytes", "Platform"], swiftSettings: strict),
    .target(name: "Keyspace", dependencies: ["Quantities", "Bytes", "Platform"], swiftSettings: strict),
    .target(name: "RDBFormat", dependencies: ["Bytes"], swiftSettings: strict),
    .target(name: "TestSupport"),
    .executableTarget(name: "SeedFuzzer", dependencies: ["SeedFormat", "Bytes", "TestSupport"]),
    .executableTarget(
      name: "Fuzzer", dependencies: ["RedisClient", "Keyspace", "RDBFormat", "Bytes", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
