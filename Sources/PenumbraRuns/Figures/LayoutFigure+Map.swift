import Foundation
import LabelDistributions
import TensorFiles

extension LayoutFigure.Map {
    /// Reads a layout and the files beside it: its report, and predictions unless they are named.
    ///
    /// If `known` names the ids of another map, the rows are put in their order. Predictions in the layout's folder, or in the
    /// one that `beside` names, are left out if they cannot be read or are of other samples, which is reported to `note`;
    /// predictions named explicitly must be of the same samples. Once the labels are known, `fitting` checks both. Throws
    /// `InputError` and what the readers throw.
    package init(
        _ url: URL, name: String, predictions: URL?, beside folder: URL? = nil, known: SampleIDs? = nil,
        note: (String) -> Void
    ) throws {
        try MistakenMap.refuseArray(at: url)
        var layout = try LayoutFile.read(url, known: known)
        for line in layout.remarks { note(line) }
        let reportFile = LayoutFile.report(of: url)
        let report =
            FileManager.default.fileExists(atPath: reportFile.path)
            ? try LayoutReport.read(reportFile) : nil
        if let report, report.points != layout.ids.ids.count {
            throw InputError.rowCount(
                path: url.path, found: layout.ids.ids.count, expected: report.points, of: reportFile.path)
        }
        if report?.idsAreRows == true { layout = layout.numbered() }
        let beside = (folder ?? url.deletingLastPathComponent()).appendingPathComponent("predictions.csv")
        var found: PredictionTable?
        if let predictions {
            found = try Self.predictions(predictions, of: layout.ids, note: note)
        } else if FileManager.default.fileExists(atPath: beside.path) {
            do {
                found = try Self.predictions(beside, of: layout.ids, note: note)
            } catch {
                note("\(error)\(Self.withoutMeasures)")
            }
        }
        self.init(
            layout: layout, report: report, evaluation: found.map { Evaluation($0, name: name) }, predictions: found,
            name: name)
        hasNamedPredictions = predictions != nil
        if let known, !ExactText.areSame(known.ids, layout.ids.ids) {
            self = try picking(known)
            note("\(url.relativePath): its samples are in a different order and are joined by id")
        }
    }

    private static func predictions(
        _ url: URL, of ids: SampleIDs, note: (String) -> Void
    ) throws -> PredictionTable {
        let table = try PredictionTable.read(url, note: note)
        _ = try ids.places(in: table.ids)
        return try table.picking(ids)
    }

    private static let withoutMeasures = ": ACC and KL are not shown"

    /// The map with its predictions over the classes of `samples`, in their order, which decides ties. Predictions of other
    /// classes, or with other labels of the same samples, are an `InputError` if the user has named them, and are otherwise left
    /// out, which is reported to `note`. Nothing changes if there are no predictions or no classes.
    package func fitting(
        _ samples: SampleTable, allowsFurtherClasses: Bool = true, note: (String) -> Void
    ) throws(InputError) -> LayoutFigure.Map {
        guard let predictions, !samples.classes.isEmpty else { return self }
        var map = self
        do throws(InputError) {
            let (table, remark) = try predictions.fitting(samples, allowsFurtherClasses: allowsFurtherClasses)
            if let remark { note(remark) }
            (map.predictions, map.evaluation) = (table, Evaluation(table, name: name))
        } catch {
            if hasNamedPredictions { throw error }
            note("\(error)\(Self.withoutMeasures)")
            (map.predictions, map.evaluation) = (nil, nil)
        }
        return map
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
