import Foundation
import TensorFiles

/// A map that is given where features are expected, or the reverse.
enum MistakenMap {
    /// Throws `InputError.mapAsFeatures` if `table` has exactly the columns of a map, unless the user has named its features.
    static func refuse(_ table: CSVTable, at url: URL, _ reading: FeatureReading) throws(InputError) {
        guard table.dialect.hasHeader, table.header == ["id", "x", "y"], reading.columns.isEmpty else { return }
        throw .mapAsFeatures(path: url.path, features: features(of: url), option: FeatureReading.options.columns)
    }

    /// Throws `InputError.unusable` if the name of `url` says that it holds an array, and so features.
    static func refuseArray(at url: URL) throws(InputError) {
        guard ["npy", "npz", "pt", "pth", "safetensors", "h5", "hdf5"].contains(url.pathExtension.lowercased()) else {
            return
        }
        throw .unusable(
            path: url.path,
            problem:
                "found features or a checkpoint; expected a map (.csv with id, x, y): make one with 'penumbra project', or "
                + "draw the features with 'penumbra figure'")
    }

    /// The file of features in the report beside the map, as it was named there; nil without a report.
    static func features(of map: URL) -> String? { (try? LayoutReport.read(LayoutFile.report(of: map)))?.features }
}
