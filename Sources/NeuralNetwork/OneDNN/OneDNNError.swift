import COneDNN

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
