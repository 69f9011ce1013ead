// swift-tools-version: 6.0
import PackageDescription

// Modules are listed in the order of the data flow. A module imports only modules above it.

/// Whether to build without oneDNN (`make build-maps`). Maps, figures and comparisons of features still work then; networks
/// report an error.
let withoutOneDNN = Context.environment["PENUMBRA_WITHOUT_ONEDNN"] == "1"

/// The pkg-config name of the MPI library with which several processes share one training, or nil. `PENUMBRA_MPI=1 make
/// build` takes Open MPI; any other value is such a name, for example mpich. The plain build contains no MPI code.
let mpi = Context.environment["PENUMBRA_MPI"].flatMap { $0.isEmpty || $0 == "0" ? nil : $0 == "1" ? "ompi-c" : $0 }

/// The commit being built. The Makefile gets it from git.
let commit = Context.environment["PENUMBRA_COMMIT"] ?? ""

/// The symbol of ICU's data in the static Foundation, if the program replaces the data by an empty package (`make portable`).
let dataOfICU = Context.environment["PENUMBRA_ICU_DATA"] ?? ""

// MARK: - Public libraries

let products: [Product] = [
    .executable(name: "penumbra", targets: ["penumbra"]),
    .library(name: "ImageDatasets", targets: ["ImageDatasets", "RasterImages", "LabelDistributions", "Numerics"]),
    .library(name: "NeighborEmbedding", targets: ["NeighborEmbedding", "Numerics"]),
    .library(name: "FeatureSpaces", targets: ["FeatureSpaces", "LabelDistributions", "Numerics"]),
    .library(name: "Backbones", targets: ["Backbones", "NeuralNetwork", "Numerics"]),
]

// MARK: - System libraries

/// Each contains only a module map and a header that includes the library's own headers.
let systemLibraries: [Target] = [
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CCairo", pkgConfig: "pangocairo", providers: [.apt(["libcairo2-dev", "libpango1.0-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    // BSD licence. Reads WebP; writes the explorer's sheet of thumbnails, and films.
    .systemLibrary(name: "CWebP", pkgConfig: "libwebp", providers: [.apt(["libwebp-dev"])]),
    // libjpeg-turbo: licence of the Independent JPEG Group, and BSD licences.
    .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg62-turbo-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    // BSD licence. Reads the archives of `np.savez` and `torch.save`; verifies their sizes and checksums.
    .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
    // Public domain. Decompresses LZMA in archives, which the libzip of Debian 12 is too old for.
    .systemLibrary(name: "CLZMA", pkgConfig: "liblzma", providers: [.apt(["liblzma-dev"])]),
    // zlib licence. Inflates the compressed arrays of HDF5 files; compresses figures.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
]
let mpiLibrary: [Target] =
    mpi.map {
        [.systemLibrary(name: "COpenMPI", pkgConfig: $0, providers: [.apt(["libopenmpi-dev", "openmpi-bin"])])]
    } ?? []

// MARK: - Modules

