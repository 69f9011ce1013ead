import Foundation
import Training

/// A grid as a user writes it: `{"lr": [0.1, 0.02], "batch_size": [64, 128], "weight_decay": [5e-4], "dropout": [0, 0.5]}`.
/// Every key is optional.
package enum GridFile {
    private struct Content: Decodable {
        var lr: [Double]?
        var batchSize: [Int]?
        var weightDecay: [Double]?
        var dropout: [Double]?
    }

    private static let keys = ["lr", "batch_size", "weight_decay", "dropout"]

    /// Throws `FileReadError`, or `InputError.malformedJSON` for an unknown or empty key or another structure.
    package static func read(_ url: URL) throws -> TrainingGrid {
        guard case .object(let object) = try JSONText.read(JSONValue.self, from: url) else {
            throw InputError.malformedJSON(path: url.path, problem: "expected an object with \(names)")
        }
        for (key, value) in object.sorted(by: { $0.key < $1.key }) {
            if !keys.contains(key) {
                throw InputError.malformedJSON(path: url.path, problem: "found '\(key)'; expected \(names)")
            }
            if value == .array([]) {
                throw InputError.malformedJSON(path: url.path, problem: "\(key): expected at least one value")
            }
        }
        let content = try JSONText.read(Content.self, from: url)
        let grid = TrainingGrid(
            learningRates: content.lr, batchSizes: content.batchSize, weightDecays: content.weightDecay,
            dropouts: content.dropout)
        if grid.count > mostCombinations {
            throw InputError.malformedJSON(
                path: url.path, problem: "found \(grid.count) combinations; expected at most \(mostCombinations)")
        }
        return grid
    }

    /// Every combination is a training.
    private static let mostCombinations = 10_000

    private static var names: String { keys.dropLast().joined(separator: ", ") + " or " + keys.last! }
}
