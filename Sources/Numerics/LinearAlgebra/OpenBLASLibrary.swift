import COpenBLAS

/// The OpenBLAS that this process has loaded.
package enum OpenBLASLibrary {
    /// Such as `0.3.29`.
    package static let version: String = {
        // "OpenBLAS 0.3.29 NO_LAPACK DYNAMIC_ARCH …"
        let words = String(cString: openblas_get_config()).split(separator: " ")
        return words.count > 1 ? String(words[1]) : "unknown"
    }()
}
