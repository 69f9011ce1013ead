import CKernels
import Numerics

/// What a pooling window contains beyond the edge of a map.
public enum PoolBorder: Sendable {
    /// Nothing: the window ends at the edge, as PyTorch pads a maximum pool.
    case empty
    /// Zeros, as Keras pads before its pool.
    case zeros
}

/// The passes over blocked maps, for the processor's number of lanes.
struct BlockedKernels {
    /// Channels in a block: 16 or 8.
    let lanes: Int
    /// Which version of the passes runs.
    private let path: KernelPath

    init(lanes: Int, path: KernelPath = .preferred()) {
        self.lanes = lanes
        self.path = path
    }

    private var plain: ReferenceKernels { ReferenceKernels(lanes: lanes) }
    private var laneCount: Int32 { Int32(lanes) }

    /// One of the two `scaleShiftRectify`, without its arguments' names.
    typealias ScaleShiftRectify<Element> = (
        UnsafePointer<Float>, FeatureMap, Int, UnsafeMutablePointer<Element>, TileLayout, UnsafePointer<Float>,
        UnsafePointer<Float>
    ) -> Void

    /// target = max(0, x · scale + shift) for each channel of `map`.
    func scaleShiftRectify(
        _ x: UnsafePointer<Float>, of map: FeatureMap, images: Int, into target: UnsafeMutablePointer<Float>,
        _ layout: TileLayout, scale: UnsafePointer<Float>, shift: UnsafePointer<Float>
    ) {
        guard let code = path.code else {
            return plain.scaleShiftRectify(
                x, of: map, images: images, into: target, layout, scale: scale, shift: shift
            ) { $0 }
        }
        penumbra_scale_shift_relu(
            code, laneCount, x, map.imageCount, map.positions * lanes, target, layout.image, layout.block, layout.row,
            Int32(images), blocks(map), rows(of: layout, map), Int32(layout.run), scale, shift)
    }

    /// target = max(0, x · scale + shift) for each channel of `map`, rounded to bf16.
    func scaleShiftRectify(
        _ x: UnsafePointer<Float>, of map: FeatureMap, images: Int, into target: UnsafeMutablePointer<UInt16>,
        _ layout: TileLayout, scale: UnsafePointer<Float>, shift: UnsafePointer<Float>
    ) {
        guard let code = path.code else {
            return plain.scaleShiftRectify(
                x, of: map, images: images, into: target, layout, scale: scale, shift: shift, BFloat16.bits)
        }
        penumbra_scale_shift_relu_bf16(
            code, laneCount, x, map.imageCount, map.positions * lanes, target, layout.image, layout.block, layout.row,
            Int32(images), blocks(map), rows(of: layout, map), Int32(layout.run), scale, shift)
    }

    /// The mean of each channel and the sum of squared deviations from it, over `images` images.
    func moments(
        _ x: UnsafePointer<Float>, of map: FeatureMap, images: Int, mean: UnsafeMutablePointer<Double>,
        deviations: UnsafeMutablePointer<Double>
    ) {
        guard let code = path.code else {
            return plain.moments(x, of: map, images: images, mean: mean, deviations: deviations)
        }
        penumbra_moments(
            code, laneCount, x, map.imageCount, Int32(images), blocks(map), Int32(map.positions), mean, deviations)
    }

    /// The first sum of the gradient in `FeatureMap`, and the sums for scale and shift.
    func scaleShiftRectifyBackward(
        _ x: UnsafePointer<Float>, of map: FeatureMap, images: Int, gradient: UnsafePointer<Float>,
        _ layout: TileLayout, into target: UnsafeMutablePointer<Float>, accumulate: Bool, scale: UnsafePointer<Float>,
        shift: UnsafePointer<Float>, mean: UnsafePointer<Float>, sums: UnsafeMutablePointer<Double>,
        products: UnsafeMutablePointer<Double>
    ) {
        guard let code = path.code else {
            return plain.scaleShiftRectifyBackward(
                x, of: map, images: images, gradient: gradient, layout, into: target,
                accumulate: accumulate, scale: scale, shift: shift, mean: mean, sums: sums, products: products)
        }
        penumbra_scale_shift_relu_backward(
            code, laneCount, x, map.imageCount, map.positions * lanes, gradient, layout.image, layout.block, layout.row,
            target, Int32(images), blocks(map), rows(of: layout, map), Int32(layout.run), scale, shift, mean,
            accumulate ? 1 : 0, sums, products)
    }

    /// gradient = gradient + constant + slope · x.
    func addAffine(
        _ x: UnsafePointer<Float>, to gradient: UnsafeMutablePointer<Float>, of map: FeatureMap, images: Int,
        constant: UnsafePointer<Float>, slope: UnsafePointer<Float>
    ) {
        guard let code = path.code else {
            return plain.addAffine(x, to: gradient, of: map, images: images, constant: constant, slope: slope)
        }
        penumbra_add_affine(
            code, laneCount, x, gradient, map.imageCount, Int32(images), blocks(map), Int32(map.positions), constant,
            slope)
    }

