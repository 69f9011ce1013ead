// swift-tools-version: 6.0
import PackageDescription

// The rooms stand in the order in which data flows: a room imports only rooms above it.

/// Whether the program is built without oneDNN (`make build-maps`): networks then answer with an error, and maps,
/// figures and comparisons of features work.
let withoutOneDNN = Context.environment["PENUMBRA_WITHOUT_ONEDNN"] == "1"

/// Whether several processes can share a training by MPI (`PENUMBRA_MPI=1 make build`); the plain build has no trace of it.
/// Another value than 1 is the name by which pkg-config knows the MPI, such as mpich.
let mpi = Context.environment["PENUMBRA_MPI"].flatMap { $0.isEmpty || $0 == "0" ? nil : $0 == "1" ? "ompi-c" : $0 }

/// The commit that is built, which the Makefile asks git for.
let commit = Context.environment["PENUMBRA_COMMIT"] ?? ""

/// The name of ICU's data in a Foundation that is linked statically, where the program goes without them (`make portable`).
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

/// Each holds a module map and a header that includes the library's own headers, nothing else.
let systemLibraries: [Target] = [
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CCairo", pkgConfig: "pangocairo", providers: [.apt(["libcairo2-dev", "libpango1.0-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    // Under the BSD licence; reads WebP, and writes the sheet of thumbnails in the explorer, and films.
    .systemLibrary(name: "CWebP", pkgConfig: "libwebp", providers: [.apt(["libwebp-dev"])]),
    // libjpeg-turbo under the licence of the Independent JPEG Group and BSD licences.
    .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg62-turbo-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    // Under the BSD licence; reads the archives of `np.savez` and `torch.save`, and checks what they say of themselves.
    .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
    // In the public domain; reads LZMA in archives, for which Debian 12's libzip is too old.
    .systemLibrary(name: "CLZMA", pkgConfig: "liblzma", providers: [.apt(["liblzma-dev"])]),
    // Under the zlib licence; inflates the compressed arrays of HDF5 files, and compresses figures.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
]
let mpiLibrary: [Target] =
    mpi.map {
        [.systemLibrary(name: "COpenMPI", pkgConfig: $0, providers: [.apt(["libopenmpi-dev", "openmpi-bin"])])]
    } ?? []

// MARK: - Rooms

/// The calls of MPI behind one set of functions, in C because its handles and constants are macros in some
/// implementations.
let mpiRoom: [Target] = mpi == nil ? [] : [.target(name: "CMPI", dependencies: ["COpenMPI"])]