let rooms: [Target] = [
    /// One set of functions over oneDNN 2.6 or later, and 3. In C, because the versions differ in types and macros.
    withoutOneDNN
        ? .target(name: "COneDNN", cSettings: [.define("PENUMBRA_WITHOUT_ONEDNN")])
        : .target(name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl")]),

    /// Facts from the build: the commit, for `--version` and records of runs, and the portable program's empty ICU data.
    .target(
        name: "CBuildFacts",
        cSettings: (commit.isEmpty ? [] : [.define("PENUMBRA_COMMIT", to: "\"\(commit)\"")])
            + (dataOfICU.isEmpty ? [] : [.define("PENUMBRA_ICU_DATA", to: dataOfICU)])),

    /// The hot loops in C, one `.c` file per family, compiled for several instruction sets. The program chooses one when it
    /// starts. Every loop has a plain Swift version as its oracle, here or (for the Fourier transforms) in the tests.
    .target(name: "CKernels", linkerSettings: [.linkedLibrary("gomp"), .linkedLibrary("m")]),

    /// Decodes a JPEG file with libjpeg in a single call. In C, because libjpeg reports errors by longjmp, which must not
    /// cross Swift frames.
    .target(name: "CJPEGDecoder", dependencies: ["CJPEG"], linkerSettings: [.linkedLibrary("jpeg")]),

    /// Makes the same seed give the same bytes: a counter-based random generator, parallel loops whose chunks do not depend
    /// on the number of threads, and the one place that sets this number for every library. Also the aligned memory for
    /// kernels, matrix products and decompositions.
    .target(name: "Numerics", dependencies: ["CKernels", "COpenBLAS"]),

    /// Describes a struct's parameters in one table of names, ranges and command-line words. Records, messages and printed
    /// commands come from it.
    .target(name: "Parameters"),

    /// Turns annotators' votes into label distributions (hard, soft), and measures predictions against them: macro accuracy,
    /// Kullback-Leibler divergence, expected calibration error, macro F1, and measures between two distributions.
    .target(name: "LabelDistributions", dependencies: ["Numerics"]),

    /// Reads and writes the files of other programs: NPY, NPZ, CSV, safetensors, PyTorch, Keras. Every reader takes untrusted
    /// bytes and throws one error type. Every writer writes a file completely or not at all.
    .target(name: "TensorFiles", dependencies: ["CLZMA", "COpenSSL", "CZip", "CZlib", "Numerics"]),

    /// Images as pixels: PNG, JPEG and WebP, turned upright and resized; and the surfaces that Cairo draws on. Every decoder
    /// takes untrusted bytes and throws one error type.
    .target(
        name: "RasterImages",
        dependencies: ["TensorFiles", "CKernels", "Numerics", "CCairo", "CPNG", "CJPEGDecoder", "CWebP"]),

    /// Reads label files and annotation exports of every form: tables and JSON of votes, shares, classes or single
    /// annotations. They become rows (id, label, split, other columns), joined by id. How each column was interpreted is a
    /// value, too.
    .target(name: "LabelFiles", dependencies: ["LabelDistributions", "TensorFiles"]),

    /// Samples with label distributions: the synthetic generator, the reader of the DCIC layout, folds and splits,
    /// augmentation, and batches prepared ahead of the network.
    .target(
        name: "ImageDatasets",
        dependencies: ["RasterImages", "LabelFiles", "LabelDistributions", "TensorFiles", "Numerics"]),

    /// Owning Swift types over COneDNN, and layers with forward and backward passes, planned once per batch shape.
    .target(name: "NeuralNetwork", dependencies: ["COneDNN", "CKernels", "Numerics"]),

    /// Networks written like the tables in their papers, the weight names of other frameworks, and the extraction of
    /// global-average-pool (GAP) features.
    .target(name: "Backbones", dependencies: ["NeuralNetwork", "TensorFiles", "Numerics"]),

    /// Several processes that share one training: who started them, and what they exchange.
    .target(name: "Processes", dependencies: ["NeuralNetwork"]),

    /// Losses, schedules, stochastic gradient descent with momentum, the training loop, checkpoints and resume.
    .target(
        name: "Training",
        dependencies: [
            "Backbones", "NeuralNetwork", "Processes", "ImageDatasets", "RasterImages", "LabelDistributions",
            "TensorFiles", "Numerics", "Parameters",
        ]),

    /// t-SNE: affinities, initialisation, gradients (exact, Barnes-Hut, interpolation) and the optimiser, one type each.
    .target(name: "NeighborEmbedding", dependencies: ["CKernels", "Numerics"]),

    /// Measures a space (features or a map) of samples with label distributions, how faithful a map is, and how two spaces
    /// differ, with intervals and null distributions. Decides which of two kinds of space is better ordered.
    .target(name: "FeatureSpaces", dependencies: ["LabelDistributions", "Numerics"]),

    /// Draws with Cairo and Pango: colour mixtures, glyphs, legends, panels; PNG, SVG and PDF. Also the explorer, an HTML
    /// page whose sources are compiled in, so that the program stays a single file that runs wherever it is copied.
    .target(
        name: "Figures", dependencies: ["RasterImages", "CCairo", "TensorFiles", "CKernels", "Numerics"],
        resources: [.embedInCode("Explorer/Page")]),

    /// Progress on standard error: a bar on a terminal, one plain line a second elsewhere.
    .target(name: "TerminalProgress"),

    /// A run on disk, its tables and reports, and the work of each command (train, embed, project, place, compare, and
    /// reproduce with its stages). Does not parse arguments, and writes only where it is told to.
    .target(
        name: "PenumbraRuns",
        dependencies: [
            "Training", "Backbones", "NeuralNetwork", "Processes", "ImageDatasets", "LabelFiles", "LabelDistributions",
            "NeighborEmbedding", "FeatureSpaces", "Figures", "RasterImages", "TensorFiles", "TerminalProgress",
            "Numerics", "Parameters", "CBuildFacts",
        ]),

    /// The subcommands, one file each, shared option groups, and console output.
    .target(
        name: "PenumbraCommands",
        dependencies: [
            "PenumbraRuns", "Training", "Backbones", "NeuralNetwork", "Processes", "ImageDatasets", "LabelFiles",
            "LabelDistributions", "NeighborEmbedding", "FeatureSpaces", "Figures", "RasterImages", "TensorFiles",
            "TerminalProgress", "Numerics", "Parameters",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ]),

    /// Only the entry point.
    .executableTarget(
        name: "penumbra", dependencies: ["PenumbraCommands"] + (mpi == nil ? [] : ["MessagePassing"]),
        swiftSettings: mpi == nil ? [] : [.define("PENUMBRA_MPI")]),
]

/// Only in a program with MPI, where the entry point alone depends on them: all other modules are the same with and without MPI.
let mpiRooms: [Target] =
    mpi == nil
    ? []
    : [
        /// Wraps the MPI calls. In C, because some implementations define handles and constants as macros.
        .target(name: "CMPI", dependencies: ["COpenMPI"]),

        /// The processes of a training over MPI.
        .target(name: "MessagePassing", dependencies: ["CMPI", "Processes", "NeuralNetwork", "Numerics"]),
    ]

// MARK: - Tests

let tests: [Target] = [
    /// Shared by the tests of several modules.
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .testTarget(name: "NumericsTests", dependencies: ["Numerics"]),
    .testTarget(name: "ParametersTests", dependencies: ["Parameters"]),
    .testTarget(
        name: "LabelDistributionsTests", dependencies: ["LabelDistributions", "Numerics"],
        resources: [.copy("Fixtures")]),
    .testTarget(name: "TensorFilesTests", dependencies: ["TensorFiles", "CZlib", "TestSupport"]),
    .testTarget(name: "LabelFilesTests", dependencies: ["LabelFiles", "TestSupport"]),
    .testTarget(
        name: "RasterImagesTests", dependencies: ["RasterImages", "TensorFiles", "Numerics", "TestSupport"],
        resources: [.copy("Fixtures")]),
    .testTarget(
        name: "ImageDatasetsTests", dependencies: ["ImageDatasets", "LabelFiles", "RasterImages", "TestSupport"],
        resources: [.copy("Fixtures")]),
    .testTarget(
        name: "NeuralNetworkTests", dependencies: ["NeuralNetwork"], resources: [.copy("Fixtures")]),
    .testTarget(
        name: "BackbonesTests", dependencies: ["Backbones", "NeuralNetwork", "TensorFiles", "TestSupport"],
        resources: [.copy("Fixtures")]),
    .testTarget(
        name: "TrainingTests", dependencies: ["Training", "Backbones", "NeuralNetwork", "Processes", "TestSupport"]),
    .testTarget(name: "ProcessesTests", dependencies: ["Processes"]),
    .testTarget(
        name: "NeighborEmbeddingTests", dependencies: ["NeighborEmbedding", "TestSupport"],
        resources: [.copy("Fixtures")]),
    .testTarget(
        name: "FeatureSpacesTests", dependencies: ["FeatureSpaces", "LabelDistributions", "Numerics"],
        resources: [.copy("Fixtures")]),
    .testTarget(name: "FiguresTests", dependencies: ["Figures", "TestSupport", "RasterImages", "CCairo"]),
    .testTarget(
        name: "PenumbraCommandsTests",
        dependencies: [
            "PenumbraCommands", "PenumbraRuns", "FeatureSpaces", "Parameters", "RasterImages", "TerminalProgress",
            "CZip",
            "TestSupport",
        ],
        exclude: ["Snapshots"]),
]

// Tests check optimised code, but most need not be optimised themselves, which takes twice as long to compile. Those that
// compute with many numbers are.
for test in tests where !["BackbonesTests", "NeighborEmbeddingTests", "NumericsTests"].contains(test.name) {
    test.swiftSettings = [.unsafeFlags(["-Onone"])]
}

let package = Package(
    name: "penumbra",
    products: products,
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
    ],
    targets: systemLibraries + mpiLibrary + rooms + mpiRooms + tests,
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11
)
