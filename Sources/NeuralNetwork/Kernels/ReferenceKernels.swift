/// The passes of `BlockedKernels`, written plainly: the oracle of the C versions, and what runs in their place on
/// `KernelPath.swift`.
///
/// A map is [image][block][position][lane]; `at` finds an element.
struct ReferenceKernels {
    let lanes: Int

    private func at(_ image: Int, _ channel: Int, _ position: Int, _ layout: TileLayout) -> Int {
        let row = position / layout.run * layout.row + position % layout.run * lanes
        return image * layout.image + channel / lanes * layout.block + row + channel % lanes
    }

    private func at(_ image: Int, _ channel: Int, _ position: Int, stride: Int, positions: Int) -> Int {
        image * stride + (channel / lanes * positions + position) * lanes + channel % lanes
    }

    func scaleShiftRectify<Element>(
        _ x: UnsafePointer<Float>, of map: FeatureMap, images: Int, into target: UnsafeMutablePointer<Element>,
        _ layout: TileLayout, scale: UnsafePointer<Float>, shift: UnsafePointer<Float>, _ round: (Float) -> Element
    ) {
        for image in 0..<images {
            for c in 0..<map.channels {
                for p in 0..<map.positions {
                    let z = x[at(image, c, p, stride: map.imageCount, positions: map.positions)] * scale[c] + shift[c]
                    target[at(image, c, p, layout)] = round(z < 0 ? 0 : z)
                }
            }
        }
    }

    func moments(
        _ x: UnsafePointer<Float>, of map: FeatureMap, images: Int, mean: UnsafeMutablePointer<Double>,
        deviations: UnsafeMutablePointer<Double>
    ) {
        let count = Double(images * map.positions)
        for c in 0..<map.channels {
            func sum(_ term: (Double) -> Double) -> Double {
                (0..<images).reduce(0.0) { total, image in
                    (0..<map.positions).reduce(total) {
                        $0 + term(Double(x[at(image, c, $1, stride: map.imageCount, positions: map.positions)]))
                    }
                }
            }
            let m = sum { $0 } / count
            mean[c] = m
            deviations[c] = sum { ($0 - m) * ($0 - m) }
        }
    }

    func scaleShiftRectifyBackward(
        _ x: UnsafePointer<Float>, of map: FeatureMap, images: Int, gradient: UnsafePointer<Float>,
        _ layout: TileLayout, into target: UnsafeMutablePointer<Float>, accumulate: Bool, scale: UnsafePointer<Float>,
        shift: UnsafePointer<Float>, mean: UnsafePointer<Float>, sums: UnsafeMutablePointer<Double>,
        products: UnsafeMutablePointer<Double>
    ) {
        for image in 0..<images {
            for c in 0..<map.channels {
                for p in 0..<map.positions {
                    let here = at(image, c, p, stride: map.imageCount, positions: map.positions)
                    let incoming = gradient[at(image, c, p, layout)]
                    let masked = x[here] * scale[c] + shift[c] > 0 ? incoming : 0
                    sums[c] += Double(masked)
                    products[c] += Double(masked) * Double(x[here] - mean[c])
                    target[here] = (accumulate ? target[here] : 0) + scale[c] * masked
                }
            }
        }
    }

    func addAffine(
        _ x: UnsafePointer<Float>, to gradient: UnsafeMutablePointer<Float>, of map: FeatureMap, images: Int,
        constant: UnsafePointer<Float>, slope: UnsafePointer<Float>
    ) {
        for image in 0..<images {
            for c in 0..<map.channels {
                for p in 0..<map.positions {
                    let here = at(image, c, p, stride: map.imageCount, positions: map.positions)
                    gradient[here] += constant[c] + slope[c] * x[here]
                }
            }
        }
    }

    func addRectify(
        _ x: UnsafePointer<Float>, _ z: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, of map: FeatureMap,
        images: Int, scale: UnsafePointer<Float>, shift: UnsafePointer<Float>, addendScale: UnsafePointer<Float>
    ) {
        for image in 0..<images {
            for c in 0..<map.channels {
                for p in 0..<map.positions {
                    let here = at(image, c, p, stride: map.imageCount, positions: map.positions)
                    let sum = x[here] * scale[c] + (z[here] * addendScale[c] + shift[c])
                    y[here] = sum < 0 ? 0 : sum
                }
            }
        }
    }

    func rectifyBackward(_ y: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>, count: Int) {
        for i in 0..<count where !(y[i] > 0) { gradient[i] = 0 }
    }

    func averagePool(
        _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, planes: Int, height: Int, width: Int
    ) {
        forEachSquare(planes, height, width) { plane, row, column, lane in
            let corner = (plane * height + 2 * row) * width + 2 * column
            let sum = [0, 1, width, width + 1].reduce(Float(0)) { $0 + x[(corner + $1) * lanes + lane] }
            y[((plane * (height / 2) + row) * (width / 2) + column) * lanes + lane] = sum / 4
        }
    }

