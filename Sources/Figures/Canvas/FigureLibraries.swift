import CCairo

/// The drawing libraries that this process has loaded.
package enum FigureLibraries {
    /// Names and versions.
    package static var versions: [(name: String, version: String)] {
        [
            ("Cairo", String(cString: cairo_version_string())),
            ("Pango", String(cString: pango_version_string())),
        ]
    }
}
