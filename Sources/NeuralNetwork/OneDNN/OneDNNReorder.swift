import COneDNN
import Numerics

/// Copies a tensor from one layout to another, on the calling thread.
final class OneDNNReorder {
    private let engine: OneDNNEngine
    private let primitive: OneDNNPrimitive
    private let from: OneDNNMemory
    private let to: OneDNNMemory
    private let scratch: AlignedBuffer<Float>
    private let scratchMemory: OneDNNMemory

    init(from source: OneDNNLayout, to destination: OneDNNLayout, _ engine: OneDNNEngine) throws(OneDNNError) {
        self.engine = engine
        let plan = try OneDNNPlan("plan a reorder") {
            penumbra_dnn_plan_reorder(&$0, source.handle, destination.handle, engine.handle)
        }
        primitive = try OneDNNPrimitive(plan, "make a reorder")
        from = try OneDNNMemory(source, engine)
        to = try OneDNNMemory(destination, engine)
        scratch = AlignedBuffer<Float>(count: primitive.scratchLayout.byteCount / 4 + 1)
        scratchMemory = try OneDNNMemory(primitive.scratchLayout, engine)
        try scratchMemory.point(at: scratch.base)
    }

    func execute(from source: UnsafeRawPointer, to destination: UnsafeMutableRawPointer) throws(OneDNNError) {
        try from.point(at: source)
        try to.point(at: destination)
        try primitive.execute(
            [
                penumbra_dnn_argument(PENUMBRA_DNN_INPUT, from),
                penumbra_dnn_argument(PENUMBRA_DNN_OUTPUT, to),
                penumbra_dnn_argument(PENUMBRA_DNN_SCRATCH, scratchMemory),
            ], engine)
    }
}
