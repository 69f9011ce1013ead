import Numerics

extension Network {
    /// Runs a part of a batch, timed where a profile is taken.
    func timed<Result>(
        _ part: NetworkProfile.Part, _ body: () throws(OneDNNError) -> Result
    ) throws(OneDNNError) -> Result {
        guard profile != nil else { return try body() }
        let start = ContinuousClock.now
        let result = try body()
        profile?.add(part, seconds: start.elapsedSeconds)
        return result
    }

    /// Runs a pass of layer number `index` over `count` images, timed where a profile is taken.
    func timed(
        _ index: Int, _ direction: NetworkProfile.Direction, count: Int, _ body: () throws(OneDNNError) -> Void
    ) throws(OneDNNError) {
        guard profile != nil else { return try body() }
        for scratch in scratch { scratch.convolutionSeconds = 0 }
        let start = ContinuousClock.now, gatheredBefore = gatherSeconds
        try body()
        let gathered = gatherSeconds - gatheredBefore
        profile?.add(.statistics, seconds: gathered)
        let operations = layers[index].operations * count
        let pass = NetworkProfile.Pass(
            seconds: start.elapsedSeconds - gathered, convolutionSeconds: takeConvolutionSeconds(),
            operations: direction == .backward ? 2 * operations : operations)
        let planned = layers[index].convolutions.map(\.passes)
        profile?.add(
            pass, direction, layer: layers[index].name, block: blocks[index],
            planned: (planned.reduce(0) { $0 + $1.all }, planned.reduce(0) { $0 + $1.winograd }))
    }

    /// The mean of what the threads have spent in convolutions; they are not timed any more.
    private func takeConvolutionSeconds() -> Double {
        defer { for scratch in scratch { scratch.convolutionSeconds = nil } }
        return scratch.reduce(0) { $0 + ($1.convolutionSeconds ?? 0) } / Double(threads.count)
    }

    /// Measures lower bounds for a step and sets them in the profile: `aloneSeconds` with these convolutions,
    /// `repeatedSeconds` with these passes. Takes about as long as six steps.
    ///
    /// Activations and the gradients of the last batch are lost. Parameters and running statistics are unchanged.
    /// - Throws: `OneDNNError` where the library fails, `NetworkStateError` where a running statistic is not finite.
    public func measureAlone() throws {
        try measureConvolutionsAlone()
        let state = try state()
        try measurePassesAlone()
        try load(state)
    }

    /// Times each layer's whole passes, the same one again and again with nothing between: once to warm up, twice for the
    /// mean.
    private func measurePassesAlone() throws(OneDNNError) {
        func measure(
            _ index: Int, _ direction: NetworkProfile.Direction, _ pass: (any Layer) throws(OneDNNError) -> Void
        ) throws(OneDNNError) {
            try pass(layers[index])
            let start = ContinuousClock.now
            for _ in 0..<2 { try pass(layers[index]) }
            let seconds = start.elapsedSeconds / 2 / Double(batch)
            profile?.set(\.repeatedSeconds, seconds, direction, layer: layers[index].name)
        }
        let mode = trains ? RunMode.training : .evaluation
        for map in recomputed { map.values = map.firstValues }
        for index in layers.indices {
            try measure(index, .forward) { layer throws(OneDNNError) in
                layer.beginForward(mode: mode)
                try onTiles(of: layer, count: batch) { layer, images, scratch throws(OneDNNError) in
                    try layer.forward(images, scratch, mode: mode)
                }
                layer.endForward(mode: mode)
            }
        }
        if trains {
            for index in layers.indices.reversed() {
                try measure(index, .backward) { layer throws(OneDNNError) in
                    layer.beginBackward()
                    try onTiles(of: layer, count: batch) { layer, images, scratch throws(OneDNNError) in
                        try layer.backward(images, scratch)
                    }
                    layer.endBackward()
                }
            }
        }
        clearActivations()
    }

