import Foundation
import LabelDistributions

extension LayoutFigure.Map {
    /// Reads a layout and what lies beside it: its report, and predictions unless they are named.
    ///
    /// The ids are perhaps those of `known`. Predictions beside the layout are left out where they are of other samples, and `note` is told so; predictions
    /// that were named must be of the same. Throws `InputError` and what the readers throw.
    package init(_ url: URL, name: String, predictions: URL?, known: SampleIDs? = nil, note: (String) -> Void) throws {
        let layout = try LayoutFile.read(url, known: known)
        let reportFile = LayoutFile.report(of: url)
        let beside = url.deletingLastPathComponent().appendingPathComponent("predictions.csv")
        var found: PredictionTable?
        if let predictions {
            let table = try PredictionTable.read(predictions)
            try layout.ids.requireSame(as: table.ids)
            found = table
        } else if FileManager.default.fileExists(atPath: beside.path) {
            let table = try PredictionTable.read(beside)
            do throws(InputError) {
                try layout.ids.requireSame(as: table.ids)
                found = table
            } catch {
                note("\(error): the figure is without ACC and KL")
            }
        }
        let report =
            FileManager.default.fileExists(atPath: reportFile.path)
            ? try LayoutReport.read(reportFile) : nil
        if let report, report.points != layout.ids.ids.count {
            throw InputError.rowCount(
                path: url.path, found: layout.ids.ids.count, expected: report.points, of: reportFile.path)
        }
        self.init(
            layout: layout, report: report, evaluation: found.map { Evaluation($0, name: name) }, predictions: found,
            name: name)
    }

    /// `hard labels` for a layout in a folder `hard`, otherwise the file's name without its extension.
    package static func name(of layout: URL) -> String {
        let folder = layout.deletingLastPathComponent().lastPathComponent
        if let kind = MemberKind(name: folder) { return kind.heading }
        return layout.deletingPathExtension().lastPathComponent
    }
}
