import Foundation
import TensorFiles

extension DCICFolder {
    /// The set with the hues and ellipse shares from the table beside the labels; unchanged if there is no table. Throws
    /// `DatasetError`.
    static func addingAppearances(to dataset: Dataset, from labels: LabelFile) throws(DatasetError) -> Dataset {
        let url = labels.folder.appendingPathComponent("samples.csv")
        if !FileManager.default.fileExists(atPath: url.path) { return dataset }
        let appearances: [String: Appearance]
        do {
            let table = try CSVTable.read(url)
            let needed = ["id", "hue", "ellipse_share"]
            if !needed.allSatisfy(table.header.contains) { return dataset }
            appearances = try read(table)
        } catch let error as FileReadError {
            throw .unreadable(error)
        } catch let error as CSVError {
            throw .table(error)
        } catch let error as DatasetError {
            throw error
        } catch {
            throw .malformed(path: url.path, place: "the table", problem: "\(error)")
        }
        var rest = appearances
        let samples = try dataset.samples.map { (sample) throws(DatasetError) in
            guard let appearance = rest.removeValue(forKey: sample.id) else {
                throw DatasetError.idsDiffer(path: url.path, id: sample.id, labelFile: labels.path)
            }
            return Sample(
                id: sample.id, imageURL: sample.imageURL, fold: sample.fold, label: sample.label, votes: sample.votes,
                appearance: appearance)
        }
        for path in dataset.unlabelled { rest[PathText.withoutExtension(PathText.name(of: path))] = nil }
        if let id = rest.keys.min() { throw .idsDiffer(path: url.path, id: id, labelFile: labels.path) }
        return Dataset(
            name: dataset.name, classes: dataset.classes, samples: samples, unlabelled: dataset.unlabelled,
            notes: dataset.notes)
    }

    private static func read(_ table: CSVTable) throws -> [String: Appearance] {
        let (id, hue, share) = (
            try table.column(named: "id"), try table.column(named: "hue"), try table.column(named: "ellipse_share")
        )
        var appearances: [String: Appearance] = [:]
        var rowByID: [ExactText: Int] = [:]
        for row in 0..<table.rowCount {
            let key = table[row, id]
            if let first = rowByID.updateValue(row + 1, forKey: ExactText(key)) {
                throw DatasetError.duplicateID(path: table.path, id: key, places: ["row \(first)", "row \(row + 1)"])
            }
            let (angle, ratio) = (try table.number(row, hue), try table.number(row, share))
            if !(0..<360).contains(angle) {
                throw DatasetError.appearance(
                    path: table.path, row: row + 1, column: "hue", found: angle, expected: "0 to below 360 degrees")
            }
            if !(0...1).contains(ratio) {
                throw DatasetError.appearance(
                    path: table.path, row: row + 1, column: "ellipse_share", found: ratio, expected: "0 to 1")
            }
            appearances[key] = Appearance(hue: angle, ellipseShare: ratio)
        }
        return appearances
    }
}
