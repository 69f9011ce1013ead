import NeuralNetwork

/// Regenerates the values that `Tools/reference/densenet121_generator.py` derives from a tensor's name.
enum SeededTensors {
    static func firstHash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    static func mixed(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    static func word(_ start: UInt64, _ place: Int) -> UInt64 {
        mixed(start &+ UInt64(place + 1) &* 0x9E37_79B9_7F4A_7C15)
    }

    /// Uniform numbers from 0 to 1, each passed through `change`, in one pass because a network has millions.
    @inline(__always)
    static func uniform(_ name: String, _ count: Int, _ change: (Float) -> Float = { $0 }) -> [Float] {
        let start = firstHash(name)
        return [Float](unsafeUninitializedCapacity: count) { numbers, filled in
            for place in 0..<count { numbers[place] = change(Float(word(start, place) >> 40) * 0x1p-24) }
            filled = count
        }
    }

    @inline(__always)
    static func signed(_ name: String, _ count: Int, _ change: (Float) -> Float = { $0 }) -> [Float] {
        uniform(name, count) { change(2 * $0 - 1) }
    }

    /// A parameter or running statistic of a backbone. Each seed has its own stream.
    static func parameter(_ name: String, _ shape: [Int], normBiasOffset: Float, seed: Int = 0) -> NamedTensor {
        let count = shape.reduce(1, *), stream = seed == 0 ? name : "\(seed)/\(name)"
        let values: [Float]
        if name.hasSuffix("running_var") {
            values = uniform(stream, count) { 1 + 0.5 * $0 }
        } else if name.hasSuffix("weight"), shape.count == 4 {
            let bound = Float((6 / Double(shape.dropFirst().reduce(1, *))).squareRoot())
            values = signed(stream, count) { bound * $0 }
        } else if name.hasSuffix("weight"), shape.count == 2 {
            let bound = Float((3 / Double(shape[1])).squareRoot())
            values = signed(stream, count) { bound * $0 }
        } else if name.hasSuffix("weight") {
            values = signed(stream, count) { 1 + 0.2 * $0 }
        } else if name.hasSuffix("bias"), isNorm(name) {
            values = signed(stream, count) { normBiasOffset + 0.1 * $0 }
        } else {
            values = signed(stream, count) { 0.1 * $0 }
        }
        return NamedTensor(name: name, shape: shape, values: values)
    }

    /// Whether a bias belongs to a normalisation, judged by its layer's name.
    private static func isNorm(_ name: String) -> Bool {
        let layer = name.dropLast(".bias".count)
        let last = layer.split(separator: ".").last!
        return last.contains("norm") || last.contains("bn") || layer.hasSuffix("downsample.1")
    }

    static func images(_ step: Int, _ count: Int) -> [Float] {
        let bound = Float(3.0.squareRoot())
        return signed("images/\(step)", count) { bound * $0 }
    }

    static func targets(_ step: Int, _ batch: Int, classes: Int) -> [Float] {
        let u = uniform("targets/\(step)", batch * classes).map { Double($0) + 0.01 }
        return (0..<batch).flatMap { row in
            let values = u[row * classes..<(row + 1) * classes]
            let sum = values.reduce(0, +)
            return values.map { Float($0 / sum) }
        }
    }

    /// Σᵢ ±gᵢ for each of the tensor's 32 sign patterns. An entry's signs are the lowest bits of one word, eight per byte;
    /// entries with the same byte are summed first.
    static func sketches(_ tensor: NamedTensor) -> [Double] {
        let start = firstHash("sketch/\(tensor.name)")
        var sums = [Double](repeating: 0, count: 4 * 256)
        for (i, value) in tensor.values.enumerated() {
            let word = word(start, i)
            for part in 0..<4 { sums[part << 8 | Int(word >> UInt64(8 * part) & 0xFF)] += Double(value) }
        }
        return (0..<32).map { k in
            (0..<256).reduce(0.0) { total, byte in
                let sum = sums[(k / 8) << 8 | byte]
                return byte >> (k % 8) & 1 == 0 ? total + sum : total - sum
            }
        }
    }
}