    func averagePoolBackward(
        _ dy: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>, planes: Int, height: Int, width: Int
    ) {
        dx.update(repeating: 0, count: planes * height * width * lanes)
        forEachSquare(planes, height, width) { plane, row, column, lane in
            let corner = (plane * height + 2 * row) * width + 2 * column
            let share = dy[((plane * (height / 2) + row) * (width / 2) + column) * lanes + lane] / 4
            for step in [0, 1, width, width + 1] { dx[(corner + step) * lanes + lane] = share }
        }
    }

    private func forEachSquare(_ planes: Int, _ height: Int, _ width: Int, _ body: (Int, Int, Int, Int) -> Void) {
        for plane in 0..<planes {
            for row in 0..<height / 2 {
                for column in 0..<width / 2 {
                    for lane in 0..<lanes { body(plane, row, column, lane) }
                }
            }
        }
    }

    func maxPool(
        _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, planes: Int, height: Int, width: Int,
        border: PoolBorder
    ) {
        forEachWindow(planes, height, width) { output, window in
            for lane in 0..<lanes {
                let value = x[largest(x, window, lane) * lanes + lane]
                y[output * lanes + lane] = borderWins(border, window, over: value) ? 0 : value
            }
        }
    }

    private func borderWins(_ border: PoolBorder, _ window: [Int], over value: Float) -> Bool {
        border == .zeros && window.count < 9 && value < 0
    }

    func maxPoolBackward(
        _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>, planes: Int,
        height: Int, width: Int, border: PoolBorder
    ) {
        dx.update(repeating: 0, count: planes * height * width * lanes)
        forEachWindow(planes, height, width) { output, window in
            for lane in 0..<lanes {
                let place = largest(x, window, lane) * lanes + lane
                if !borderWins(border, window, over: x[place]) { dx[place] += dy[output * lanes + lane] }
            }
        }
    }

    func subsample(
        _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, planes: Int, height: Int, width: Int
    ) {
        forEachWindow(planes, height, width) { output, _ in
            let center = self.center(of: output, height, width)
            for lane in 0..<lanes { y[output * lanes + lane] = x[center * lanes + lane] }
        }
    }

    func subsampleBackward(
        _ dy: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>, planes: Int, height: Int, width: Int
    ) {
        dx.update(repeating: 0, count: planes * height * width * lanes)
        forEachWindow(planes, height, width) { output, _ in
            let center = self.center(of: output, height, width)
            for lane in 0..<lanes { dx[center * lanes + lane] = dy[output * lanes + lane] }
        }
    }

    /// The input position in the middle of an output position's square.
    private func center(of output: Int, _ height: Int, _ width: Int) -> Int {
        let rows = (height - 1) / 2 + 1, columns = (width - 1) / 2 + 1
        let (row, column) = (output / columns, output % columns)
        return (row / rows * height + 2 * (row % rows)) * width + 2 * column
    }

    /// The first of the largest positions in a window; NaN is larger than all numbers.
    private func largest(_ x: UnsafePointer<Float>, _ window: [Int], _ lane: Int) -> Int {
        window.dropFirst().reduce(window[0]) { best, position in
            let (a, b) = (x[best * lanes + lane], x[position * lanes + lane])
            return a >= b || a.isNaN ? best : position
        }
    }

    /// Calls `body` with each output position and the input positions of its 3 × 3 square that lie in the plane.
    private func forEachWindow(_ planes: Int, _ height: Int, _ width: Int, _ body: (Int, [Int]) -> Void) {
        let rows = (height - 1) / 2 + 1, columns = (width - 1) / 2 + 1
        for plane in 0..<planes {
            for row in 0..<rows {
                for column in 0..<columns {
                    let lines = max(0, 2 * row - 1)..<min(height, 2 * row + 2)
                    let places = max(0, 2 * column - 1)..<min(width, 2 * column + 2)
                    let window: [Int] = lines.flatMap { (i: Int) -> [Int] in
                        places.map { (j: Int) -> Int in (plane * height + i) * width + j }
                    }
                    body((plane * rows + row) * columns + column, window)
                }
            }
        }
    }

    func globalAverage(
        _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, planes: Int, positions: Int
    ) {
        for plane in 0..<planes {
            for lane in 0..<lanes {
                let sum = (0..<positions).reduce(Float(0)) { $0 + x[(plane * positions + $1) * lanes + lane] }
                y[plane * lanes + lane] = sum / Float(positions)
            }
        }
    }

    func globalAverageBackward(
        _ dy: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>, planes: Int, positions: Int
    ) {
        for plane in 0..<planes {
            for p in 0..<positions {
                for lane in 0..<lanes {
                    dx[(plane * positions + p) * lanes + lane] = dy[plane * lanes + lane] / Float(positions)
                }
            }
        }
    }
}
