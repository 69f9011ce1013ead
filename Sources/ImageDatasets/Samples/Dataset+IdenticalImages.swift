import Foundation
import RasterImages
import TensorFiles

extension Dataset {
    /// The groups of samples whose images are byte-identical, as indices, ascending. Across folds, such images are used for
    /// both training and testing. Files are compared as stored, so the same image in another format is not found. Throws
    /// `ImageFileError`.
    /// - Complexity: O(bytes of the images that have the size of another), with one image in memory at a time.
    public func identicalImages() throws(ImageFileError) -> [[Int]] {
        Self.groups(of: try digests(of: imagesOfEqualSize()))
    }

    /// The samples whose images have the same number of bytes as another's, ascending. Throws `ImageFileError`.
    package func imagesOfEqualSize() throws(ImageFileError) -> [Int] {
        var bySize: [Int: [Int]] = [:]
        for (index, sample) in samples.enumerated() {
            var size = sample.record.map { 3 * $0.width * $0.height } ?? 0
            if sample.record == nil {
                do throws(FileReadError) { size = try InputFile(sample.imageURL).size } catch {
                    throw .unreadable(error)
                }
            }
            bySize[size, default: []].append(index)
        }
        return bySize.values.filter { $0.count > 1 }.joined().sorted()
    }

    /// The digests of the images' bytes, by index. Throws `ImageFileError`.
    package func digests(of indices: [Int]) throws(ImageFileError) -> [Int: String] {
        var digests: [Int: String] = [:]
        for index in indices { digests[index] = try digest(of: samples[index]) }
        return digests
    }

    /// The indices that share a digest with another, ascending.
    package static func groups(of digests: [Int: String]) -> [[Int]] {
        Dictionary(grouping: digests.keys.sorted()) { digests[$0]! }.values.filter { $0.count > 1 }
            .sorted { $0[0] < $1[0] }
    }

    /// The samples whose images have the same pixels as one of `other`, however they are stored: each with its index in this
    /// set and that of the first match in the other. Throws `ImageFileError`.
    /// - Complexity: O(pixels of both), with one image in memory at a time.
    public func imagesShared(with other: Dataset) throws(ImageFileError) -> [(index: Int, other: Int)] {
        var first: [String: Int] = [:]
        for (index, sample) in other.samples.enumerated() {
            let digest = try Self.pixelDigest(of: sample)
            if first[digest] == nil { first[digest] = index }
        }
        var shared: [(index: Int, other: Int)] = []
        for (index, sample) in samples.enumerated() {
            if let other = first[try Self.pixelDigest(of: sample)] { shared.append((index, other)) }
        }
        return shared
    }

    private static func pixelDigest(of sample: Sample) throws(ImageFileError) -> String {
        let image = try sample.image()
        return SHA256Digest.of(Data("\(image.width) ".utf8) + Data(image.pixels)).description
    }

    private func digest(of sample: Sample) throws(ImageFileError) -> String {
        do throws(FileReadError) {
            let file = try InputFile(sample.imageURL)
            let size = sample.record.map { 3 * $0.width * $0.height } ?? file.size
            let offset = sample.record?.offset ?? 0
            if file.size - offset < size { throw .becameShorter(path: file.path) }
            return SHA256Digest.of(Data(try file.bytes(at: offset, count: size))).description
        } catch {
            throw .unreadable(error)
        }
    }
}
