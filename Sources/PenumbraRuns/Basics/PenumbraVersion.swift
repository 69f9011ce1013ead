/// The program's version, by semantic versioning.
package enum PenumbraVersion {
    package static let current = "0.1.0"
}