    /// Times each convolution's passes with nothing between them, on the same tiles and threads as in a batch. A thread's
    /// input stays in its cache, as in a step; outputs are written where maps lie. Each pass runs once to warm up and twice
    /// for the mean.
    private func measureConvolutionsAlone() throws(OneDNNError) {
        let floats = layers.flatMap(\.convolutions).map(\.tileFloats.input).max() ?? 0
        nonisolated(unsafe) let inputs = threads.indices.map { _ in Self.filled(floats) }
        nonisolated(unsafe) let gradients = threads.indices.map { _ in AlignedBuffer<Float>(count: floats) }
        let largest = layers.flatMap(\.convolutions).map(\.tileFloats.output).max() ?? 0
        nonisolated(unsafe) let outputs =
            activations.count >= largest ? activations : AlignedBuffer<Float>(count: largest)
        for layer in layers where !layer.convolutions.isEmpty {
            func seconds(
                _ body:
                    @escaping @Sendable (Convolution, UnsafeMutablePointer<Float>, ThreadScratch)
                    throws(OneDNNError) -> Void
            ) throws(OneDNNError) -> Double {
                var taken = 0.0
                for round in 0..<3 {
                    for scratch in scratch { scratch.convolutionSeconds = 0 }
                    try onTiles(of: layer, count: batch) { layer, images, scratch throws(OneDNNError) in
                        for convolution in layer.convolutions {
                            let count = convolution.tileFloats.output
                            let place = images.lowerBound / layer.tile % (outputs.count / count)
                            try body(convolution, outputs.base + place * count, scratch)
                        }
                    }
                    let seconds = takeConvolutionSeconds()
                    if round > 0 { taken += seconds / 2 }
                }
                return taken / Double(batch)
            }
            let forward = try seconds { convolution, output, scratch throws(OneDNNError) in
                try convolution.forward(inputs[scratch.thread].base, into: output, scratch)
            }
            profile?.set(\.aloneSeconds, forward, .forward, layer: layer.name)
            guard trains else { continue }
            let backward = try seconds { convolution, output, scratch throws(OneDNNError) in
                try convolution.backwardWeights(inputs[scratch.thread].base, output, scratch)
                if convolution.hasInputGradient {
                    try convolution.backwardData(output, into: gradients[scratch.thread].base, scratch)
                }
            }
            profile?.set(\.aloneSeconds, backward, .backward, layer: layer.name)
            for convolution in layer.convolutions { convolution.endBackward() }
        }
        clearActivations()
    }

    /// `count` numbers between 0 and 1.
    private static func filled(_ count: Int) -> AlignedBuffer<Float> {
        let buffer = AlignedBuffer<Float>(count: count)
        for index in 0..<count { buffer.base[index] = Float(index % 17) / 17 }
        return buffer
    }

    /// Floating-point operations a second that the machine reaches with `threads` threads: the best of some products of
    /// matrices by oneDNN that fit each core's cache. Takes a fraction of a second.
    ///
    /// - Throws: `OneDNNError` where the library fails.
    public static func measurePeakSpeed(threads: ThreadCount) throws(OneDNNError) -> Double {
        let side = 384
        nonisolated(unsafe) let matrices = threads.indices.map { _ in (0..<3).map { _ in filled(side * side) } }
        let products = 8
        var least = Double.infinity
        for _ in 0..<12 {
            let start = ContinuousClock.now
            try onThreads(threads) { thread throws(OneDNNError) in
                let matrices = matrices[thread]
                for _ in 0..<products {
                    try OneDNNEngine.multiply(
                        matrices[0].base, matrices[1].base, into: matrices[2].base, rows: side, columns: side,
                        inner: side)
                }
            }
            least = min(least, start.elapsedSeconds)
        }
        return Double(2 * side * side * side * products * threads.count) / least
    }
}

extension ThreadCount {
    fileprivate var indices: Range<Int> { 0..<count }
}
