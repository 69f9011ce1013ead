import Numerics
import NeuralNetwork

extension NetworkMemoryError {
    /// The error with the options of `train` that would need less.
    ///
    /// - Parameters:
    ///   - parts: in how many parts a batch was to be processed.
    ///   - batchSize: images in a batch, which cannot be in more parts.
    func explained(parts: Int, batchSize: Int) -> InputError {
        /// The option for batches in smaller parts, and about what such a part needs.
        func accumulation(recomputing: Bool) -> (text: String, needed: Int)? {
            guard let factor = self.parts(recomputing: recomputing), factor > 1 else { return nil }
            return (
                "--accumulate \(min(batchSize, parts * factor))",
                (recomputing ? neededRecomputing ?? needed : needed) / factor
            )
        }
        var options: [String] = []
        if let neededRecomputing, neededRecomputing <= available {
            options.append("--recompute (\(MemoryAmount(neededRecomputing)))")
        }
        if let (text, needed) = accumulation(recomputing: false) {
            options.append("\(text) (about \(MemoryAmount(needed)))")
        } else if options.isEmpty, neededRecomputing != nil, let (text, needed) = accumulation(recomputing: true) {
            options.append("--recompute \(text) (about \(MemoryAmount(needed)))")
        }
        return .networkTooLarge(figures: figures, options: options)
    }
}
