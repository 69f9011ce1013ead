import Numerics
import NeuralNetwork

extension NetworkMemoryError {
    /// The error, with the options of `train` that would need less memory.
    ///
    /// - Parameters:
    ///   - parts: the number of parts in which a batch was to be processed.
    ///   - batchSize: images per batch; it cannot be split into more parts.
    func explained(parts: Int, batchSize: Int) -> InputError {
        /// The option for batches in smaller parts, and the approximate memory for such a part.
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
