import CKernels
import Foundation

/// What a pool's window holds beyond the edge of a map.
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
    /// Runs in place of the C versions where it is set.
    let reference: ReferenceKernels?

    /// The C versions, or the plain ones where `PENUMBRA_KERNELS` is `swift` or `baseline` in the environment.
    init(lanes: Int) {
        let choice = ProcessInfo.processInfo.environment["PENUMBRA_KERNELS"]
        let isPlain = choice == "swift" || choice == "baseline"
        self.init(lanes: lanes, reference: isPlain ? ReferenceKernels(lanes: lanes) : nil)
    }

    init(lanes: Int, reference: ReferenceKernels?) {
        self.lanes = lanes
        self.reference = reference
    }

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
        if let reference {
            return reference.scaleShiftRectify(
                x, of: map, images: images, into: target, layout, scale: scale, shift: shift
            ) { $0 }
        }
        let kernel = lanes == 16 ? penumbra_scale_shift_relu_16 : penumbra_scale_shift_relu_8
        for row in 0..<map.positions / layout.run {
            kernel(
                x + row * layout.run * lanes, map.imageCount, map.positions * lanes, target + row * layout.row,
                layout.image, layout.block, Int32(images), blocks(map), Int32(layout.run), scale, shift)
        }
    }

    /// target = max(0, x · scale + shift) for each channel of `map`, rounded to bf16.
    func scaleShiftRectify(
        _ x: UnsafePointer<Float>, of map: FeatureMap, images: Int, into target: UnsafeMutablePointer<UInt16>,
        _ layout: TileLayout, scale: UnsafePointer<Float>, shift: UnsafePointer<Float>
    ) {
        if let reference {
            return reference.scaleShiftRectify(
                x, of: map, images: images, into: target, layout, scale: scale, shift: shift, BFloat16.bits)
        }
        let kernel = lanes == 16 ? penumbra_scale_shift_relu_bf16_16 : penumbra_scale_shift_relu_bf16_8
        for row in 0..<map.positions / layout.run {
            kernel(
                x + row * layout.run * lanes, map.imageCount, map.positions * lanes, target + row * layout.row,
                layout.image, layout.block, Int32(images), blocks(map), Int32(layout.run), scale, shift)
        }
    }

    /// The mean of each channel and the sum of squared deviations from it, over `images` images.
    func moments(
        _ x: UnsafePointer<Float>, of map: FeatureMap, images: Int, mean: UnsafeMutablePointer<Double>,
        deviations: UnsafeMutablePointer<Double>
    ) {
        if let reference {
            return reference.moments(x, of: map, images: images, mean: mean, deviations: deviations)
        }
        let kernel = lanes == 16 ? penumbra_moments_16 : penumbra_moments_8
        kernel(x, map.imageCount, Int32(images), blocks(map), Int32(map.positions), mean, deviations)
    }

    /// The first sum of the gradient in `FeatureMap`, and the sums for scale and shift.
    func scaleShiftRectifyBackward(
        _ x: UnsafePointer<Float>, of map: FeatureMap, images: Int, gradient: UnsafePointer<Float>,
        _ layout: TileLayout, into target: UnsafeMutablePointer<Float>, accumulate: Bool, scale: UnsafePointer<Float>,
        shift: UnsafePointer<Float>, mean: UnsafePointer<Float>, sums: UnsafeMutablePointer<Double>,
        products: UnsafeMutablePointer<Double>
    ) {
        if let reference {
            return reference.scaleShiftRectifyBackward(
                x, of: map, images: images, gradient: gradient, layout, into: target,
                accumulate: accumulate, scale: scale, shift: shift, mean: mean, sums: sums, products: products)
        }
        let kernel = lanes == 16 ? penumbra_scale_shift_relu_backward_16 : penumbra_scale_shift_relu_backward_8
        for row in 0..<map.positions / layout.run {
            let start = row * layout.run * lanes
            kernel(
                x + start, map.imageCount, map.positions * lanes, gradient + row * layout.row, layout.image,
                layout.block, target + start, Int32(images), blocks(map), Int32(layout.run), scale, shift, mean,
                accumulate ? 1 : 0, sums, products)
        }
    }

    /// gradient = gradient + constant + slope · x.
    func addAffine(
        _ x: UnsafePointer<Float>, to gradient: UnsafeMutablePointer<Float>, of map: FeatureMap, images: Int,
        constant: UnsafePointer<Float>, slope: UnsafePointer<Float>
    ) {
        if let reference {
            return reference.addAffine(x, to: gradient, of: map, images: images, constant: constant, slope: slope)
        }
        let kernel = lanes == 16 ? penumbra_add_affine_16 : penumbra_add_affine_8
        kernel(x, gradient, map.imageCount, Int32(images), blocks(map), Int32(map.positions), constant, slope)
    }

    /// The mean of each 2 × 2 square of `planes` planes (an image's blocks) of `height` × `width` positions.
    func averagePool(
        _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, planes: Int, height: Int, width: Int
    ) {
        if let reference {
            return reference.averagePool(x, into: y, planes: planes, height: height, width: width)
        }
        let kernel = lanes == 16 ? penumbra_average_pool_16 : penumbra_average_pool_8
        kernel(x, y, Int32(planes), Int32(height), Int32(width))
    }

    /// The gradient of `averagePool`: dx from dy.
    func averagePoolBackward(
        _ dy: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>, planes: Int, height: Int, width: Int
    ) {
        if let reference {
            return reference.averagePoolBackward(dy, into: dx, planes: planes, height: height, width: width)
        }
        let kernel = lanes == 16 ? penumbra_average_pool_backward_16 : penumbra_average_pool_backward_8
        kernel(dy, dx, Int32(planes), Int32(height), Int32(width))
    }

    /// The maximum of each 3 × 3 square, stride 2, border 1.
    func maxPool(
        _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, planes: Int, height: Int, width: Int,
        border: PoolBorder
    ) {
        if let reference {
            return reference.maxPool(x, into: y, planes: planes, height: height, width: width, border: border)
        }
        let kernel = lanes == 16 ? penumbra_max_pool_16 : penumbra_max_pool_8
        kernel(x, y, Int32(planes), Int32(height), Int32(width), border == .zeros ? 1 : 0)
    }

    /// The gradient of `maxPool`: dx from x and dy.
    func maxPoolBackward(
        _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>, planes: Int,
        height: Int, width: Int, border: PoolBorder
    ) {
        if let reference {
            return reference.maxPoolBackward(
                x, dy, into: dx, planes: planes, height: height, width: width, border: border)
        }
        let kernel = lanes == 16 ? penumbra_max_pool_backward_16 : penumbra_max_pool_backward_8
        kernel(x, dy, dx, Int32(planes), Int32(height), Int32(width), border == .zeros ? 1 : 0)
    }

    /// Every second position of every second row.
    func subsample(
        _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, planes: Int, height: Int, width: Int
    ) {
        if let reference {
            return reference.subsample(x, into: y, planes: planes, height: height, width: width)
        }
        let kernel = lanes == 16 ? penumbra_subsample_16 : penumbra_subsample_8
        kernel(x, y, Int32(planes), Int32(height), Int32(width))
    }

    /// The gradient of `subsample`: dx from dy.
    func subsampleBackward(
        _ dy: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>, planes: Int, height: Int, width: Int
    ) {
        if let reference {
            return reference.subsampleBackward(dy, into: dx, planes: planes, height: height, width: width)
        }
        let kernel = lanes == 16 ? penumbra_subsample_backward_16 : penumbra_subsample_backward_8
        kernel(dy, dx, Int32(planes), Int32(height), Int32(width))
    }

    /// The mean over all positions of each channel.
    func globalAverage(
        _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, planes: Int, positions: Int
    ) {
        if let reference {
            return reference.globalAverage(x, into: y, planes: planes, positions: positions)
        }
        let kernel = lanes == 16 ? penumbra_global_average_16 : penumbra_global_average_8
        kernel(x, y, Int32(planes), Int32(positions))
    }

    /// The gradient of `globalAverage`: dx from dy.
    func globalAverageBackward(
        _ dy: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>, planes: Int, positions: Int
    ) {
        if let reference {
            return reference.globalAverageBackward(dy, into: dx, planes: planes, positions: positions)
        }
        let kernel = lanes == 16 ? penumbra_global_average_backward_16 : penumbra_global_average_backward_8
        kernel(dy, dx, Int32(planes), Int32(positions))
    }

    private func blocks(_ map: FeatureMap) -> Int32 { Int32(map.channels / lanes) }
}
