import Foundation
import TensorFiles

/// Which files hold features, by their names.
enum FeatureFileFormat {
    private static let features: Set = ["npy", "npz", "csv", "tsv"]
    /// Checkpoints, unless one of their arrays is named.
    private static let arrays: Set = ["pt", "pth", "safetensors", "h5", "hdf5"]

    /// Whether `url` is read as features, not as a checkpoint.
    static func areFeatures(_ url: URL, namedArray: String?) -> Bool {
        let format = url.pathExtension.lowercased()
        return features.contains(format) || namedArray != nil && arrays.contains(format)
    }

    /// The error for a file that is read as a checkpoint, for which there are no images: it may hold features instead.
    static func noData(for url: URL) -> InputError {
        if !FileManager.default.fileExists(atPath: url.path) { return .nothingThere(path: url.path) }
        guard arrays.contains(url.pathExtension.lowercased()), let file = try? ArrayFile(url) else {
            return .noData(path: url.path)
        }
        let matrices = file.arrays.filter { $0.type != nil && NumericArray.withoutOnes($0.shape).count == 2 }
        return .noDataOrArray(path: url.path, matrices: matrices.map(\.description))
    }

    /// Throws `InputError` for options that apply to none of these files, of which some may hold no features.
    static func refuse(_ reading: FeatureReading, for files: [URL]) throws(InputError) {
        let formats = files.map { $0.pathExtension.lowercased() }
        let ofTables = formats.contains { ["csv", "tsv"].contains($0) } ? [] : reading.optionsOfTables
        if !ofTables.isEmpty {
            throw .unusable(
                path: files[0].path,
                problem: "\(list(ofTables)): for tables of features (.csv, .tsv), but there is none; "
                    + "leave \(ofTables.count == 1 ? "it" : "them") out")
        }
        if reading.array != nil, !formats.contains(where: { $0 == "npz" || arrays.contains($0) }) {
            throw .unusable(
                path: files[0].path,
                problem:
                    "--array: for files that may hold several arrays, such as .npz, but there is none; leave it out")
        }
    }

    private static func list(_ options: [String]) -> String { options.joined(separator: ", ") }

    /// The part of `reading` that applies to a file of this format, for a command that accepts files of several formats: an
    /// array's name for those that may hold several arrays, columns and dialect for tables.
    static func reading(_ reading: FeatureReading, of url: URL) -> FeatureReading {
        let format = url.pathExtension.lowercased(), isTable = ["csv", "tsv"].contains(format)
        var reading = reading
        if isTable || format == "npy" { reading.array = nil }
        if !isTable { reading = FeatureReading(array: reading.array) }
        return reading
    }
}
