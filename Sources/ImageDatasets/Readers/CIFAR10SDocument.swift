import Foundation

/// The labels of CIFAR-10S in `cifar10s_t2clamp_redist10.json`: for some test images of CIFAR-10, by number, the probabilities
/// that each annotator gave, as shares of the ten classes.
struct CIFAR10SDocument {
    struct Image: Equatable {
        /// The index among CIFAR-10's test images, from 0.
        let index: Int
        /// The mean over the annotators, as in the paper.
        let shares: [Double]
    }

    /// In ascending order of their numbers.
    let images: [Image]

    /// The tolerance for the sum of an annotator's shares, which should be 1.
    private static let tolerance = 0.01

    /// Reads the file at `url`. Throws `DatasetError`, also for the annotators' raw input (`human_soft_labels_data.json`), from
    /// which labels can be derived in several ways.
    init(contentsOf url: URL, classCount: Int) throws(DatasetError) {
        let entries = try JSONFile.decode([String: [Annotation]].self, from: url)
        var images: [Image] = []
        var keys: [Int: String] = [:]
        for (key, annotations) in entries.sorted(by: { $0.key.precedesByScalars($1.key) }) {
            guard let index = Int(key), index >= 0 else {
                throw .malformed(
                    path: url.path, place: "\"\(key)\"", problem: "expected the number of a CIFAR-10 test image")
            }
            if let first = keys.updateValue(key, forKey: index) {
                throw .malformed(
                    path: url.path, place: "\"\(key)\"",
                    problem: "\"\(first)\" is the same image; expected one entry per CIFAR-10 test image")
            }
            var sums = [Double](repeating: 0, count: classCount)
            for (number, annotation) in annotations.enumerated() {
                let place = "\"\(key)\"[\(number)]"
                guard case .shares(let shares) = annotation else {
                    throw .malformed(
                        path: url.path, place: place,
                        problem:
                            "found an annotator's raw input, from which labels can be made in several ways; expected labels as "
                            + "in cifar10s_t2clamp_redist10.json")
                }
                let sum = shares.reduce(0, +)
                if shares.count != classCount || !shares.allSatisfy({ $0 >= 0 }) || !(abs(sum - 1) <= Self.tolerance) {
                    throw .malformed(
                        path: url.path, place: place,
                        problem:
                            "found \(shares.count) numbers that sum to \(sum); expected \(classCount) shares that sum to 1"
                    )
                }
                for (position, share) in shares.enumerated() { sums[position] += share / sum }
            }
            if annotations.isEmpty {
                throw .malformed(path: url.path, place: "\"\(key)\"", problem: "expected at least one annotator")
            }
            images.append(Image(index: index, shares: sums.map { $0 / Double(annotations.count) }))
        }
        self.images = images.sorted { $0.index < $1.index }
    }

    private enum Annotation: Decodable {
        case shares([Double])
        /// `Most Probable Class` and so on.
        case answer

        init(from decoder: any Decoder) throws {
            if (try? decoder.container(keyedBy: Key.self)) != nil {
                self = .answer
            } else {
                self = .shares(try decoder.singleValueContainer().decode([Double].self))
            }
        }

        private enum Key: CodingKey {}
    }
}
