import Numerics

/// Two numbers per point (coordinates, forces, velocities), with separate memory for each axis.
final class PlanarBuffer {
    let count: Int
    let xBuffer: AlignedBuffer<Float>
    let yBuffer: AlignedBuffer<Float>

    var x: UnsafeMutablePointer<Float> { xBuffer.base }
    var y: UnsafeMutablePointer<Float> { yBuffer.base }

    init(count: Int) {
        self.count = count
        xBuffer = AlignedBuffer(count: count)
        yBuffer = AlignedBuffer(count: count)
    }

    /// From N × 2 numbers, row by row.
    convenience init(interleaved values: [Float]) {
        self.init(count: values.count / 2)
        for point in 0..<count {
            x[point] = values[2 * point]
            y[point] = values[2 * point + 1]
        }
    }

    /// N × 2 numbers, row by row.
    var interleaved: [Float] {
        var values = [Float](repeating: 0, count: 2 * count)
        for point in 0..<count {
            values[2 * point] = x[point]
            values[2 * point + 1] = y[point]
        }
        return values
    }
}
