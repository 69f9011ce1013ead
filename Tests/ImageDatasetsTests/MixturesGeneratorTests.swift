import Foundation
import LabelDistributions
import Numerics
import RasterImages
import TensorFiles
import TestSupport
import Testing

@testable import ImageDatasets

/// Mixture sets against their definition, recomputed from their own tables.
@Suite struct MixturesGeneratorTests {
    private let folder: TemporaryFolder
    private var source: URL { folder.file("source") }
    private static let classes = ["cat", "dog", "eel"]

    /// Three classes of random 12 x 8 images: 24 for training, 6 for validation and 9 for testing.
    init() throws {
        folder = try TemporaryFolder()
        var random = CounterRandom(seed: 1)
        for (subset, count) in [("train", 8), ("val", 2), ("test", 3)] {
            for name in Self.classes {
                for number in 0..<count {
                    let pixels = (0..<12 * 8 * 3).map { _ in UInt8(random.index(below: 256)) }
                    let image = RGBImage(width: 12, height: 8, pixels: pixels)
                    try folder.write(Data(PNGCodec.encode(image)), to: "source/\(subset)/\(name)/\(number).png")
                }
            }
        }
    }

    private func generator(_ parameters: MixturesParameters) throws -> MixturesGenerator {
        try MixturesGenerator(
            parameters, of: DatasetFolder.read(source), path: source.path, fingerprint: "digest")
    }

    @discardableResult
    private func generate(_ parameters: MixturesParameters, to name: String, threads: Int = 2) throws -> Dataset {
        try generator(parameters).generate(at: folder.file(name), threads: ThreadCount(threads))
        return try DatasetFolder.read(folder.file(name))
    }

    @Test func theFilesAreTheSameForAnyNumberOfThreads() throws {
        let parameters = try MixturesParameters(seed: 4)
        let contents = try [1, 3].map { threads in
            try generate(parameters, to: "out\(threads)", threads: threads)
            return try TemporaryFolder.contents(of: folder.file("out\(threads)"))
        }
        #expect(contents[0].count == 39 + 3)
        #expect(contents[0] == contents[1])
        try generate(MixturesParameters(seed: 5), to: "other")
        #expect(try TemporaryFolder.contents(of: folder.file("other")) != contents[0])
    }

