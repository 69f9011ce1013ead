// swift-tools-version: 6.0
import PackageDescription

/// Measurements, not tests: nothing here passes or fails.
let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "penumbra", path: "..")],
    targets: [
        .executableTarget(name: "backbone-bench", dependencies: [.product(name: "Backbones", package: "penumbra")]),
        .executableTarget(name: "loader-bench", dependencies: [.product(name: "ImageDatasets", package: "penumbra")]),
    ],
    swiftLanguageModes: [.v6]
)
