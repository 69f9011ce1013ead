import Numerics

/// A weight in the layout and the precision in which a pass reads it.
final class WeightCopy {
    private let buffer: AlignedBuffer<UInt8>
    private let reorder: OneDNNReorder

    /// Nil where `layout`, the weight's own, is what the pass reads.
    init?(from layout: OneDNNLayout, to target: OneDNNLayout, _ engine: OneDNNEngine) throws(OneDNNError) {
        if target.isEqual(to: layout) { return nil }
        buffer = AlignedBuffer<UInt8>(count: target.byteCount)
        reorder = try OneDNNReorder(from: layout, to: target, engine)
    }

    /// The copy.
    var base: UnsafeMutableRawPointer { UnsafeMutableRawPointer(buffer.base) }

    /// Copies `weight`, in `layout`.
    func update(from weight: UnsafePointer<Float>) throws(OneDNNError) {
        try reorder.execute(from: weight, to: base)
    }
}