let rooms: [Target] = [
    /// oneDNN of version 2.6 or later or 3 behind one set of functions, in C because what differs between the versions
    /// are types and macros.
    withoutOneDNN
        ? .target(name: "COneDNN", cSettings: [.define("PENUMBRA_WITHOUT_ONEDNN")])
        : .target(name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl")]),

    /// What the build knows and the program tells: its commit; and what the portable program leaves out.
    .target(
        name: "CBuildFacts",
        cSettings: (commit.isEmpty ? [] : [.define("PENUMBRA_COMMIT", to: "\"\(commit)\"")])
            + (dataOfICU.isEmpty ? [] : [.define("PENUMBRA_ICU_DATA", to: dataOfICU)])),

    /// The hot loops in C, one `.c` file a family, compiled for several instruction sets and chosen when the program
    /// starts. Every loop has a plain twin in Swift, here or (of the Fourier transforms) in the tests, which is their oracle.
    .target(name: "CKernels", linkerSettings: [.linkedLibrary("gomp"), .linkedLibrary("m")]),

    /// The one call of libjpeg, in C because libjpeg leaves its functions by longjmp, which must not pass over Swift's
    /// frames.
    .target(name: "CJPEGDecoder", dependencies: ["CJPEG"], linkerSettings: [.linkedLibrary("jpeg")]),

    /// What makes the same seed give the same bytes: a counter-based random generator, parallel loops whose chunks do
    /// not depend on the number of threads, the one place where that number is set for every library, the aligned memory
    /// that kernels work on, and linear algebra: products of matrices and decompositions.
    .target(name: "Numerics", dependencies: ["CKernels", "COpenBLAS"]),

    /// One table of a struct's parameters: names, ranges and words on a command line, from which records, messages and
    /// printed commands come.
    .target(name: "Parameters"),

    /// From the votes of annotators to label distributions (hard, soft), and the measures of a prediction against
    /// them: macro accuracy, Kullback-Leibler divergence, expected calibration error, macro F1, and measures that take both as
    /// distributions.
    .target(name: "LabelDistributions", dependencies: ["Numerics"]),

    /// Files from outside and files for outside: NPY, NPZ, CSV, safetensors, PyTorch, Keras. Every reader takes untrusted bytes
    /// and answers with one typed error; every writer writes a file whole or not at all.
    .target(name: "TensorFiles", dependencies: ["CLZMA", "COpenSSL", "CZip", "CZlib", "Numerics"]),

    /// Images as pixels: PNG, JPEG and WebP, turned upright, resized; and the surfaces that Cairo draws on. Every decoder takes
    /// untrusted bytes and answers with one typed error.
    .target(
        name: "RasterImages",
        dependencies: ["TensorFiles", "CKernels", "Numerics", "CCairo", "CPNG", "CJPEGDecoder", "CWebP"]),

    /// Every form of label file and annotation export: tables and JSON of votes, shares, classes or single annotations
    /// become rows (id, label, split, other columns) that are joined by id. What was taken as what is a value.
    .target(name: "LabelFiles", dependencies: ["LabelDistributions", "TensorFiles"]),

    /// Samples with their label distributions: the synthetic generator, the reader of the DCIC layout, folds and
    /// splits, augmentation, and batches prepared ahead of the network.
    .target(
        name: "ImageDatasets",
        dependencies: [
            "RasterImages", "LabelFiles", "LabelDistributions", "TensorFiles", "Numerics", "CKernels",
        ]),

    /// The owning wrapper over oneDNN (the only code that knows its version), and layers with forward and backward
    /// passes, planned once for a batch shape.
    .target(name: "NeuralNetwork", dependencies: ["COneDNN", "CKernels", "Numerics"]),

    /// Networks that read like the tables of their papers, the weight names that other frameworks give them, and the
    /// extraction of global-average-pool (GAP) features.
    .target(name: "Backbones", dependencies: ["NeuralNetwork", "TensorFiles", "Numerics"]),

    /// The processes that share one training, where there are several: who started them, and what they tell each other.
    .target(
        name: "Processes", dependencies: ["NeuralNetwork", "Numerics"] + (mpi == nil ? [] : ["CMPI"]),
        swiftSettings: mpi == nil ? [] : [.define("PENUMBRA_MPI")]),

    /// Losses, schedules, stochastic gradient descent with momentum, the training loop, checkpoints and resume.
    .target(
        name: "Training",
        dependencies: [
            "Backbones", "NeuralNetwork", "Processes", "ImageDatasets", "RasterImages", "LabelDistributions",
            "TensorFiles", "Numerics", "Parameters",
        ]),

    /// t-SNE: affinities, initialisation, gradients (exact, Barnes-Hut, interpolation) and the optimiser, each a type of its own.
    .target(name: "NeighborEmbedding", dependencies: ["CKernels", "Numerics"]),

    /// Measures of a space of samples with label distributions (features or a map), of how faithful a map is, of what
    /// differs between two spaces, with intervals and nulls, and the verdict which of two kinds is better ordered.
    .target(name: "FeatureSpaces", dependencies: ["LabelDistributions", "Numerics"]),

    /// Drawing with Cairo and Pango: mixtures of colours, glyphs, legends, panels; PNG, SVG and PDF. And the explorer, a
    /// page of HTML whose sources are compiled in, so that the program stays one file that runs wherever it is copied.
    .target(
        name: "Figures", dependencies: ["RasterImages", "CCairo", "TensorFiles", "CKernels", "Numerics"],
        resources: [.embedInCode("Explorer/Page")]),

    /// Progress on standard error: a bar on a terminal, one plain line a second elsewhere.
    .target(name: "TerminalProgress"),

    /// A run on disk, its tables and reports, and the work of each command (train, embed, project, place, compare,
    /// reproduce with its stages). Knows nothing of arguments, and writes only where it is told to.
    .target(
        name: "PenumbraRuns",
        dependencies: [
            "Training", "Backbones", "NeuralNetwork", "Processes", "ImageDatasets", "LabelFiles", "LabelDistributions",
            "NeighborEmbedding", "FeatureSpaces", "Figures", "RasterImages", "TensorFiles", "TerminalProgress",
            "Numerics", "Parameters", "CBuildFacts",
        ]),

    /// One file per subcommand, shared groups of options, and the console.
    .target(
        name: "PenumbraCommands",
        dependencies: [
            "PenumbraRuns", "Training", "Backbones", "NeuralNetwork", "Processes", "ImageDatasets", "LabelFiles",
            "LabelDistributions", "NeighborEmbedding", "FeatureSpaces", "Figures", "RasterImages", "TensorFiles",
            "TerminalProgress", "Numerics", "Parameters",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ]),

    /// The program's entry point, nothing else.
    .executableTarget(name: "penumbra", dependencies: ["PenumbraCommands"]),
]

// MARK: - Tests

let tests: [Target] = [
    /// What the tests of several rooms need.
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
        name: "NeighborEmbeddingTests", dependencies: ["NeighborEmbedding", "TensorFiles", "TestSupport"],
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

let package = Package(
    name: "penumbra",
    products: products,
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
    ],
    targets: systemLibraries + mpiLibrary + mpiRoom + rooms + tests,
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11
)
