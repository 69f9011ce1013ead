import Numerics
import Foundation
import LabelDistributions
import RasterImages
import Testing
import TestSupport

@testable import ImageDatasets

struct ImageBatchLoaderTests {
    /// A small shapes set on disk.
    private struct Made {
        let folder: TemporaryFolder
        let dataset: Dataset

        init(count: Int = 24, size: Int = 20) throws {
            folder = try TemporaryFolder()
            let generator = ShapesGenerator(try ShapesParameters(count: count, size: size, seed: 9))
            try generator.generate(in: folder.url, threads: ThreadCount(1))
            dataset = try DCICFolder.read(folder.url)
        }

        func loader(
            imageSize: Int = 20, budget: Int = 1 << 20, threads: Int = 1, indices: [Int]? = nil
        ) throws -> ImageBatchLoader {
            var options = ImageBatchLoader.Options(imageSize: imageSize, memoryBudget: budget)
            options.seed = 5
            return try ImageBatchLoader(
                dataset: dataset, indices: indices, options: options, threads: ThreadCount(threads))
        }
    }

    @Test func withoutEpochImagesAreOnlyNormalised() throws {
        let made = try Made()
        let batch = try made.loader().batch([3, 0])
        #expect(batch.indices == [3, 0] && batch.imageSize == 20 && batch.count == 2)
        #expect(batch.values.count == 2 * 3 * 400)
        for (position, index) in [3, 0].enumerated() {
            let image = try RGBImage(contentsOf: made.dataset.samples[index].imageURL)
            for (channel, statistics) in [(0.485, 0.229), (0.456, 0.224), (0.406, 0.225)].enumerated() {
                for pixel in 0..<400 {
                    let expected = (Double(image.pixels[pixel * 3 + channel]) / 255 - statistics.0) / statistics.1
                    let found = batch.values[(position * 3 + channel) * 400 + pixel]
                    // Values up to 2.7, with three intermediate roundings and a final one.
                    #expect(abs(Double(found) - expected) < 4 * 2.7 * 0x1p-23)
                }
            }
        }
    }

    @Test func batchesDoNotDependOnThreadsMemoryOrCompany() throws {
        let made = try Made()
        let indices = Array(made.dataset.samples.indices)
        let expected = try made.loader(imageSize: 12).batch(indices, epoch: 2)
        let imageBytes = 3 * 12 * 12
        for (threads, budget) in [(2, 1 << 20), (3, 1 << 20), (1, 0), (2, 5 * imageBytes + 1)] {
            let loader = try made.loader(imageSize: 12, budget: budget, threads: threads)
            #expect(loader.cachedCount == min(24, budget / imageBytes))
            #expect(try loader.batch(indices, epoch: 2) == expected)
            #expect(try loader.batch(indices, epoch: 2, threads: ThreadCount(threads)) == expected)
        }
        let loader = try made.loader(imageSize: 12)
        let alone = try loader.batch([17], epoch: 2)
        #expect(alone.values == Array(expected.values[17 * imageBytes..<18 * imageBytes]))
        #expect(try loader.batch([17], epoch: 3) != alone)
        #expect(try loader.batch([], epoch: 3).values.isEmpty)
    }

    @Test func aPartOfTheSetCanBeLoadedAlone() throws {
        let made = try Made()
        let part = try made.loader(indices: [20, 4, 7])
        #expect(part.cachedCount == 3)
        #expect(try part.batch([7, 20]) == made.loader().batch([7, 20]))
    }

