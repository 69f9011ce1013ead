import Numerics

/// The communication between processes that share a batch, each of which has some of its pieces.
///
/// Every process calls the same functions in the same order. A failure is kept and thrown by `check`; until then nothing
/// more is exchanged.
package protocol BatchExchange: AnyObject {
    /// Whether batch normalisation takes its statistics over the whole batch rather than over each process's pieces.
    var normalizesGlobally: Bool { get }

    /// Fetches the rows of the other processes' pieces.
    func gather(_ sums: [PieceSums])

    /// Brings the other processes' vectors, `width` numbers an image, of a batch of `count` images.
    func gather(_ vectors: UnsafeMutablePointer<Float>, width: Int, count: Int)

    /// Begins to sum numbers over the pieces of all processes, in the order of the pieces; `finish` waits for the end.
    /// There are `count` numbers at each of `terms`, one term for each piece of this process. In every process, the sum
    /// replaces the first term. Until then the memory belongs to the exchange.
    func beginSum(_ terms: [UnsafeMutablePointer<Float>], count: Int)

    /// Total seconds during which a sum was under way.
    var summingSeconds: Double { get }

    /// Makes progress on sums that have begun, without waiting.
    func progress()

    /// Waits for all sums that have begun.
    func finish()

    /// Throws the failure that occurred, if any.
    func check() throws
}

/// Sums of gradients, as a network takes them.
package enum GradientTerms {
    /// Adds `count` numbers to as many others.
    package static func add(_ term: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>, count: Int) {
        ParameterKernels.preferred.add(term, to: sum, count: count)
    }
}

/// The convolutions' gradients, added up among the processes while the backward pass continues.
extension Network {
    /// Gradients of convolutions that are added up at a time.
    struct Bucket {
        let range: Range<Int>
        /// Complete when this layer's backward pass is done.
        let layer: Int
    }

    /// 2 MB: large against what a message costs, and small against the whole of a network.
    static let bucketSize = 1 << 19

    /// Cuts the gradients of the convolutions' weights into buckets of about `size` numbers, the last layers' first.
    static func buckets(of layers: [any Layer], size: Int) -> [Bucket] {
        var buckets: [Bucket] = []
        for share in convolutionShares(of: layers).reversed() {
            if let last = buckets.last, last.range.count + share.range.count <= size || last.range.count < size / 4 {
                buckets[buckets.count - 1] = Bucket(
                    range: share.range.lowerBound..<last.range.upperBound, layer: share.layer!)
            } else {
                buckets.append(Bucket(range: share.range, layer: share.layer!))
            }
        }
        return buckets
    }

    /// Brings the rows of the other processes' pieces, where batches are normalised as one.
    func gather(_ sums: [PieceSums]) {
        guard let exchange, exchange.normalizesGlobally, !sums.isEmpty else { return }
        let start = ContinuousClock.now
        exchange.gather(sums)
        gatherSeconds += start.elapsedSeconds
    }

    /// Calls `body` with each array of numbers that the next steps depend on, which other processes overwrite by those of the
    /// first: weights, running statistics, velocities and, with `squares`, Adam's means of squares.
    package func replicate(squares: Bool, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Void) throws {
        if squares { allocateSquares() }
        for buffer in [values, runningStatistics, velocities] + (squares ? [self.squares!] : []) {
            try body(buffer.elements)
        }
        try parametersChanged()
    }

    /// The running statistics, which processes that normalise by themselves do not share.
    package var runningElements: UnsafeMutableBufferPointer<Float> { runningStatistics.elements }

    /// Begins the sums of the buckets that are complete with the backward pass of layer `index`.
    func beginSums(after index: Int) {
        guard let exchange else { return }
        for bucket in buckets where bucket.layer == index {
            exchange.beginSum(
                ([gradients] + pieceGradients).map { $0.base + bucket.range.lowerBound }, count: bucket.range.count)
        }
        exchange.progress()
    }

    /// Ends the sums. Where each process has normalised by itself, the gradients of scales, shifts and biases are added up
    /// as well, which are the same in all processes otherwise.
    func finishSums() {
        guard let exchange else { return }
        if !exchange.normalizesGlobally {
            let range = decayingCount..<headStarts.rest
            // The first of this process's pieces stands for all of them.
            exchange.beginSum([gradients.base + range.lowerBound], count: range.count)
        }
        exchange.finish()
        profile?.exchangedSeconds += exchange.summingSeconds - summedBefore
        summedBefore = exchange.summingSeconds
        gradientsAreApart = false
    }
}
