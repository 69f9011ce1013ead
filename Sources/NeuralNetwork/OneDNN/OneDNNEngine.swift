import CKernels
import COneDNN

/// oneDNN on the processor, with every primitive planned for one thread.
///
/// The layers run primitives inside parallel loops of their own, each thread on its own images, so that what one
/// primitive writes is still in that thread's cache when the next reads it. All calls of oneDNN go through this folder.
final class OneDNNEngine {
    let handle: dnnl_engine_t
    let stream: dnnl_stream_t

    /// Channels in a block of the activation layout that the processor's convolutions prefer: 16 with AVX-512, else 8.
    let lanes: Int

    /// - Throws: `OneDNNError` where the library has no engine for the processor.
    init() throws(OneDNNError) {
        var engine: dnnl_engine_t?
        try OneDNNError.check(dnnl_engine_create(&engine, dnnl_cpu, 0), "start on the processor")
        handle = engine!
        var stream: dnnl_stream_t?
        let status = dnnl_stream_create(&stream, engine, dnnl_stream_default_flags.rawValue)
        if status != dnnl_success { dnnl_engine_destroy(engine) }
        try OneDNNError.check(status, "make a stream")
        self.stream = stream!
        // Instruction sets are sets of flags: AVX2 with VNNI is a larger number than AVX-512, but does not hold it.
        let wide = dnnl_cpu_isa_avx512_core.rawValue
        lanes = dnnl_get_effective_cpu_isa().rawValue & wide == wide ? 16 : 8
    }

    deinit {
        dnnl_stream_destroy(stream)
        dnnl_engine_destroy(handle)
    }

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
        let no = CChar(UInt8(ascii: "N")), yes = CChar(UInt8(ascii: "T"))
        try OneDNNError.check(
            dnnl_sgemm(
                transposeA ? yes : no, transposeB ? yes : no, dnnl_dim_t(rows), dnnl_dim_t(columns),
                dnnl_dim_t(inner), 1, a, dnnl_dim_t(transposeA ? rows : inner), b,
                dnnl_dim_t(transposeB ? inner : columns), 0, c, dnnl_dim_t(columns)),
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
        let names = [
            1: "out of memory", 2: "invalid arguments", 3: "unimplemented", 4: "iterator ends", 5: "runtime error",
            6: "not required",
        ]
        return "oneDNN could not \(operation): \(names[status] ?? "status \(status)")"
    }

    /// Throws unless `status` says success.
    static func check(_ status: dnnl_status_t, _ operation: @autoclosure () -> String) throws(OneDNNError) {
        if status != dnnl_success { throw OneDNNError(operation: operation(), status: Int(status.rawValue)) }
    }
}
