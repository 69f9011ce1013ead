/// The program's version, by semantic versioning.
enum PenumbraVersion {
    static let current = "0.1.0"
}
