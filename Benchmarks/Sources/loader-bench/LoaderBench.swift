import Numerics
import Foundation
import ImageDatasets

/// Measures how many images per second the loader alone delivers in the form training takes: shuffled, augmented, in batches
/// prepared ahead.
///
/// usage: loader-bench DATA [--px 64] [--batch 128] [--threads 2]
///
/// DATA is a data set in the DCIC layout. Prints one line of JSON with images per second: `fill` reads, decodes and resizes
/// images into memory, as happens once before training; `memory` makes batches of images in memory; `files` makes batches of
/// images that do not fit in memory and are read, decoded and resized each time.
@main
struct LoaderBench {
    static func main() throws {
        let arguments = CommandLine.arguments
        func option(_ name: String, _ standard: Int) -> Int {
            arguments.firstIndex(of: name).flatMap { Int(arguments[$0 + 1]) } ?? standard
        }
        let pixels = option("--px", 64), batch = option("--batch", 128)
        let threads = ThreadCount(option("--threads", 2))
        let dataset = try DCICFolder.read(URL(fileURLWithPath: arguments[1]))
        let count = dataset.samples.count

        func loader(memoryBudget: Int) throws -> ImageBatchLoader {
            let options = ImageBatchLoader.Options(imageSize: pixels, memoryBudget: memoryBudget)
            return try ImageBatchLoader(dataset: dataset, options: options, threads: threads)
        }
        func seconds(ofEpoch epoch: Int, from loader: ImageBatchLoader) throws -> Double {
            let batches = ImageBatchLoader.shuffledBatches(
                Array(dataset.samples.indices), batchSize: batch, seed: 0, epoch: epoch)
            return try elapsed {
                let prefetcher = BatchPrefetcher(loader: loader, batches: batches, epoch: epoch, threads: threads)
                while let batch = try prefetcher.next() { precondition(batch.imageSize == pixels) }
            }
        }

        var full = try loader(memoryBudget: .max)
        let fill = try (0..<2).map { _ in try elapsed { full = try loader(memoryBudget: .max) } }.min()!
        let memory = try (0..<5).map { try seconds(ofEpoch: $0, from: full) }.min()!
        let empty = try loader(memoryBudget: 0)
        let files = try (0..<3).map { try seconds(ofEpoch: $0, from: empty) }.min()!
        print(
            String(
                format: #"{"px": %d, "threads": %d, "fill": %.0f, "memory": %.0f, "files": %.0f}"#, pixels,
                threads.count, Double(count) / fill, Double(count) / memory, Double(count) / files))
    }

    static func elapsed(_ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try body()
        let elapsed = (ContinuousClock.now - start).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    }
}
