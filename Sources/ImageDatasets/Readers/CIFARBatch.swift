import Foundation
import TensorFiles

/// A batch of CIFAR-10 on disk: the labels, and where each image's pixels are. Images are 32 × 32, with their red, green and
/// blue planes one after another.
struct CIFARBatch {
    /// The label of each image, 0 to 9.
    let labels: [Int]
    /// The offset of the first image's pixels in the file, and the distance from one image to the next.
    private let start: Int
    private let step: Int

    static let side = 32
    static let pixelBytes = 3 * side * side
    /// The size of a label and the pixels.
    static let recordSize = 1 + pixelBytes

    func record(_ index: Int) -> ImageRecord {
        ImageRecord(offset: start + index * step, width: Self.side, height: Self.side)
    }

    /// Reads the binary format if the file's name ends in `.bin`, otherwise the pickle. Throws `DatasetError`.
    static func read(_ url: URL) throws(DatasetError) -> CIFARBatch {
        let batch = url.pathExtension == "bin" ? try readRecords(url) : try readPickle(url)
        for (record, label) in batch.labels.enumerated() where !CIFAR10Images.classes.indices.contains(label) {
            throw .recordLabel(path: url.path, record: record, found: label)
        }
        return batch
    }

    private static func readRecords(_ url: URL) throws(DatasetError) -> CIFARBatch {
        var labels: [Int] = []
        var size = 0
        do throws(FileReadError) {
            let file = try InputFile(url)
            size = file.size
            for offset in stride(from: 0, to: size - size % recordSize, by: recordSize) {
                labels.append(Int(try file.bytes(at: offset, count: 1)[0]))
            }
        } catch {
            throw .unreadable(error)
        }
        if size == 0 || !size.isMultiple(of: recordSize) { throw .recordSize(path: url.path, found: size) }
        return CIFARBatch(labels: labels, start: 1, step: recordSize)
    }

    private static func readPickle(_ url: URL) throws(DatasetError) -> CIFARBatch {
        let batch: PickledArrays
        do {
            batch = try PickledArrays.read(url)
        } catch {
            throw DatasetError(error, path: url.path)
        }
        guard let data = batch.arrays["data"], data.type == "u1", data.isRowMajor else {
            throw .malformed(path: url.path, place: "the pickle", problem: "expected an array 'data' of uint8")
        }
        guard data.shape.count == 2, data.shape[1] == pixelBytes, data.shape[0] > 0 else {
            throw .arrayShape(path: url.path, found: data.shape, expected: "(images, \(pixelBytes))")
        }
        guard let labels = batch.integers("labels"), labels.count == data.shape[0] else {
            throw .malformed(
                path: url.path, place: "the pickle", problem: "expected a list 'labels' of \(data.shape[0]) numbers"
            )
        }
        return CIFARBatch(labels: labels, start: data.offset, step: pixelBytes)
    }
}
