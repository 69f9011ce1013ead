import Numerics
import COneDNN

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
        let attributes = try CallerScratch()
        var description: dnnl_primitive_desc_t?
        var sourceDescriptor = source.descriptor, destinationDescriptor = destination.descriptor
        try OneDNNError.check(
            dnnl_reorder_primitive_desc_create(
                &description, &sourceDescriptor, engine.handle, &destinationDescriptor, engine.handle,
                attributes.handle), "plan a change of layout")
        defer { dnnl_primitive_desc_destroy(description) }
        primitive = try OneDNNPrimitive(description!, "make a change of layout")
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
                dnnl_exec_arg_t(arg: DNNL_ARG_FROM, memory: from.handle),
                dnnl_exec_arg_t(arg: DNNL_ARG_TO, memory: to.handle),
                dnnl_exec_arg_t(arg: DNNL_ARG_SCRATCHPAD, memory: scratchMemory.handle),
            ], engine)
    }
}
