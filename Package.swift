// swift-tools-version: 6.2

import PackageDescription

// hiredis built from source lives under /usr/local, where Swift's linker does not look by itself. A release takes the
// archives that `make build` links into a folder of their own, so that the binary brings hiredis along.
let localLibraries: [LinkerSetting] = [
  .unsafeFlags(
    ["-L\(Context.packageDirectory)/.build/archives"],
    .when(platforms: [.linux], configuration: .release)),
  .unsafeFlags(
    ["-L/usr/local/lib", "-Xlinker", "-rpath", "-Xlinker", "/usr/local/lib"], .when(platforms: [.linux])),
]

// Nothing looks up the symbols of the binary: unexported, the unused ones are left out, half a megabyte. Functions of the
// same instructions become one, which takes lld; that and a section for each function (Makefile) save a megabyte.
let small: [LinkerSetting] = [
  .unsafeFlags(
    ["-use-ld=lld", "-Xlinker", "--no-export-dynamic", "-Xlinker", "--icf=all"],
    .when(platforms: [.linux], configuration: .release))
]

// An import says who sees it, and what a file uses it names itself.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

// What runs once a run, not once a key, is compiled for size.
let compact: [SwiftSetting] = strict + [.unsafeFlags(["-Osize"], .when(configuration: .release))]

// Tests run with the checks of exclusive access, and `make test-exclusive` has them in a release. `scan --exact --pace full`
// of 1,000,000 keys takes 0.88 s of user time with them, 0.78 s without (medians of 3 pairs, on a busy machine). What is
// small and done for each key lies in another module than its caller: inlined, it takes a twentieth less.
let exclusivity = Context.environment["REDISCACHE_EXCLUSIVITY"] ?? "unchecked"
let optimised: [SwiftSetting] =
  strict + [
    .unsafeFlags(
      ["-enforce-exclusivity=\(exclusivity)", "-cross-module-optimization"], .when(configuration: .release))
  ]

let package = Package(
  name: "rediscache",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "rediscache", targets: ["rediscache"])
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .target(name: "Platform"),
    .target(name: "Bytes", swiftSettings: optimised),
    .target(name: "Quantities", dependencies: ["Bytes"], swiftSettings: compact),
    .target(
      name: "Keyspace", dependencies: ["Quantities", "Bytes", "Platform"], swiftSettings: optimised),
    .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
    .target(
      name: "SeedFormat", dependencies: ["CSimdjson", "Bytes", "Platform"], swiftSettings: optimised),
    .target(name: "RDBFormat", dependencies: ["Bytes"], swiftSettings: optimised),
    .systemLibrary(name: "CHiredis"),
    .target(
      name: "RedisClient", dependencies: ["CHiredis", "Bytes", "Platform"], swiftSettings: optimised,
      linkerSettings: localLibraries),
    .target(name: "CToml", cxxSettings: [.unsafeFlags(["-Os"], .when(configuration: .release))]),
    .target(
      name: "Configuration", dependencies: ["RedisClient", "CToml", "Quantities", "Bytes", "Platform"],
      swiftSettings: compact),
    .target(name: "Reporting", dependencies: ["Quantities", "Bytes"], swiftSettings: compact),
    .systemLibrary(name: "CZlib"),
    .target(name: "CArguments"),
    .target(name: "Gzip", dependencies: ["CZlib"], swiftSettings: strict),
    .target(
      name: "Operations",
      dependencies: [
        "RedisClient", "Keyspace", "SeedFormat", "RDBFormat", "Reporting", "Quantities", "Bytes",
      ],
      swiftSettings: optimised),
    .executableTarget(
      name: "rediscache",
      dependencies: [
        "Operations", "Reporting", "Configuration", "RedisClient", "Keyspace", "SeedFormat", "Quantities",
        "Bytes", "Platform", "Gzip", "CArguments",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: compact,
      linkerSettings: small
    ),
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .target(name: "TestHarness", dependencies: ["TestSupport"], path: "Tests/TestHarness"),
    .testTarget(name: "ArchitectureTests", dependencies: ["TestSupport"]),
    .testTarget(name: "BytesTests", dependencies: ["Bytes", "TestSupport"]),
    .testTarget(name: "QuantitiesTests", dependencies: ["Quantities", "Reporting"]),
    .testTarget(name: "KeyspaceTests", dependencies: ["Keyspace", "Bytes", "Quantities", "TestSupport"]),
    .testTarget(name: "SeedFormatTests", dependencies: ["SeedFormat", "Bytes", "TestSupport"]),
    .testTarget(
      name: "RDBFormatTests", dependencies: ["RDBFormat", "Bytes", "TestSupport"], exclude: ["Samples"]),
    .testTarget(
      name: "RedisClientTests",
      dependencies: ["RedisClient", "Configuration", "Bytes", "TestSupport", "TestHarness"]),
    .testTarget(name: "ConfigurationTests", dependencies: ["Configuration", "RedisClient"]),
    .testTarget(name: "GzipTests", dependencies: ["Gzip", "TestSupport", "TestHarness"]),
    .testTarget(name: "ReportingTests", dependencies: ["Reporting", "Quantities", "Bytes", "TestSupport"]),
    .testTarget(
      name: "OperationsTests",
      dependencies: [
        "Operations", "Keyspace", "SeedFormat", "RedisClient", "Reporting", "Quantities", "Bytes",
        "TestSupport",
      ]),
    .testTarget(
      name: "IntegrationTests", dependencies: ["Operations", "RedisClient", "TestSupport", "TestHarness"]),
    .testTarget(
      name: "CommandTests", dependencies: ["rediscache", "RedisClient", "TestSupport", "TestHarness"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
