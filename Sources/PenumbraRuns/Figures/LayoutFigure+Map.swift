import Foundation
import LabelDistributions
import TensorFiles

extension LayoutFigure.Map {
    /// Reads a layout and the files beside it: its report, and predictions unless they are named.
    ///
    /// If `known` names the ids of another map, the rows are put in their order. Predictions in the layout's folder, or in the one
    /// that `beside` names, are left out if they are of other samples or cannot be read, as another program's may be, which is
    /// reported to `note`; predictions named explicitly must be of the same samples. Throws `InputError` and what the readers throw.
    package init(
        _ url: URL, name: String, predictions: URL?, beside folder: URL? = nil, known: SampleIDs? = nil,
        note: (String) -> Void
    ) throws {
        try MistakenMap.refuseArray(at: url)
        let layout = try LayoutFile.read(url, known: known)
        for line in layout.remarks { note(line) }
        let reportFile = LayoutFile.report(of: url)
        let beside = (folder ?? url.deletingLastPathComponent()).appendingPathComponent("predictions.csv")
        var found: PredictionTable?
        if let predictions {
            let table = try PredictionTable.read(predictions)
            _ = try layout.ids.places(in: table.ids)
            found = try table.picking(layout.ids)
        } else if FileManager.default.fileExists(atPath: beside.path) {
            do {
                let table = try PredictionTable.read(beside)
                _ = try layout.ids.places(in: table.ids)
                found = try table.picking(layout.ids)
            } catch {
                note("\(error): the figure does not show ACC and KL")
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
        namesPredictions = predictions != nil
        if let known, !ExactText.areSame(known.ids, layout.ids.ids) {
            self = try picking(known)
            note("\(url.relativePath): its samples are in a different order and are joined by id")
        }
    }

    /// The same map with the rows of `ids`, in their order. Throws `InputError.idsDiffer` if some are missing or there are
    /// others.
    func picking(_ ids: SampleIDs) throws(InputError) -> LayoutFigure.Map {
        let places = try ids.places(in: layout.ids)
        var map = self
        map.layout = LayoutFile(
            ids: ids, coordinates: places.flatMap { layout.coordinates[2 * $0..<2 * $0 + 2] })
        map.predictions = try predictions?.picking(ids)
        return map
    }

    /// `hard labels` for a layout in a folder `hard`, otherwise the file's name without its extension.
    package static func name(of layout: URL) -> String {
        MemberKind(folderOf: layout)?.heading ?? layout.deletingPathExtension().lastPathComponent
    }
}