    /// y = max(0, x · scale + z · addendScale + shift) for each channel of `map`, as large as which are all three.
    func addRectify(
        _ x: UnsafePointer<Float>, _ z: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, of map: FeatureMap,
        images: Int, scale: UnsafePointer<Float>, shift: UnsafePointer<Float>, addendScale: UnsafePointer<Float>
    ) {
        guard let code = path.code else {
            return plain.addRectify(
                x, z, into: y, of: map, images: images, scale: scale, shift: shift, addendScale: addendScale)
        }
        penumbra_add_relu(
            code, laneCount, x, z, y, map.imageCount, Int32(images), blocks(map), Int32(map.positions), scale, shift,
            addendScale)
    }

    /// The gradient behind a ReLU becomes that before it, where `y` is what it put out.
    func rectifyBackward(_ y: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>, count: Int) {
        guard let code = path.code else { return plain.rectifyBackward(y, gradient, count: count) }
        penumbra_relu_backward(code, laneCount, y, gradient, count)
    }

    /// The mean of each 2 × 2 square of `planes` planes (an image's blocks) of `height` × `width` positions.
    func averagePool(
        _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, planes: Int, height: Int, width: Int
    ) {
        guard let code = path.code else {
            return plain.averagePool(x, into: y, planes: planes, height: height, width: width)
        }
        penumbra_average_pool(code, laneCount, x, y, Int32(planes), Int32(height), Int32(width))
    }

    /// The gradient of `averagePool`: dx from dy.
    func averagePoolBackward(
        _ dy: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>, planes: Int, height: Int, width: Int
    ) {
        guard let code = path.code else {
            return plain.averagePoolBackward(dy, into: dx, planes: planes, height: height, width: width)
        }
        penumbra_average_pool_backward(code, laneCount, dy, dx, Int32(planes), Int32(height), Int32(width))
    }

    /// The maximum of each 3 × 3 square, stride 2, border 1.
    func maxPool(
        _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, planes: Int, height: Int, width: Int,
        border: PoolBorder
    ) {
        guard let code = path.code else {
            return plain.maxPool(x, into: y, planes: planes, height: height, width: width, border: border)
        }
        penumbra_max_pool(code, laneCount, x, y, Int32(planes), Int32(height), Int32(width), border == .zeros ? 1 : 0)
    }

    /// The gradient of `maxPool`: dx from x and dy.
    func maxPoolBackward(
        _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>, planes: Int,
        height: Int, width: Int, border: PoolBorder
    ) {
        guard let code = path.code else {
            return plain.maxPoolBackward(
                x, dy, into: dx, planes: planes, height: height, width: width, border: border)
        }
        penumbra_max_pool_backward(
            code, laneCount, x, dy, dx, Int32(planes), Int32(height), Int32(width), border == .zeros ? 1 : 0)
    }

    /// Every second position of every second row.
    func subsample(
        _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, planes: Int, height: Int, width: Int
    ) {
        guard let code = path.code else {
            return plain.subsample(x, into: y, planes: planes, height: height, width: width)
        }
        penumbra_subsample(code, laneCount, x, y, Int32(planes), Int32(height), Int32(width))
    }

    /// The gradient of `subsample`: dx from dy.
    func subsampleBackward(
        _ dy: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>, planes: Int, height: Int, width: Int
    ) {
        guard let code = path.code else {
            return plain.subsampleBackward(dy, into: dx, planes: planes, height: height, width: width)
        }
        penumbra_subsample_backward(code, laneCount, dy, dx, Int32(planes), Int32(height), Int32(width))
    }

    /// The mean over all positions of each channel.
    func globalAverage(
        _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, planes: Int, positions: Int
    ) {
        guard let code = path.code else {
            return plain.globalAverage(x, into: y, planes: planes, positions: positions)
        }
        penumbra_global_average(code, laneCount, x, y, Int32(planes), Int32(positions))
    }

    /// The gradient of `globalAverage`: dx from dy.
    func globalAverageBackward(
        _ dy: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>, planes: Int, positions: Int
    ) {
        guard let code = path.code else {
            return plain.globalAverageBackward(dy, into: dx, planes: planes, positions: positions)
        }
        penumbra_global_average_backward(code, laneCount, dy, dx, Int32(planes), Int32(positions))
    }

    private func blocks(_ map: FeatureMap) -> Int32 { Int32(map.channels / lanes) }

    private func rows(of layout: TileLayout, _ map: FeatureMap) -> Int32 { Int32(map.positions / layout.run) }
}
