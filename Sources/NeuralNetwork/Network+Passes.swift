import Numerics

extension Network {
    /// One forward and backward pass in training mode, which leaves the gradient of every trained parameter behind and
    /// moves the running statistics.
    ///
    /// - Parameters:
    ///   - images: N × C × H × W, already scaled: all of the batch or, if other processes have pieces of it, those of
    ///     this process (`BatchPieces.ownImages`).
    ///   - targets: `count` × classes probabilities, for the whole batch.
    ///   - count: images in the whole batch.
    ///   - loss: the loss of the logits.
    ///   - headOnly: leaves the layers below the classifier without gradients, and takes no backward pass through them.
    /// - Returns: the loss of the batch. Where it is not finite there are no gradients.
    /// - Throws: `OneDNNError` where the library fails.
    public func accumulateGradients(
        images values: [Float], targets: [Float], count: Int, loss: any ClassificationLoss = CrossEntropy(),
        dropout: Dropout = .none, headOnly: Bool = false
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
            if !headOnly { try runBackward(count: count) }
        } else {
            clearActivations()
        }
        return value
    }

    /// Features (`count` × features) and logits (`count` × classes), computed with the running statistics and without
    /// dropout.
    ///
    /// A sample's results do not depend on the other samples.
    /// - Throws: `OneDNNError` where the library fails.
    public func evaluate(
        images values: [Float], count: Int
    ) throws(OneDNNError) -> (features: [Float], logits: [Float]) {
        try load(values, count: count)
        try runForward(count: count, mode: .evaluation)
        let logits = try timed(.head) { () throws(OneDNNError) in try head.evaluate(count: count) }
        return (Array(features.values.elements.prefix(count * featureCount)), logits)
    }

    /// The means over all positions of a stage's output for the first `count` images of the last evaluation, `count` ×
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
        let own = pieces.ownImages(of: count)
        precondition(values.count >= own.count * imageShape.count, "too few numbers for \(own.count) images")
        try timed(.images) { () throws(OneDNNError) in
            values.withUnsafeBufferPointer {
                guard let source = $0.baseAddress else { return }
                for (position, piece) in pieces.own.enumerated() {
                    let range = pieces.isFixed ? pieces.images(ofPiece: piece, of: count) : own
                    images.values(position * places..<position * places).update(
                        from: source + (range.lowerBound - own.lowerBound) * imageShape.count,
                        count: range.count * imageShape.count)
                    if !pieces.isFixed { break }
                }
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
                if mode == .training { gather(layer.forwardSums) }
                layer.endForward(mode: mode)
            }
        }
        if mode == .training { exchange?.gather(features.values.base, width: features.channels, count: count) }
    }

    private func runBackward(count: Int) throws(OneDNNError) {
        for (index, layer) in layers.enumerated().reversed() {
            for repeated in repetitions[index] { try runAgain(repeated, count: count) }
            try timed(index, .backward, count: count) { () throws(OneDNNError) in
                layer.beginBackward()
                try onTiles(of: layer, count: count) { layer, images, scratch throws(OneDNNError) in
                    try layer.backward(images, scratch)
                }
                gather(layer.backwardSums)
                layer.endBackward()
            }
            beginSums(after: index)
        }
        gradientsAreApart = pieces.own.count > 1
        if exchange != nil { try timed(.exchange) { () throws(OneDNNError) in finishSums() } }
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

    /// The places of the images that a piece of this process has of a batch of `count` in a layer, the first piece being 0,
    /// and what makes a place the image's number in the batch.
    private func images(
        ofPiece position: Int, in layer: any Layer, count: Int
    ) -> (places: Range<Int>, offset: Int) {
        if pieces.isFixed {
            let images = pieces.images(ofPiece: pieces.own.lowerBound + position, of: count)
            let start = position * places
            return (start..<start + images.count, images.lowerBound - start)
        }
        let tiles = (count + layer.tile - 1) / layer.tile
        let shares = min(pieces.count, tiles)
        if position >= shares { return (0..<0, 0) }
        let end = min(count, tiles * (position + 1) / shares * layer.tile)
        return (tiles * position / shares * layer.tile..<end, 0)
    }

    /// Runs `body` on every tile of the batch, each thread on all tiles of some pieces that follow each other.
    func onTiles(
        of layer: any Layer, count: Int,
        _ body: @escaping @Sendable (any Layer, Range<Int>, ThreadScratch) throws(OneDNNError) -> Void
    ) throws(OneDNNError) {
        nonisolated(unsafe) let layer = layer
        nonisolated(unsafe) let scratch = scratch
        nonisolated(unsafe) let network = self
        let own = pieces.own, threadCount = threads.count
        try Self.onThreads(threads) { thread throws(OneDNNError) in
            let scratch = scratch[thread], tile = layer.tile
            for position in own.count * thread / threadCount..<own.count * (thread + 1) / threadCount {
                let (places, offset) = network.images(ofPiece: position, in: layer, count: count)
                (scratch.piece, scratch.imageOffset) = (own.lowerBound + position, offset)
                for start in stride(from: places.lowerBound, to: places.upperBound, by: tile) {
                    try body(layer, start..<min(places.upperBound, start + tile), scratch)
                }
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
