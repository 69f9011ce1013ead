import Numerics

extension Network {
    /// One forward and backward pass in training mode, which leaves the gradient of every trained parameter behind and
    /// moves the running statistics.
    ///
    /// - Parameters:
    ///   - images: at least `count` images, N × C × H × W, already scaled.
    ///   - targets: `count` × classes probabilities.
    ///   - loss: what the logits are held against.
    /// - Returns: the loss of the batch. Where it is not finite there are no gradients.
    /// - Throws: `OneDNNError` where the library fails.
    public func accumulateGradients(
        images values: [Float], targets: [Float], count: Int, loss: any ClassificationLoss = CrossEntropy(),
        dropout: Dropout = .none
    ) throws(OneDNNError) -> Double {
        precondition(trains, "this network was planned for evaluation")
        precondition(targets.count == count * classCount, "a target distribution for each sample")
        try load(values, count: count)
        try runForward(count: count, mode: .training)
        let value = try timed(.head) { () throws(OneDNNError) -> Double in
            try OneDNNEngine.onOneThread { () throws(OneDNNError) -> Double in
                try head.train(count: count, targets: targets, loss: loss, dropout: dropout)
            }
        }
        if value.isFinite {
            try runBackward(count: count)
        } else {
            clearActivations()
        }
        return value
    }

    /// Features (`count` × features) and logits (`count` × classes) by the running statistics, without dropout.
    ///
    /// A sample's results do not depend on the samples beside it.
    /// - Throws: `OneDNNError` where the library fails.
    public func evaluate(
        images values: [Float], count: Int
    ) throws(OneDNNError) -> (features: [Float], logits: [Float]) {
        try load(values, count: count)
        try runForward(count: count, mode: .evaluation)
        let logits = try timed(.head) { () throws(OneDNNError) in try head.evaluate(count: count) }
        return (Array(features.values.elements.prefix(count * featureCount)), logits)
    }

    /// The means over all positions of what a stage put out for the first `count` images of the last evaluation, `count` ×
    /// channels. Traps unless the network was planned for it.
    public func stageAverages(_ name: String, count: Int) -> [Float] {
        for case let layer as StageAverage in layers where layer.name == name {
            return Array(layer.averages.values.elements.prefix(count * layer.averages.channels))
        }
        preconditionFailure("\(name) was not asked for")
    }

    /// Lets every layer copy what it reads in another layout, or with a normalisation folded in.
    func parametersChanged() throws(OneDNNError) {
        nonisolated(unsafe) let layers = layers
        let threadCount = threads.count
        try Self.onThreads(threads) { thread throws(OneDNNError) in
            for index in stride(from: thread, to: layers.count, by: threadCount) {
                try layers[index].parametersChanged()
            }
        }
    }

    /// Clears what a batch with NaN has left where a later, shorter batch pads its tiles.
    func clearActivations() {
        let buffers =
            scratch.flatMap { [$0.normalized, $0.gradient, $0.pooled, $0.branch, $0.output] } + [
                images.buffer, activations,
            ]
        for buffer in buffers { buffer.base.update(repeating: 0, count: buffer.count) }
    }

    private func load(_ values: [Float], count: Int) throws(OneDNNError) {
        precondition(count >= 1 && count <= batch, "\(count) samples in a network planned for \(batch)")
        precondition(values.count >= count * imageShape.count, "too few numbers for \(count) images")
        try timed(.images) { () throws(OneDNNError) in
            values.withUnsafeBufferPointer {
                images.buffer.base.update(from: $0.baseAddress!, count: count * imageShape.count)
            }
        }
    }

    private func runForward(count: Int, mode: RunMode) throws(OneDNNError) {
        for map in recomputed { map.values = map.firstValues }
        for (index, layer) in layers.enumerated() {
            try timed(index, .forward, count: count) { () throws(OneDNNError) in
                layer.beginForward(mode: mode)
                try onTiles(of: layer, count: count) { layer, images, scratch throws(OneDNNError) in
                    try layer.forward(images, scratch, mode: mode)
                }
                layer.endForward(mode: mode)
            }
        }
    }

    private func runBackward(count: Int) throws(OneDNNError) {
        for (index, layer) in layers.enumerated().reversed() {
            for repeated in repetitions[index] { try runAgain(repeated, count: count) }
            try timed(index, .backward, count: count) { () throws(OneDNNError) in
                layer.beginBackward()
                try onTiles(of: layer, count: count) { layer, images, scratch throws(OneDNNError) in
                    try layer.backward(images, scratch)
                }
                layer.endBackward()
            }
        }
        gradientsAreApart = threads.count > 1
    }

    /// Makes the maps of a layer again that were not kept. Statistics stay those of the forward pass.
    private func runAgain(_ index: Int, count: Int) throws(OneDNNError) {
        for map in recomputed where map.maker == index { map.values = map.repeatedValues }
        try timed(index, .again, count: count) { () throws(OneDNNError) in
            try onTiles(of: layers[index], count: count) { layer, images, scratch throws(OneDNNError) in
                try layer.repeatForward(images, scratch)
            }
        }
    }

    /// Runs `body` on every tile of the batch, each thread on a contiguous share of them.
    func onTiles(
        of layer: any Layer, count: Int,
        _ body: @escaping @Sendable (any Layer, Range<Int>, ThreadScratch) throws(OneDNNError) -> Void
    ) throws(OneDNNError) {
        nonisolated(unsafe) let layer = layer
        nonisolated(unsafe) let scratch = scratch
        let tile = layer.tile
        let tiles = (count + tile - 1) / tile
        let shares = min(threads.count, tiles)
        try Self.onThreads(threads) { thread throws(OneDNNError) in
            guard thread < shares else { return }
            for index in tiles * thread / shares..<tiles * (thread + 1) / shares {
                try body(layer, index * tile..<min(count, (index + 1) * tile), scratch[thread])
            }
        }
    }

    /// Runs `body` once on each thread, with oneDNN on one thread each; throws the first thread's error that there is.
    static func onThreads(
        _ threads: ThreadCount, _ body: @escaping @Sendable (_ thread: Int) throws(OneDNNError) -> Void
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
}
