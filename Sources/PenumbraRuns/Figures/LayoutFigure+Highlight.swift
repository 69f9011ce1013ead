import Figures
import LabelFiles

extension LayoutFigure {
    /// Draws all samples grey except those that `content.highlight` names, if any, and returns their number.
    ///
    /// Throws `InputError.unknownIDs` for ids that no sample has, `InputError.unusable` for a query without a match, and what
    /// `SampleColumns` throws.
    func highlight(_ figure: inout Figure, _ ids: SampleIDs, _ columns: SampleColumns?) throws -> Int? {
        if content.highlight.isEmpty { return nil }
        let isChosen = try chosen(ids, columns)
        for row in figure.rows.indices {
            for column in figure.rows[row].panels.indices {
                let points = figure.rows[row].panels[column].points
                figure.rows[row].panels[column].points = try points.highlighting(isChosen, theme: style.theme)
            }
        }
        return isChosen.count { $0 }
    }

    /// The caption's sentence about `count` highlighted samples, and about what `grey` means.
    func highlightSentence(_ count: Int, grey: String) -> String {
        let isQuery = content.highlight.count == 1 && content.highlight[0].contains("=")
        let number = Decimals.grouped(count)
        return "In colour: \(isQuery ? "\(content.highlight[0]) (\(number))" : number); \(grey)."
    }

    private func chosen(_ ids: SampleIDs, _ columns: SampleColumns?) throws -> [Bool] {
        let wanted = Set(content.highlight)
        let unknown = wanted.subtracting(ids.ids)
        if unknown.isEmpty { return ids.ids.map(wanted.contains) }
        guard content.highlight.count == 1, let place = content.highlight[0].firstIndex(of: "="), let columns else {
            throw InputError.unknownIDs(path: ids.path, option: "--highlight", ids: unknown.sorted())
        }
        let name = String(content.highlight[0][..<place])
        let value = String(content.highlight[0][place...].dropFirst())
        let isChosen: [Bool]
        switch try columns.column(named: name) {
        case .numbers(let numbers):
            let number = Double(value)
            isChosen = numbers.map { $0 != nil && $0 == number }
        case .categories(let indices, let names):
            let index = names.firstIndex(of: value)
            isChosen = indices.map { $0 != nil && $0 == index }
        }
        if !isChosen.contains(true) {
            throw InputError.unusable(
                path: ids.path, problem: "--highlight: no sample has '\(value)' in the column '\(name)'")
        }
        return isChosen
    }
}
