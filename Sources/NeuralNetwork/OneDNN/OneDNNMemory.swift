import COneDNN

/// A memory descriptor: dimensions and the order in which their elements lie.
struct OneDNNLayout {
    var descriptor = dnnl_memory_desc_t()

    /// A tensor of `dimensions` (for an activation N, C, H, W) in the layout that `tag` names.
    init(_ dimensions: [Int], _ tag: dnnl_format_tag_t, _ precision: Precision = .float32) throws(OneDNNError) {
        var padded = dimensions.map { dnnl_dim_t($0) }
        padded += Array(repeating: 0, count: 12 - padded.count)
        let status = padded.withUnsafeBufferPointer {
            dnnl_memory_desc_init_by_tag(
                &descriptor, Int32(dimensions.count), $0.baseAddress, precision == .float32 ? dnnl_f32 : dnnl_bf16, tag)
        }
        try OneDNNError.check(status, "describe a tensor of \(dimensions)")
    }

    init(_ descriptor: dnnl_memory_desc_t) {
        self.descriptor = descriptor
    }

    /// The layout that a planned primitive has for what `query` names.
    init(queried query: dnnl_query_t, of description: dnnl_primitive_desc_t) {
        descriptor = dnnl_primitive_desc_query_md(description, query, 0).pointee
    }

    /// The bytes that a tensor of this layout takes, padding included.
    var byteCount: Int { withUnsafePointer(to: descriptor) { dnnl_memory_desc_get_size($0) } }

    /// Whether both lay the same tensor out in the same order and precision.
    func isEqual(to other: OneDNNLayout) -> Bool {
        withUnsafePointer(to: descriptor) { mine in
            withUnsafePointer(to: other.descriptor) { dnnl_memory_desc_equal(mine, $0) == 1 }
        }
    }
}

/// A view of memory that somebody else owns, in a form that primitives take.
final class OneDNNMemory {
    let handle: dnnl_memory_t

    init(_ layout: OneDNNLayout, _ engine: OneDNNEngine) throws(OneDNNError) {
        var memory: dnnl_memory_t?
        var descriptor = layout.descriptor
        try OneDNNError.check(
            dnnl_memory_create(&memory, &descriptor, engine.handle, nil), "make a view of memory")
        handle = memory!
    }

    deinit { dnnl_memory_destroy(handle) }

    /// Points the view at `address`, which must hold the layout's bytes and outlive the next execution.
    func point(at address: UnsafeRawPointer) throws(OneDNNError) {
        try OneDNNError.check(
            dnnl_memory_set_data_handle(handle, UnsafeMutableRawPointer(mutating: address)), "move a view of memory")
    }
}

/// A primitive and the place that its scratch memory takes.
final class OneDNNPrimitive {
    private let handle: dnnl_primitive_t
    let scratchLayout: OneDNNLayout

    /// Makes the primitive that `description` stands for; the caller keeps the description.
    init(_ description: dnnl_primitive_desc_t, _ operation: String) throws(OneDNNError) {
        var primitive: dnnl_primitive_t?
        try OneDNNError.check(dnnl_primitive_create(&primitive, description), operation)
        handle = primitive!
        scratchLayout = OneDNNLayout(queried: dnnl_query_scratchpad_md, of: description)
    }

    deinit { dnnl_primitive_destroy(handle) }

    /// Runs on the calling thread. May be called on several threads at once, each with memory of its own.
    func execute(_ arguments: [dnnl_exec_arg_t], _ engine: OneDNNEngine) throws(OneDNNError) {
        try OneDNNError.check(
            dnnl_primitive_execute(handle, engine.stream, Int32(arguments.count), arguments), "run a primitive")
    }
}

/// Attributes that tell a primitive to take its scratch memory from the caller, so that threads can share it.
struct CallerScratch: ~Copyable {
    let handle: dnnl_primitive_attr_t

    init() throws(OneDNNError) {
        var attributes: dnnl_primitive_attr_t?
        try OneDNNError.check(dnnl_primitive_attr_create(&attributes), "make attributes")
        handle = attributes!
        dnnl_primitive_attr_set_scratchpad_mode(handle, dnnl_scratchpad_mode_user)
    }

    /// Makes the primitive add its output to what stands in its place, and make zero of what is then below it.
    func finishOutput(adds: Bool, rectifies: Bool) throws(OneDNNError) {
        var steps: dnnl_post_ops_t?
        try OneDNNError.check(dnnl_post_ops_create(&steps), "make attributes")
        defer { dnnl_post_ops_destroy(steps) }
        if adds { try OneDNNError.check(dnnl_post_ops_append_sum(steps, 1), "add to an output") }
        if rectifies {
            try OneDNNError.check(
                dnnl_post_ops_append_eltwise(steps, 1, dnnl_eltwise_relu, 0, 0), "rectify an output")
        }
        try OneDNNError.check(dnnl_primitive_attr_set_post_ops(handle, steps), "finish an output")
    }

    deinit { dnnl_primitive_attr_destroy(handle) }
}

extension OneDNNLayout {
    /// A weight in row-major order: output channels, input channels, height, width, with groups before them where there are
    /// some.
    static func rowMajor(_ shape: [Int]) throws(OneDNNError) -> OneDNNLayout {
        try OneDNNLayout(shape, shape.count == 5 ? dnnl_goihw : dnnl_oihw)
    }
}
