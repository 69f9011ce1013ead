extension LayoutFigure {
    /// Throws `InputError.unusable` for an option of the content that would change nothing, with what it needs.
    func refuseIdleOptions(_ table: SampleTable, _ columns: SampleColumns?) throws {
        func refuse(_ problem: String) -> InputError {
            .unusable(path: table.interpretation?.file ?? table.ids.path, problem: problem)
        }
        let source = colourSource(table)
        if content.isContinuous, let problem = problemOfContinuous(source) { throw refuse(problem) }
        let scales = [("--color-range", content.colourRange != nil), ("--color-period", content.colourPeriod != nil)]
        guard let option = scales.first(where: \.1)?.0, try colouredNumbers(table, columns) == nil else { return }
        switch source {
        case .column(let name):
            throw refuse("\(option) is for a column of numbers; '\(name.displayed)' holds text")
        case .classes:
            throw refuse(
                "\(option) is for numbers, but classes are drawn as categories; add --continuous if they are numbers")
        case .objects, .nothing, .mixture, .entropy, .agreement:
            throw refuse("\(option) is for a column of numbers; name one with --color")
        }
    }

    /// Why `--continuous` would change nothing; nil if it applies.
    private func problemOfContinuous(_ source: ColourSource) -> String? {
        let needed = "--continuous is for labels with one class per sample"
        switch source {
        case .classes: return nil
        case .nothing: return "\(needed); name their file with --labels"
        case .mixture: return "\(needed); these labels have several, whose colours are mixed"
        case .objects: return "\(needed); these objects are drawn in their own colours"
        case .entropy: return "\(needed), as colours; --color is entropy, which is drawn on a scale without it"
        case .agreement: return "\(needed), as colours; --color is agreement, which shows predicted classes"
        case .column(let name):
            return
                "\(needed), as colours; --color is '\(name.displayed)', another column (numbers are drawn on a scale "
                + "without it)"
        }
    }

    /// How many numbers lie outside the range of the colours, in words; nil if none does.
    package func remarkOnRange(_ table: SampleTable, _ columns: SampleColumns?) throws -> String? {
        guard let range = content.colourRange, let values = try colouredNumbers(table, columns)?.values else {
            return nil
        }
        let count = values.count { $0.map { !range.contains($0) } ?? false }
        if count == 0 { return nil }
        let ends = [range.lowerBound, range.upperBound].map { abs($0) < 1e15 ? Decimals.short($0) : "\($0)" }
        return "the colours span \(ends[0]) to \(ends[1]); \(Decimals.grouped(count)) "
            + (count == 1
                ? "value lies outside and has the colour of an end"
                : "values lie outside and have the colours of the ends")
    }
}
