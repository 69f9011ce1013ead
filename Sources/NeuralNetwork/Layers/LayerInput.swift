import Numerics

/// What a layer reads of maps, tile by tile: normalised and rectified (`BatchNormalization`), or as they are (`PlainInput`).
protocol LayerInput: AnyObject {
    /// Maps of one size; several stand for their concatenation.
    var inputs: [FeatureMap] { get }
    var parameters: [Parameter] { get }

    func beginForward(mode: RunMode)
    /// The values of `images` as the layer reads them, written to `target` unless they lie so in a map already. Images of a
    /// tile follow each other, or lie as `layout` says.
    func forward(
        _ images: Range<Int>, into target: UnsafeMutableRawPointer, _ layout: TileLayout?
    ) -> UnsafeRawPointer
    func beginBackward()
    /// Takes the gradient of what `forward` gave and adds this reader's part to the maps' gradients; a map that no reader
    /// has written to yet in this pass is overwritten. `layer` is this reader's position in the network.
    func backward(
        _ images: Range<Int>, gradient: UnsafePointer<Float>, _ layout: TileLayout?, layer: Int, piece: Int)
    /// What other processes must know before `endBackward`.
    var backwardSums: [PieceSums] { get }
    func endBackward()
}

extension LayerInput {
    /// Channels of the concatenation.
    var channels: Int { inputs.reduce(0) { $0 + $1.channels } }
    var height: Int { inputs[0].height }
    var width: Int { inputs[0].width }
    var positions: Int { inputs[0].positions }
    /// Floats of one image of the concatenation.
    var imageCount: Int { channels * positions }
}

/// A map that is read as it is.
final class PlainInput: LayerInput {
    private let map: FeatureMap
    /// What the reader multiplies.
    private let output: Precision
    private let kernels: BlockedKernels

    init(_ map: FeatureMap, output: Precision, _ kernels: BlockedKernels) {
        self.map = map
        self.output = output
        self.kernels = kernels
    }

    var inputs: [FeatureMap] { [map] }
    var parameters: [Parameter] { [] }

    func beginForward(mode: RunMode) {}

    func forward(
        _ images: Range<Int>, into target: UnsafeMutableRawPointer, _ layout: TileLayout?
    ) -> UnsafeRawPointer {
        let values = map.values + images.lowerBound * map.imageCount
        switch output {
        case .float32:
            guard let layout else { return UnsafeRawPointer(values) }
            layout.merge(
                values, of: map, images: images.count, lanes: kernels.lanes,
                into: target.assumingMemoryBound(to: Float.self))
        case .bf16:
            let target = target.assumingMemoryBound(to: UInt16.self)
            if let layout {
                layout.round(values, of: map, images: images.count, lanes: kernels.lanes, into: target)
            } else {
                ParameterKernels.preferred.round(values, into: target, count: images.count * map.imageCount)
            }
        }
        return UnsafeRawPointer(target)
    }

    func beginBackward() {}

    func backward(
        _ images: Range<Int>, gradient: UnsafePointer<Float>, _ layout: TileLayout?, layer: Int, piece: Int
    ) {
        let target = map.gradient + images.lowerBound * map.imageCount
        let accumulates = layer != map.readers.last
        if let layout {
            layout.separate(
                gradient, into: target, of: map, images: images.count, lanes: kernels.lanes, accumulate: accumulates)
        } else if accumulates {
            ParameterKernels.preferred.add(gradient, to: target, count: images.count * map.imageCount)
        } else {
            target.update(from: gradient, count: images.count * map.imageCount)
        }
    }

    var backwardSums: [PieceSums] { [] }

    func endBackward() {}
}
