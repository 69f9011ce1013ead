import COneDNN

/// Orders in which a tensor's elements lie, as far as layers choose them.
enum OneDNNOrder {
    /// Left to the library.
    case any
    /// One dimension.
    case plain
    /// Images, channels, height, width.
    case images
    /// The same with blocks of 8 or 16 channels innermost.
    case blocked(lanes: Int)
    /// Output channels, input channels, height, width.
    case weight
    /// Groups before these.
    case groupedWeight

    fileprivate var code: penumbra_dnn_order {
        switch self {
        case .any: PENUMBRA_DNN_ANY
        case .plain: PENUMBRA_DNN_X
        case .images: PENUMBRA_DNN_NCHW
        case .blocked(let lanes): lanes == 16 ? PENUMBRA_DNN_BLOCKS_OF_16 : PENUMBRA_DNN_BLOCKS_OF_8
        case .weight: PENUMBRA_DNN_OIHW
        case .groupedWeight: PENUMBRA_DNN_GOIHW
        }
    }
}

/// A tensor's dimensions and the order in which its elements lie.
final class OneDNNLayout {
    let handle: OpaquePointer

    /// A tensor of `dimensions` (for an activation N, C, H, W).
    init(_ dimensions: [Int], _ order: OneDNNOrder, _ precision: Precision = .float32) throws(OneDNNError) {
        handle = try OneDNNError.create("describe a tensor of \(dimensions)") {
            penumbra_dnn_layout_create(
                &$0, Int32(dimensions.count), dimensions.map(Int64.init), order.code, precision == .bf16)
        }
    }

    /// A weight in row-major order: output channels, input channels, height, width, with groups before them where there are
    /// some.
    static func rowMajor(_ shape: [Int]) throws(OneDNNError) -> OneDNNLayout {
        try OneDNNLayout(shape, shape.count == 5 ? .groupedWeight : .weight)
    }

    /// The layout that `plan` has for the tensor of a role: a weight, its gradient, scratch memory.
    init(of role: penumbra_dnn_role, in plan: OneDNNPlan) throws(OneDNNError) {
        handle = try OneDNNError.create("read a plan") { penumbra_dnn_plan_layout(&$0, plan.handle, role) }
    }

    deinit { penumbra_dnn_layout_destroy(handle) }

    /// The bytes that a tensor of this layout takes, padding included.
    var byteCount: Int { penumbra_dnn_layout_bytes(handle) }

    /// Whether both lay the same tensor out in the same order and precision.
    func isEqual(to other: OneDNNLayout) -> Bool { penumbra_dnn_layout_equal(handle, other.handle) }
}

/// A view of memory that somebody else owns, in a form that primitives take.
final class OneDNNMemory {
    let handle: OpaquePointer

    init(_ layout: OneDNNLayout, _ engine: OneDNNEngine) throws(OneDNNError) {
        handle = try OneDNNError.create("make a view of memory") {
            penumbra_dnn_memory_create(&$0, layout.handle, engine.handle)
        }
    }

    deinit { penumbra_dnn_memory_destroy(handle) }

    /// Points the view at `address`, which must hold the layout's bytes and outlive the next execution.
    func point(at address: UnsafeRawPointer) throws(OneDNNError) {
        try OneDNNError.check(penumbra_dnn_memory_point(handle, address), "move a view of memory")
    }
}

/// What a primitive will do, decided but not yet compiled. It takes its scratch memory from the caller, so that threads
/// can share the primitive.
final class OneDNNPlan {
    let handle: OpaquePointer

    /// - Parameter plan: makes the plan and returns the library's status.
    init(_ operation: @autoclosure () -> String, _ plan: (inout OpaquePointer?) -> Int32) throws(OneDNNError) {
        handle = try OneDNNError.create(operation(), plan)
    }

    deinit { penumbra_dnn_plan_destroy(handle) }
}

/// A primitive and the place that its scratch memory takes.
final class OneDNNPrimitive {
    private let handle: OpaquePointer
    let scratchLayout: OneDNNLayout

    init(_ plan: OneDNNPlan, _ operation: String) throws(OneDNNError) {
        scratchLayout = try OneDNNLayout(of: PENUMBRA_DNN_SCRATCH, in: plan)
        handle = try OneDNNError.create(operation) { penumbra_dnn_primitive_create(&$0, plan.handle) }
    }

    deinit { penumbra_dnn_primitive_destroy(handle) }

    /// Runs on the calling thread. May be called on several threads at once, each with memory of its own.
    func execute(_ arguments: [penumbra_dnn_argument], _ engine: OneDNNEngine) throws(OneDNNError) {
        try OneDNNError.check(
            penumbra_dnn_execute(handle, engine.handle, Int32(arguments.count), arguments), "run a primitive")
    }
}

extension penumbra_dnn_argument {
    init(_ role: penumbra_dnn_role, _ memory: OneDNNMemory) { self.init(role: role, memory: memory.handle) }
}