    @Test(arguments: [2, 3, 4])
    func labelsAndPixelsAreTheWeightedSums(images: Int) throws {
        let read = try generate(MixturesParameters(images: images, seed: 2), to: "out")
        #expect(read.classes == Self.classes && read.format == .table && read.slices == 1...1)
        let original = try DatasetFolder.read(source)
        let byID = Dictionary(uniqueKeysWithValues: original.samples.map { ($0.id, $0) })
        let table = try CSVTable.read(folder.file("out/mixtures.csv"))
        #expect(read.samples.count == 39 && table.rowCount == 39)
        var uses: [String: Int] = [:]
        for (row, sample) in read.samples.enumerated() {
            #expect(table[row, 0] == sample.id && table[row, 1] == sample.subset?.rawValue)
            let parents = try (0..<images).filter { table[row, 2 + 2 * $0] != "" }.map {
                (try #require(byID[table[row, 2 + 2 * $0]]), try table.number(row, 3 + 2 * $0))
            }
            // A mixture uses only images of its own subset, so test images never enter training.
            #expect(parents.allSatisfy { $0.0.subset == sample.subset })
            #expect(parents.count == (sample.subset == .train ? images : 1))
            var label = [Double](repeating: 0, count: 3)
            var pixels = [Double](repeating: 0, count: 12 * 8 * 3)
            for (parent, weight) in parents {
                // Weights are shares of 100 trials.
                if parents.count > 1 { #expect(abs((weight * 100).rounded() - weight * 100) < 1e-9) }
                label[parent.label.hardClass] += weight
                let image = try parent.image()
                for index in pixels.indices { pixels[index] += weight * Double(image.pixels[index]) }
                uses[parent.id, default: 0] += 1
            }
            for (found, expected) in zip(sample.label.probabilities, label) { #expect(abs(found - expected) < 1e-15) }
            let image = try sample.image()
            for (found, expected) in zip(image.pixels, pixels) { #expect(abs(Double(found) - expected) <= 0.5 + 1e-9) }
        }
        // Mixing uses permutations, so each training image occurs in as many mixtures as a mixture has images.
        #expect(original.samples.allSatisfy { uses[$0.id] == ($0.subset == .train ? images : 1) })
        #expect(read.samples.contains { $0.label.probabilities.count { $0 > 0 } > 1 })
    }

    @Test func quadrantsHaveTheirAreasAsWeights() throws {
        let read = try generate(MixturesParameters(mode: .patchmix, subsets: [.test], seed: 2), to: "out")
        let original = try DatasetFolder.read(source)
        let byID = Dictionary(uniqueKeysWithValues: original.samples.map { ($0.id, $0) })
        let table = try CSVTable.read(folder.file("out/mixtures.csv"))
        let tested = read.samples.indices.filter { read.samples[$0].subset == .test }
        #expect(tested.count == 9)
        for row in tested {
            let (x, y) = (try table.integer(row, 10), try table.integer(row, 11))
            let parents = try (0..<4).map { try #require(byID[table[row, 2 + 2 * $0]]) }
            let image = try read.samples[row].image()
            var counts = [0, 0, 0, 0]
            for v in 0..<8 {
                for u in 0..<12 {
                    let quadrant = (u < x ? 0 : 1) + (v < y ? 0 : 2)
                    counts[quadrant] += 1
                    let (start, parent) = (3 * (v * 12 + u), try parents[quadrant].image())
                    #expect(image.pixels[start..<start + 3] == parent.pixels[start..<start + 3])
                }
            }
            var label = [0.0, 0, 0]
            for (index, count) in counts.enumerated() {
                #expect(try table.number(row, 3 + 2 * index) == Double(count) / 96)
                label[parents[index].label.hardClass] += Double(count) / 96
            }
            for (found, expected) in zip(read.samples[row].label.probabilities, label) {
                #expect(abs(found - expected) < 1e-15)
            }
        }
        #expect(read.samples.filter { $0.subset == .train }.allSatisfy { $0.label.probabilities.contains(1) })
    }

    @Test func mixingAnotherSubsetTooChangesNoTrainingImage() throws {
        try generate(MixturesParameters(seed: 3), to: "train")
        try generate(MixturesParameters(subsets: [.test, .train], seed: 3), to: "both")
        let first = try TemporaryFolder.contents(of: folder.file("train/train"))
        #expect(try TemporaryFolder.contents(of: folder.file("both/train")) == first && first.count == 24)
        #expect(try folder.text("both/mixtures.csv").contains("mix00000,test"))
    }

    /// A source without subsets is mixed within the training folds of a slice, which become the training images.
    @Test func aSourceOfFoldsIsMixedWithinASlice() throws {
        for name in ["a", "b"] {
            for number in 0..<10 {
                let image = RGBImage(width: 8, height: 8, pixels: [UInt8](repeating: UInt8(number * 20), count: 192))
                try folder.write(Data(PNGCodec.encode(image)), to: "plain/\(name)/\(number).png")
            }
        }
        let plain = try DatasetFolder.read(folder.file("plain"))
        let split = try Split(slice: 3)
        let mixtures = try MixturesGenerator(
            MixturesParameters(split: 3), of: plain, path: "plain", fingerprint: "")
        for item in mixtures.items {
            #expect(item.parents.allSatisfy { split.subset(of: plain.samples[$0]) == item.subset })
        }
        #expect(mixtures.count == 20 && mixtures.mixtureCount == 12)
    }

    /// Beta(½, ½) has mean ½ and variance 1/8; Dirichlet(2, 2, 2) has mean 1/3 and variance 2/63.
    @Test(arguments: [(0.5, 2, 0.125), (2, 3, 2.0 / 63), (0.01, 2, 0.25 / 1.02)])
    func weightsHaveTheMomentsOfTheDirichletDistribution(alpha: Double, count: Int, variance: Double) {
        var random = CounterRandom(seed: 9)
        let draws = (0..<20_000).map { _ in random.dirichlet(alpha, count: count) }
        #expect(draws.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-12 && $0.allSatisfy { $0 >= 0 } })
        let mean = draws.reduce(0) { $0 + $1[0] } / 20_000
        let found = draws.reduce(0) { $0 + ($1[0] - mean) * ($1[0] - mean) } / 20_000
        // Four standard errors: √(σ²/n) for the mean; √(σ²/4n) for the variance, whose fourth moment is at most σ²/4.
        #expect(abs(mean - 1 / Double(count)) < 4 * (variance / 20_000).squareRoot())
        #expect(abs(found - variance) < 4 * (variance / 4 / 20_000).squareRoot())
    }

    @Test func imagesAreScaledWhereASizeIsGiven() throws {
        let image = RGBImage(width: 4, height: 4, pixels: [UInt8](repeating: 9, count: 48))
        try folder.write(Data(PNGCodec.encode(image)), to: "source/train/dog/small.png")
        let small = folder.path("source/train/dog/small.png"), first = folder.path("source/train/cat/0.png")
        let error = MixturesError.sizesDiffer(first: "\(first) (12 x 8 pixels)", second: "\(small) (4 x 4 pixels)")
        #expect(throws: error) { try generator(MixturesParameters()) }
        #expect(error.description.hasSuffix("differ in size; scale all images to one size with --size"))
        let read = try generate(MixturesParameters(size: 16), to: "out")
        #expect(try read.samples.allSatisfy { try $0.imageSize() == (16, 16) })
    }

    @Test func sourcesThatCannotBeMixed() throws {
        let original = try DatasetFolder.read(source)
        func make(_ dataset: Dataset, _ parameters: MixturesParameters) throws {
            _ = try MixturesGenerator(parameters, of: dataset, path: "S", fingerprint: "")
        }
        func changed(classes: [String] = Self.classes, _ change: (Sample) throws -> LabelDistribution) rethrows
            -> Dataset
        {
            Dataset(
                name: "s", classes: classes,
                samples: try original.samples.map {
                    Sample(
                        id: $0.id, imageURL: $0.imageURL, fold: $0.fold, subset: $0.subset, label: try change($0))
                })
        }
        let soft = try changed {
            $0.id == "train/dog/3" ? try LabelDistribution([0.5, 0.5, 0]) : $0.label
        }
        let error = MixturesError.softLabels(source: "S", count: 1, of: 39, first: "train/dog/3")
        #expect(throws: error) { try make(soft, MixturesParameters()) }
        #expect(
            error.description
                == "S: 1 of 39 images have labels of several classes (the first is 'train/dog/3'); mixtures require a "
                + "source with one class per image")
        #expect(throws: MixturesError.tooFewImages(source: "S", subset: .validation, found: 6, expected: 8)) {
            try make(original, MixturesParameters(images: 8, subsets: [.train, .validation]))
        }
        #expect(throws: MixturesError.className(source: "S", name: "Unknown")) {
            try make(changed(classes: ["a", "Unknown", "c"]) { $0.label }, MixturesParameters())
        }
        #expect(throws: DatasetError.onlySplit(path: "S", found: 2)) {
            try make(original, MixturesParameters(split: 2))
        }
    }

    @Test func parametersOutOfRange() {
        #expect(throws: MixturesError.images(3, mode: .patchmix)) {
            try MixturesParameters(mode: .patchmix, images: 3)
        }
        #expect(throws: MixturesError.images(1, mode: .mixup)) { try MixturesParameters(images: 1) }
        #expect(throws: MixturesError.trials(0)) { try MixturesParameters(trials: 0) }
        #expect(throws: MixturesError.beta("nan")) { try MixturesParameters(beta: .nan) }
        #expect(throws: MixturesError.trialsAndBeta) { try MixturesParameters(trials: 10, beta: 1) }
        #expect(throws: MixturesError.weightsOfPatches) { try MixturesParameters(mode: .patchmix, trials: 10) }
        #expect(throws: MixturesError.noSubsets) { try MixturesParameters(subsets: []) }
        #expect(throws: MixturesError.size(4)) { try MixturesParameters(size: 4) }
        #expect(throws: SplitError.self) { try MixturesParameters(split: 6) }
    }

    @Test func whatStandsThereIsKept() throws {
        let parameters = try MixturesParameters()
        try generate(parameters, to: "out")
        #expect(try generator(parameters).destination(at: folder.file("out")) == .complete)
        let other = try generator(MixturesParameters(seed: 1))
        let found = "a set of mixtures of other parameters (source, seed 0)"
        #expect(throws: MixturesError.destinationTaken(path: folder.path("out"), found: found)) {
            try other.generate(at: folder.file("out"), threads: ThreadCount(1))
        }
        #expect(other.destination(at: source) == .other("files that are not a set of mixtures"))
        #expect(other.destination(at: folder.file("none")) == .free)
        // A broken image must leave no partial output.
        try folder.write("x", to: "source/train/cat/0.png")
        let broken = try generator(MixturesParameters(size: 8))
        #expect(throws: ImageFileError.self) { try broken.generate(at: folder.file("new"), threads: ThreadCount(2)) }
        #expect(try folder.names == ["out", "source"])
    }
}
