import COpenSSL
import CZip
import CZlib

/// The file libraries that this process has loaded.
package enum FileLibraries {
    /// Names and versions.
    package static var versions: [(name: String, version: String)] {
        [
            ("OpenSSL", String(cString: OpenSSL_version(OPENSSL_VERSION_STRING))),
            ("libzip", String(cString: zip_libzip_version())),
            ("zlib", String(cString: zlibVersion())),
        ]
    }
}
