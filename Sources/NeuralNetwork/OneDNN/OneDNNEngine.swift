import CKernels
import COneDNN

/// oneDNN on the processor, with every primitive planned for one thread.
///
/// The layers run primitives inside parallel loops of their own, each thread on its own images, so that what one
/// primitive writes is still in that thread's cache when the next reads it. All calls of oneDNN go through this folder.
final class OneDNNEngine {
    let handle: OpaquePointer

    /// Channels in a block of the activation layout that the processor's convolutions prefer: 16 with AVX-512, else 8.
    static let lanes = Int(penumbra_dnn_lanes())

    /// - Throws: `OneDNNError` where the library is absent, of another version, or has no engine for the processor.
    init() throws(OneDNNError) {
        handle = try OneDNNError.create("start on the processor") { penumbra_dnn_engine_create(&$0) }
    }

    deinit { penumbra_dnn_engine_destroy(handle) }

    /// Whether the processor multiplies bf16 numbers.
    static var multipliesBF16: Bool { penumbra_dnn_multiplies_bf16() }

    /// Runs `body` with oneDNN told to plan for, and to run on, one thread. What was set before is set again after it.
    static func onOneThread<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let before = penumbra_set_openmp_threads(1)
        defer { _ = penumbra_set_openmp_threads(before) }
        return try body()
    }

    /// C = A · B for row-major matrices (`transposeA` and `transposeB` say that the stored matrix is the transpose),
    /// A being `rows` × `inner` and B `inner` × `columns`.
    static func multiply(
        _ a: UnsafePointer<Float>, transposeA: Bool = false, _ b: UnsafePointer<Float>, transposeB: Bool = false,
        into c: UnsafeMutablePointer<Float>, rows: Int, columns: Int, inner: Int
    ) throws(OneDNNError) {
        try OneDNNError.check(
            penumbra_dnn_multiply(
                transposeA, transposeB, Int64(rows), Int64(columns), Int64(inner), a, b, c),
            "multiply a \(rows) × \(inner) matrix by a \(inner) × \(columns) one")
    }
}

/// A call of oneDNN that did not succeed.
public struct OneDNNError: Error, Equatable, CustomStringConvertible {
    /// What was asked of the library, such as "create a convolution of 64 channels".
    public let operation: String

    /// The library's status code (`dnnl_status_t`).
    public let status: Int

    /// One line with the operation and the name of the status.
    public var description: String {
        switch UInt32(status) {
        case PENUMBRA_DNN_ABSENT.rawValue:
            return "this program was built without oneDNN, which networks need; it can map, draw and compare features "
                + "(project, plot, compare). `make build` builds the whole program"
        case PENUMBRA_DNN_OTHER_VERSION.rawValue:
            return "the program was built for oneDNN \(penumbra_dnn_built_for()), but oneDNN "
                + "\(OneDNNVersion.loaded.map(\.description) ?? "of an unknown version") was found instead: "
                + "install the former, or rebuild the program"
        default:
            return "oneDNN could not \(operation): \(Self.names[status] ?? "status \(status)")"
        }
    }

    private static let names = [
        1: "out of memory", 2: "invalid arguments", 3: "unimplemented", 4: "no implementation is left",
        5: "runtime error", 6: "not required",
    ]

    /// Throws unless `status` says success.
    static func check(_ status: Int32, _ operation: @autoclosure () -> String) throws(OneDNNError) {
        if status != 0 { throw OneDNNError(operation: operation(), status: Int(status)) }
    }

    /// The object that `make` creates; throws unless it returns the status of success.
    static func create(
        _ operation: @autoclosure () -> String, _ make: (inout OpaquePointer?) -> Int32
    ) throws(OneDNNError) -> OpaquePointer {
        var object: OpaquePointer?
        try check(make(&object), operation())
        return object!
    }
}
