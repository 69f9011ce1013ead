import Foundation
import Numerics
import RasterImages
import Synchronization

/// Reads a data set's images, resizes them to one size and makes batches of them.
///
/// As many images as `memoryBudget` allows are decoded and resized once, in the initialiser, and stored as bytes (3 ·
/// imageSize² each); the others are decoded on every request. Batches are functions of their arguments only: any number of
/// threads may request any batch in any order.
public struct ImageBatchLoader: Sendable {
    /// The processing of the images.
    public struct Options: Sendable, Equatable {
        /// The side in pixels, at least 2. Images that are not square are stretched.
        public var imageSize: Int
        /// How images of another size are resized.
        public var filter: ResizeFilter
        /// The factor by which images are enlarged, bilinearly, before they are resized to `imageSize`; 1 leaves them
        /// unchanged.
        public var upsampling: Int
        /// Whether photographs are first rotated upright.
        public var exif: EXIFUse
        /// The last step.
        public var normalization: ChannelNormalization
        /// The augmentation of an epoch's batches.
        public var augmentation: Augmentation
        /// The seed of the augmentation.
        public var seed: UInt64
        /// The number of bytes of memory for decoded images.
        public var memoryBudget: Int

        /// Antialiased resizing, no upsampling, ImageNet's normalisation, flips, quarter turns and zoom, 2 GiB.
        public init(
            imageSize: Int, filter: ResizeFilter = .antialiased, upsampling: Int = 1, exif: EXIFUse = .apply,
            normalization: ChannelNormalization = .imageNet, augmentation: Augmentation = Augmentation(),
            seed: UInt64 = 0, memoryBudget: Int = 2 << 30
        ) {
            self.imageSize = imageSize
            self.filter = filter
            self.upsampling = upsampling
            self.exif = exif
            self.normalization = normalization
            self.augmentation = augmentation
            self.seed = seed
            self.memoryBudget = memoryBudget
        }
    }

    /// As given.
    public let options: Options
    private let samples: [Sample]
    /// The position in `cache` of each sample, -1 if it is decoded every time.
    private let slots: [Int]
    /// Planes of red, green and blue, image after image.
    private let cache: [UInt8]

    /// Decodes as many images of `dataset` as the budget allows; if `indices` is given, only these (others are then decoded on
    /// request). `progress` is called on the caller's thread with the number decoded, every few hundred; what it throws ends
    /// the work.
    ///
    /// Throws `ImageFileError` for the first image, in the order of `indices`, that cannot be read; those beyond the budget are
    /// checked when their batch is made. Traps on an index out of range, on sizes below 2 and on factors below 1.
    public init(
        dataset: Dataset, indices: [Int]? = nil, options: Options, threads: ThreadCount,
        progress: (_ done: Int) throws -> Void = { _ in }
    ) throws {
        precondition(options.imageSize >= 2, "an image size is at least 2")
        precondition(options.upsampling >= 1, "a factor is at least 1")
        let indices = indices ?? Array(dataset.samples.indices)
        let samples = dataset.samples
        let bytesPerImage = 3 * options.imageSize * options.imageSize
        let cached = Array(indices.prefix(max(0, options.memoryBudget) / bytesPerImage))
        var slots = [Int](repeating: -1, count: samples.count)
        for (slot, index) in cached.enumerated() { slots[index] = slot }
        var thrown: (any Error)?
        cache = [UInt8](unsafeUninitializedCapacity: cached.count * bytesPerImage) { buffer, initialized in
            do {
                try Self.decode(cached.map { samples[$0] }, options: options, threads: threads, to: buffer, progress)
                initialized = cached.count * bytesPerImage
            } catch {
                thrown = error
                initialized = 0
            }
        }
        if let thrown { throw thrown }
        self.options = options
        self.samples = samples
        self.slots = slots
    }

    /// The number of images stored in memory.
    public var cachedCount: Int { cache.count / (3 * options.imageSize * options.imageSize) }

    /// The images of the samples `indices`: augmented according to `options` if `epoch` is given, otherwise unchanged.
    ///
    /// The numbers depend only on the options, the images, `indices` and `epoch`; `threads` share the images. Throws
    /// `ImageFileError` for the first image that cannot be read. Traps on an index out of range.
    /// - Complexity: O(N · imageSize²), plus the decoding of images that are not stored in memory.
    public func batch(
        _ indices: [Int], epoch: Int? = nil, threads: ThreadCount = ThreadCount(1)
    ) throws(ImageFileError) -> ImageBatch {
        let bytesPerImage = 3 * options.imageSize * options.imageSize
        let writer = ImageWriter(side: options.imageSize, normalization: options.normalization)
        let failures = Mutex<[Int: ImageFileError]>([:])
        let values = [Float](unsafeUninitializedCapacity: indices.count * bytesPerImage) { values, initialized in
            // Every image has its own part of the buffer.
            nonisolated(unsafe) let values = values
            threads.forEachChunk(of: indices.count, size: 1) { position, _ in
                let index = indices[position]
                let target = values.baseAddress! + position * bytesPerImage
                let choice = epoch.map { options.augmentation.choice(seed: options.seed, epoch: $0, sample: index) }
                do throws(ImageFileError) {
                    try withPlanes(of: index) { writer.write($0, as: choice ?? Augmentation.Choice(), to: target) }
                } catch {
                    failures.withLock { $0[position] = error }
                }
            }
            initialized = failures.withLock(\.isEmpty) ? indices.count * bytesPerImage : 0
        }
        if let first = failures.withLock({ $0.min { $0.key < $1.key }?.value }) { throw first }
        return ImageBatch(indices: indices, imageSize: options.imageSize, values: values)
    }

