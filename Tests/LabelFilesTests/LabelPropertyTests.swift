import Foundation
import LabelDistributions
import TestSupport
import Testing

@testable import LabelFiles

/// Random tables of known truth in every form and dialect must be read correctly or refused, never misread.
@Suite struct LabelPropertyTests {
    /// A table's content: the votes of each image, by class name.
    struct Truth {
        var classes: [String]
        var ids: [String]
        /// By image, then by annotator: a class or nil.
        var annotations: [[Int?]]

        init(_ random: inout SplitMix64) {
            let sets = [
                ["cat", "dog", "owl"], ["0", "1", "2", "10"], ["big, red", "a;b", "say \"x\""], ["grün", "blau"],
                ["1", "2"],
                ["g", "nr", "ug"],
            ]
            classes = sets.randomElement(using: &random)!
            let spelling = Int.random(in: 0..<4, using: &random)
            ids = (0..<Int.random(in: 1...30, using: &random)).map { number in
                switch spelling {
                case 0: "img_\(number).png"
                case 1: "\(1000 + 7 * number)"
                case 2: "sub/\(number) a,b.jpg"
                default: "s\(number)"
                }
            }.shuffled(using: &random)
            let raters = Int.random(in: 1...5, using: &random)
            let count = classes.count
            annotations = ids.map { _ in
                (0..<raters).map { rater in
                    rater > 0 && Int.random(in: 0..<4, using: &random) == 0
                        ? nil : Int.random(in: 0..<count, using: &random)
                }
            }
        }

        func votes(_ image: Int) -> [Int] {
            classes.indices.map { index in annotations[image].count { $0 == index } }
        }

        func shares(_ image: Int) -> [Double] {
            let votes = votes(image), sum = Double(votes.reduce(0, +))
            return votes.map { Double($0) / sum }
        }

        /// Whether a table has the same content, ignoring classes that nobody chose.
        func isSaid(by table: LabelTable, isHard: Bool, tolerance: Double) -> Bool {
            if Set(table.rows.map(\.id)) != Set(ids) || table.rows.count != ids.count { return false }
            let places = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0) })
            // Without a header, class columns are known only by position.
            let names = table.classes.first == "class 0" ? classes.indices.map { "class \($0)" } : classes
            return table.rows.allSatisfy { row in
                guard let label = row.label else { return false }
                let image = places[row.id]!
                var expected = shares(image)
                if isHard { expected = classes.indices.map { annotations[image][0] == $0 ? 1 : 0 } }
                return names.enumerated().allSatisfy { index, name in
                    let found = table.classes.firstIndex(of: name).map { label.probabilities[$0] } ?? 0
                    return abs(found - expected[index]) <= tolerance
                } && Set(table.classes).isSubset(of: names)
            }
        }
    }

    /// The truth as a table in one form: header and rows.
    private func rows(_ truth: Truth, _ form: LabelForm, _ random: inout SplitMix64) -> (
        header: [String], rows: [[String]]
    ) {
        let idName = ["id", "image", "Image name", "filename"].randomElement(using: &random)!
        let gap = ["", "NA", "NaN", "None"].randomElement(using: &random)!
        var header: [String], rows: [[String]]
        switch form {
        case .votes:
            header = [idName] + truth.classes
            rows = truth.ids.indices.map { [truth.ids[$0]] + truth.votes($0).map(String.init) }
        case .distribution:
            let digits = [1e4, 1e15].randomElement(using: &random)!
            let percent = Bool.random(using: &random) ? 100.0 : 1
            header = [idName] + truth.classes
            rows = truth.ids.indices.map { image in
                [truth.ids[image]] + truth.shares(image).map { "\(($0 * digits).rounded() / digits * percent)" }
            }
        case .class:
            header = [idName, ["label", "class", "target"].randomElement(using: &random)!]
            rows = truth.ids.indices.map { [truth.ids[$0], truth.classes[truth.annotations[$0][0]!]] }
        case .annotators:
            header = [idName] + truth.annotations[0].indices.map { "annotator_\($0 + 1)" }
            rows = truth.ids.indices.map { image in
                [truth.ids[image]] + truth.annotations[image].map { $0.map { truth.classes[$0] } ?? gap }
            }
        case .annotations:
            header = [idName, "worker", "label"]
            rows = truth.ids.indices.flatMap { image in
                truth.annotations[image].enumerated().map { rater, label in
                    [truth.ids[image], "w\(rater)", label.map { truth.classes[$0] } ?? gap]
                }
            }
        }
        if Bool.random(using: &random) {
            header.append("width")
            for index in rows.indices { rows[index].append(["640", "480"].randomElement(using: &random)!) }
        }
        if Bool.random(using: &random) {
            header.insert("Unnamed: 0", at: 0)
            for index in rows.indices { rows[index].insert("\(index)", at: 0) }
        }
        // Rows and columns in any order, except that class columns keep the order of the classes.
        if form != .votes && form != .distribution {
            let order = header.indices.shuffled(using: &random)
            header = order.map { header[$0] }
            rows = rows.map { row in order.map { row[$0] } }
        }
        return (header, rows.shuffled(using: &random))
    }

    private func text(_ header: [String], _ rows: [[String]], _ random: inout SplitMix64) -> (
        text: String, name: String
    ) {
        let separator = [",", ";", "\t"].randomElement(using: &random)!
        let end = ["\n", "\r\n"].randomElement(using: &random)!
        let isQuoted = Bool.random(using: &random)
        func field(_ text: String) -> String {
            let needsQuotes = text.contains { $0 == "\"" || "\(separator)" == "\($0)" }
            return isQuoted || needsQuotes ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
        }
        var lines = [header] + rows
        if Int.random(in: 0..<5, using: &random) == 0 { lines.removeFirst() }
        let mark = Bool.random(using: &random) ? "\u{FEFF}" : ""
        return (
            mark + lines.map { $0.map(field).joined(separator: separator) + end }.joined(),
            separator == "\t" && Bool.random(using: &random) ? "l.tsv" : "l.csv"
        )
    }

    @Test(arguments: LabelForm.allCases, [false, true]) func tablesAreReadBackOrRefused(form: LabelForm, isSaid: Bool)
        throws
    {
        let folder = try TemporaryFolder()
        var (read, refused) = (0, 0)
        for seed in 0..<400 {
            var random = SplitMix64(seed: UInt64(seed))
            let truth = Truth(&random)
            let table = rows(truth, form, &random)
            let file = text(table.header, table.rows, &random)
            let url = try folder.file(file.name, holding: Array(file.text.utf8))
            do {
                let found = try LabelTable.read(url, as: LabelReading(form: isSaid ? form : nil))
                read += 1
                let isRight = truth.isSaid(by: found, isHard: form == .class, tolerance: 2e-4)
                if !isRight { Issue.record("seed \(seed): \(found.interpretation.lines)\n\(file.text.prefix(400))") }
            } catch let error as LabelFileError {
                refused += 1
                #expect(!error.description.isEmpty)
            }
        }
        // Refusing everything would not be enough.
        #expect(read > 240, "\(read) read, \(refused) refused")
    }
}
