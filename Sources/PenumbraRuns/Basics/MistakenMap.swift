import Foundation
import TensorFiles

/// A map that is given where features are expected.
enum MistakenMap {
    /// Throws `InputError.mapAsFeatures` if `table` has exactly the columns of a map, unless the user has named its features.
    static func refuse(_ table: CSVTable, at url: URL, _ reading: FeatureReading) throws(InputError) {
        guard table.dialect.hasHeader, table.header == ["id", "x", "y"], reading.columns.isEmpty else { return }
        throw .mapAsFeatures(path: url.path, features: features(of: url), option: FeatureReading.columnsOption)
    }

    /// The file of features in the report beside the map, as it was named there; nil without a report.
    static func features(of map: URL) -> String? { (try? LayoutReport.read(LayoutFile.report(of: map)))?.features }
}
