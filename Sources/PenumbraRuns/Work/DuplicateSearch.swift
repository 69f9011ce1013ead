import Foundation
import ImageDatasets
import TensorFiles

/// Searches for identical images, alone or in shares.
package struct DuplicateSearch {
    let source: DatasetSource
    let partial: PartialWork?

    package init(source: DatasetSource, partial: PartialWork?) {
        self.source = source
        self.partial = partial
    }

    private static let digestsKey = "penumbra.digests"

    /// The groups of identical images; nil if only a share was examined, and written. Throws `PartError`, and what reading the
    /// images throws.
    package func groups() throws -> [[Int]]? {
        let dataset = try source.dataset
        let candidates = try dataset.imagesOfEqualSize()
        let inputs = ["data set": try source.fingerprint]
        switch partial {
        case nil: return try dataset.identicalImages()
        case .share(let share, let folder, let command):
            if share.count > max(1, dataset.samples.count) {
                throw PartError.tooManyShares(images: dataset.samples.count, shares: share.count)
            }
            let digests = try dataset.digests(of: Array(candidates[share.range(of: candidates.count)]))
            let texts = Dictionary(uniqueKeysWithValues: digests.map { ("\($0)", $1) })
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            var content = SafetensorsFile()
            content.metadata[Self.digestsKey] = String(decoding: try encoder.encode(texts), as: UTF8.self)
            try PartFile(
                share: share, folder: folder, command: command, inputs: inputs, total: dataset.samples.count,
                content: content
            ).write()
            return nil
        case .merged(let parts):
            try parts.check(total: dataset.samples.count, inputs: inputs, path: source.url.path)
            var digests: [Int: String] = [:]
            for texts in try parts.texts(Self.digestsKey) {
                for (index, digest) in texts { if let index = Int(index) { digests[index] = digest } }
            }
            if let index = candidates.first(where: { digests[$0] == nil }) {
                throw PartError.content(
                    path: source.url.path, what: "no part has the image \(dataset.samples[index].id)")
            }
            let known = Set(candidates)
            return Dataset.groups(of: digests.filter { known.contains($0.key) })
        }
    }
}