    private func withPlanes(of index: Int, _ body: (UnsafePointer<UInt8>) -> Void) throws(ImageFileError) {
        let bytesPerImage = 3 * options.imageSize * options.imageSize
        if slots[index] >= 0 {
            cache.withUnsafeBufferPointer { body($0.baseAddress! + slots[index] * bytesPerImage) }
            return
        }
        let image = try Self.image(of: samples[index], options)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytesPerImage) { planes in
            image.write(side: options.imageSize, filter: options.filter, to: planes)
            body(planes.baseAddress!)
        }
    }

    private static func image(of sample: Sample, _ options: Options) throws(ImageFileError) -> RGBImage {
        let image = try sample.image(exif: options.exif), upsampling = options.upsampling
        let (pixels, overflow) = (upsampling * upsampling).multipliedReportingOverflow(by: image.width * image.height)
        if upsampling > 1, overflow || pixels > RGBImage.largestUpsampledPixelCount {
            throw .upsampledTooLarge(
                path: sample.imageURL.path, width: image.width, height: image.height, factor: upsampling)
        }
        return image.upsampled(by: upsampling)
    }

    private static func decode(
        _ samples: [Sample], options: Options, threads: ThreadCount, to buffer: UnsafeMutableBufferPointer<UInt8>,
        _ progress: (Int) throws -> Void
    ) throws {
        let bytesPerImage = 3 * options.imageSize * options.imageSize
        // Every image has its own part of the buffer.
        nonisolated(unsafe) let buffer = buffer
        let blockSize = 128 * threads.count
        for start in stride(from: 0, to: samples.count, by: blockSize) {
            let end = min(start + blockSize, samples.count)
            let failures = Mutex<[Int: ImageFileError]>([:])
            threads.forEachChunk(of: end - start, size: 1) { chunk, _ in
                let slot = start + chunk
                do throws(ImageFileError) {
                    let image = try Self.image(of: samples[slot], options)
                    let range = slot * bytesPerImage..<(slot + 1) * bytesPerImage
                    let part = UnsafeMutableBufferPointer(rebasing: buffer[range])
                    image.write(side: options.imageSize, filter: options.filter, to: part)
                } catch {
                    failures.withLock { $0[slot] = error }
                }
            }
            if let first = failures.withLock({ $0.min { $0.key < $1.key }?.value }) { throw first }
            try progress(end)
        }
    }
}

extension ImageBatchLoader {
    /// `indices` in a random order determined by seed and epoch, split into batches of `batchSize`; the last may be smaller.
    /// Traps unless `batchSize` is at least 1.
    public static func shuffledBatches(_ indices: [Int], batchSize: Int, seed: UInt64, epoch: Int) -> [[Int]] {
        var random = CounterRandom(seed: seed, orderStream, UInt64(epoch))
        let order = random.permutation(of: indices.count)
        return consecutiveBatches(order.map { indices[$0] }, batchSize: batchSize)
    }

    /// `indices` in their order, split into batches of `batchSize`; the last may be smaller. Traps unless `batchSize` is at
    /// least 1.
    public static func consecutiveBatches(_ indices: [Int], batchSize: Int) -> [[Int]] {
        precondition(batchSize >= 1, "a batch holds at least one image")
        return stride(from: 0, to: indices.count, by: batchSize).map {
            Array(indices[$0..<min($0 + batchSize, indices.count)])
        }
    }

    /// Distinguishes these random numbers from others with the same seed ("order" in ASCII).
    private static let orderStream: UInt64 = 0x006F_7264_6572
}

/// Images in the form that a network takes.
public struct ImageBatch: Sendable, Equatable {
    /// The indices of the samples in the data set, in the order of the images.
    public let indices: [Int]
    /// The side of each image in pixels.
    public let imageSize: Int
    /// N × 3 × `imageSize` × `imageSize` normalised numbers: N, C (red, green, blue), H, W.
    public let values: [Float]

    /// N.
    public var count: Int { indices.count }
}
