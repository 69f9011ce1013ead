import Numerics
import Foundation
import RasterImages
import Synchronization

extension StagedFolder {
    /// Makes `count` images and writes them as PNG to their paths inside, on `threads`. `progress` is called on the caller's
    /// thread with the number done, every few hundred; what it throws ends the work, as does the first error in the order
    /// of the images.
    func writeImages(
        _ count: Int, threads: ThreadCount, progress: (_ done: Int) throws -> Void,
        path: @Sendable (_ index: Int) -> String, image: @Sendable (_ index: Int) throws -> RGBImage
    ) throws {
        let blockSize = 64 * threads.count
        for start in stride(from: 0, to: count, by: blockSize) {
            let end = min(start + blockSize, count)
            let failures = Mutex<[Int: any Error]>([:])
            threads.forEachChunk(of: end - start, size: 1) { chunk, _ in
                do {
                    try write(PNGCodec.encode(image(start + chunk)), to: path(start + chunk))
                } catch {
                    failures.withLock { $0[chunk] = error }
                }
            }
            if let first = failures.withLock({ $0.min { $0.key < $1.key }?.value }) { throw first }
            try progress(end)
        }
    }
}
