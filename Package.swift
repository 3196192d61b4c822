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

// Nothing looks up the symbols of the binary: unexported, the unused ones are left out, half a megabyte.
let unexported: [LinkerSetting] = [
  .unsafeFlags(
    ["-Xlinker", "--no-export-dynamic"], .when(platforms: [.linux], configuration: .release))
]

// Tests run with the checks of exclusive access; what they cost a release is a tenth of its time. What is small and done
// for each key lies in another module than its caller: inlined, it takes a twentieth less.
let optimised: [SwiftSetting] = [
  .unsafeFlags(
    ["-enforce-exclusivity=unchecked", "-cross-module-optimization"], .when(configuration: .release))
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
    .systemLibrary(name: "CHiredis"),
    .target(
      name: "RedisClient", dependencies: ["CHiredis"], swiftSettings: optimised,
      linkerSettings: localLibraries),
    .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
    .target(name: "Keyspace", dependencies: ["CSimdjson"], swiftSettings: optimised),
    .target(name: "Reporting"),
    .systemLibrary(name: "CZlib"),
    .target(name: "CToml"),
    .target(name: "CArguments"),
    .target(name: "Gzip", dependencies: ["CZlib"]),
    .target(
      name: "Operations", dependencies: ["RedisClient", "Keyspace", "Reporting"], swiftSettings: optimised),
    .executableTarget(
      name: "rediscache",
      dependencies: [
        "Operations", "Reporting", "RedisClient", "Keyspace", "Gzip", "CToml", "CArguments",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      linkerSettings: unexported
    ),
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .testTarget(name: "RedisClientTests", dependencies: ["RedisClient", "TestSupport"]),
    .testTarget(name: "KeyspaceTests", dependencies: ["Keyspace"]),
    .testTarget(name: "GzipTests", dependencies: ["Gzip", "TestSupport"]),
    .testTarget(name: "ReportingTests", dependencies: ["Reporting"]),
    .testTarget(
      name: "OperationsTests", dependencies: ["Operations", "Keyspace", "RedisClient", "Reporting"]),
    .testTarget(name: "IntegrationTests", dependencies: ["Operations", "RedisClient", "TestSupport"]),
    .testTarget(name: "CommandTests", dependencies: ["rediscache", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