    @Test func concurrentCallsAgree() throws {
        let made = try Made()
        let loader = try made.loader(budget: 10 * 1200)
        let indices = Array(made.dataset.samples.indices)
        let expected = try loader.batch(indices, epoch: 1)
        ThreadCount(3).forEachThread { _ in #expect((try? loader.batch(indices, epoch: 1)) == expected) }
    }

    @Test func aBrokenImageIsNamed() throws {
        let made = try Made()
        let url = made.dataset.samples[11].imageURL
        let bytes = try Data(contentsOf: url)
        try bytes.prefix(bytes.count / 2).write(to: url)
        let error = ImageFileError.png(path: url.path, .cutShort(byteCount: bytes.count / 2))
        for threads in 1...3 { #expect(throws: error) { try made.loader(threads: threads) } }
        let lazy = try made.loader(budget: 0)
        #expect(try lazy.batch([10, 12]).count == 2)
        #expect(throws: error) { try lazy.batch([10, 11]) }
        // If several images are broken, the error names the first in the batch, whichever thread fails first.
        try Data().write(to: made.dataset.samples[15].imageURL)
        for threads in 1...3 {
            #expect(throws: error) { try lazy.batch([9, 11, 15, 3], threads: ThreadCount(threads)) }
        }
    }

    @Test func upsampledImagesAreResizedFromTheLargerOnes() throws {
        let made = try Made(count: 5, size: 8)
        let image = try RGBImage(contentsOf: made.dataset.samples[2].imageURL)
        for (side, budget) in [(32, 0), (32, 1 << 20), (15, 0)] {
            var options = ImageBatchLoader.Options(imageSize: side, upsampling: 4, memoryBudget: budget)
            options.normalization = ChannelNormalization(mean: [0, 0, 0], deviation: [1, 1, 1])
            let loader = try ImageBatchLoader(dataset: made.dataset, options: options, threads: ThreadCount(1))
            var expected = [UInt8](repeating: 0, count: 3 * side * side)
            expected.withUnsafeMutableBufferPointer {
                image.upsampled(by: 4).write(side: side, filter: .antialiased, to: $0)
            }
            #expect(try loader.batch([2]).values.map { ($0 * 255).rounded() } == expected.map(Float.init))
        }
    }

    @Test func upsamplingHasALimit() throws {
        let made = try Made(count: 5, size: 8)
        let options = ImageBatchLoader.Options(imageSize: 8, upsampling: 513, memoryBudget: 0)
        let loader = try ImageBatchLoader(dataset: made.dataset, options: options, threads: ThreadCount(1))
        let url = made.dataset.samples[0].imageURL
        let error = ImageFileError.upsampledTooLarge(path: url.path, width: 8, height: 8, factor: 513)
        #expect(throws: error) { try loader.batch([0]) }
        #expect(error.description == "\(url.path): 8 × 8 pixels upsampled by 513 are more than the limit of 16777216")
    }

    @Test func progressMayEndTheLoading() throws {
        struct Interrupted: Error {}
        let made = try Made()
        let options = ImageBatchLoader.Options(imageSize: 8)
        var done: [Int] = []
        _ = try ImageBatchLoader(dataset: made.dataset, options: options, threads: ThreadCount(2)) { done.append($0) }
        #expect(done.last == 24)
        #expect(throws: Interrupted.self) {
            try ImageBatchLoader(dataset: made.dataset, options: options, threads: ThreadCount(2)) { _ in
                throw Interrupted()
            }
        }
    }

    @Test func batchesAreShuffledBySeedAndEpoch() {
        let indices = (0..<101).map { $0 * 3 }
        let batches = ImageBatchLoader.shuffledBatches(indices, batchSize: 25, seed: 1, epoch: 0)
        #expect(batches.map(\.count) == [25, 25, 25, 25, 1])
        #expect(batches.joined().sorted() == indices)
        #expect(Array(batches.joined()) != indices)
        #expect(batches == ImageBatchLoader.shuffledBatches(indices, batchSize: 25, seed: 1, epoch: 0))
        #expect(batches != ImageBatchLoader.shuffledBatches(indices, batchSize: 25, seed: 1, epoch: 1))
        #expect(batches != ImageBatchLoader.shuffledBatches(indices, batchSize: 25, seed: 2, epoch: 0))
        #expect(ImageBatchLoader.consecutiveBatches([5, 3, 4], batchSize: 2) == [[5, 3], [4]])
        #expect(ImageBatchLoader.shuffledBatches([], batchSize: 2, seed: 0, epoch: 0).isEmpty)
    }

    @Test func prefetchedBatchesAreTheSame() throws {
        let made = try Made()
        let loader = try made.loader()
        let batches = ImageBatchLoader.shuffledBatches(
            Array(made.dataset.samples.indices), batchSize: 5, seed: 1, epoch: 6)
        for depth in 1...3 {
            let prefetcher = BatchPrefetcher(
                loader: loader, batches: batches, epoch: 6, depth: depth, threads: ThreadCount(depth))
            for indices in batches { #expect(try prefetcher.next() == loader.batch(indices, epoch: 6)) }
            #expect(try prefetcher.next() == nil)
            #expect(try prefetcher.next() == nil)
        }
    }
}
