import Determinism

extension Network {
    /// One forward and backward pass in training mode, which leaves the gradient of every trained parameter behind and
    /// moves the running statistics.
    ///
    /// - Parameters:
    ///   - images: at least `count` images, N × C × H × W, already scaled.
    ///   - targets: `count` × classes probabilities.
    /// - Returns: the mean cross-entropy of the batch. Where it is not finite there are no gradients.
    /// - Throws: `OneDNNError` where the library fails.
    public func accumulateGradients(
        images values: [Float], targets: [Float], count: Int, dropout: Dropout = .none
    ) throws(OneDNNError) -> Double {
        precondition(trains, "this network was planned for evaluation")
        precondition(targets.count == count * classCount, "a target distribution for each sample")
        load(values, count: count)
        try runForward(count: count, mode: .training)
        let loss = try OneDNNEngine.onOneThread { () throws(OneDNNError) -> Double in
            try head.train(count: count, targets: targets, dropout: dropout)
        }
        if loss.isFinite {
            try runBackward(count: count)
        } else {
            clearActivations()
        }
        return loss
    }

    /// Features (`count` × features) and logits (`count` × classes) by the running statistics, without dropout.
    ///
    /// A sample's results do not depend on the samples beside it.
    /// - Throws: `OneDNNError` where the library fails.
    public func evaluate(
        images values: [Float], count: Int
    ) throws(OneDNNError) -> (features: [Float], logits: [Float]) {
        load(values, count: count)
        try runForward(count: count, mode: .evaluation)
        return (Array(features.values.elements.prefix(count * featureCount)), try head.evaluate(count: count))
    }

    /// Lets every layer copy what it reads in another layout, or with a normalisation folded in.
    func parametersChanged() throws(OneDNNError) {
        nonisolated(unsafe) let layers = layers
        let threadCount = threads.count
        try onThreads { thread throws(OneDNNError) in
            for index in stride(from: thread, to: layers.count, by: threadCount) {
                try layers[index].parametersChanged()
            }
        }
    }

    /// Clears what a batch with NaN has left where a later, shorter batch pads its tiles.
    private func clearActivations() {
        let buffers =
            scratch.flatMap { [$0.normalized, $0.gradient, $0.pooled, $0.branch, $0.output] } + [
                images.buffer, activations,
            ]
        for buffer in buffers { buffer.base.update(repeating: 0, count: buffer.count) }
    }

    private func load(_ values: [Float], count: Int) {
        precondition(count >= 1 && count <= batch, "\(count) samples in a network planned for \(batch)")
        precondition(values.count >= count * imageShape.count, "too few numbers for \(count) images")
        values.withUnsafeBufferPointer {
            images.buffer.base.update(from: $0.baseAddress!, count: count * imageShape.count)
        }
    }

    private func runForward(count: Int, mode: RunMode) throws(OneDNNError) {
        for layer in layers {
            try timed(layer, backward: false, count: count) { () throws(OneDNNError) in
                layer.beginForward(mode: mode)
                try onTiles(of: layer, count: count) { layer, images, scratch throws(OneDNNError) in
                    try layer.forward(images, scratch, mode: mode)
                }
                layer.endForward(mode: mode)
            }
        }
    }

    private func runBackward(count: Int) throws(OneDNNError) {
        for layer in layers.reversed() {
            try timed(layer, backward: true, count: count) { () throws(OneDNNError) in
                layer.beginBackward()
                try onTiles(of: layer, count: count) { layer, images, scratch throws(OneDNNError) in
                    try layer.backward(images, scratch)
                }
                layer.endBackward()
            }
        }
        sumThreadGradients()
    }

    private func sumThreadGradients() {
        nonisolated(unsafe) let sum = gradients.base
        nonisolated(unsafe) let terms = threadGradients.map(\.base)
        // The head's weights, which come last, have one gradient: it runs on one thread.
        let count = head.parameters.first { $0.role.decays }!.offset
        threads.forEachChunk(of: count, size: 1 << 16) { _, range in
            for term in terms {
                ParameterKernels.add(term + range.lowerBound, to: sum + range.lowerBound, count: range.count)
            }
        }
    }

    /// Runs `body` on every tile of the batch, each thread on a contiguous share of them.
    private func onTiles(
        of layer: any Layer, count: Int,
        _ body: @escaping @Sendable (any Layer, Range<Int>, ThreadScratch) throws(OneDNNError) -> Void
    ) throws(OneDNNError) {
        nonisolated(unsafe) let layer = layer
        nonisolated(unsafe) let scratch = scratch
        let tile = layer.tile
        let tiles = (count + tile - 1) / tile
        let shares = min(threads.count, tiles)
        try onThreads { thread throws(OneDNNError) in
            guard thread < shares else { return }
            for index in tiles * thread / shares..<tiles * (thread + 1) / shares {
                try body(layer, index * tile..<min(count, (index + 1) * tile), scratch[thread])
            }
        }
    }

    /// Runs `body` once on each thread, with oneDNN on one thread each; throws the first thread's error that there is.
    private func onThreads(
        _ body: @escaping @Sendable (_ thread: Int) throws(OneDNNError) -> Void
    ) throws(OneDNNError) {
        let errors = UnsafeMutablePointer<OneDNNError?>.allocate(capacity: threads.count)
        errors.initialize(repeating: nil, count: threads.count)
        defer {
            errors.deinitialize(count: threads.count)
            errors.deallocate()
        }
        nonisolated(unsafe) let slots = errors
        OneDNNEngine.onOneThread {
            threads.forEachThread { thread in
                do throws(OneDNNError) { try body(thread) } catch { slots[thread] = error }
            }
        }
        for thread in 0..<threads.count {
            if let error = errors[thread] { throw error }
        }
    }

    private func timed(
        _ layer: any Layer, backward: Bool, count: Int, _ body: () throws(OneDNNError) -> Void
    ) throws(OneDNNError) {
        guard profiles else { return try body() }
        let start = ContinuousClock.now
        try body()
        let elapsed = (ContinuousClock.now - start).components
        record(
            layer, backward: backward, seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18,
            images: count)
    }
}
