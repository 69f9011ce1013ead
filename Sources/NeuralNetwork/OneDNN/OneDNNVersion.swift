import COneDNN

/// A version of oneDNN.
public struct OneDNNVersion: Sendable, Equatable, CustomStringConvertible {
    let major: Int
    let minor: Int
    let patch: Int

    /// Of the library that this process has loaded; nil in a program that was built without it.
    public static let loaded: OneDNNVersion? = {
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        penumbra_dnn_version(&major, &minor, &patch)
        return major == 0 ? nil : OneDNNVersion(major: Int(major), minor: Int(minor), patch: Int(patch))
    }()

    /// As the library's makers write it, such as "3.7.1".
    public var description: String { "\(major).\(minor).\(patch)" }
}
