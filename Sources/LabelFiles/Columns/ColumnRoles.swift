import TensorFiles

/// The role of each column of a table.
struct ColumnRoles {
    /// How a table gives the labels of its samples, before any label is read.
    enum Labels: Equatable {
        /// A column per class.
        case wide([Int])
        case `class`(Int)
        case annotations(label: Int, annotator: Int?)
        case annotators([Int])
        case none
    }

    private(set) var table: RecordTable
    let reading: LabelReading
    private(set) var profiles: [ColumnProfile] = []
    /// Nil: the rows are their own ids.
    private(set) var id: Int?
    private(set) var split: Int?
    private(set) var fold: Int?
    private(set) var labels = Labels.none
    private(set) var skipped: [LabelInterpretation.Skipped] = []
    /// Columns of numbers that are left out as classes but complete the shares of every row.
    private(set) var nonClasses: [Int] = []
    /// Whether it is a table of samples that this program writes, of a run or of a synthetic set.
    let isOwn: Bool

    /// Finds the role of each column. Throws `LabelFileError` where it is ambiguous, or where an option names a missing
    /// column.
    init(_ table: RecordTable, _ reading: LabelReading, findsLabels: Bool = true) throws(LabelFileError) {
        self.table = table
        self.reading = reading
        if table.rowCount == 0 { throw .noRows(path: table.path) }
        isOwn =
            table.hasHeader
            && (table.header.prefix(3).elementsEqual(["id", "split", "annotators"])
                || table.header.first == "id" && LabelTable.hasAppearances(table.header))
        split = first(ColumnNames.splits)
        fold = first(ColumnNames.folds)
        if isOwn {
            id = 0
            if findsLabels { try findOwnClasses() }
            return
        }
        profiles = profiles(of: table)
        if split == nil { split = foundSplit() }
        id = try column(reading.idColumn, "--id-column") ?? foundID()
        try checkOtherIDs()
        try checkRoundedIDs()
        if findsLabels {
            if let truth = try tableOfTruth() {
                self.table = truth
                profiles = profiles(of: truth)
            }
            labels = try foundLabels()
        }
        if !table.hasHeader { try checkWithoutHeader() }
        if labels != .none { try checkRejected(beside: usedColumns) }
        if case .wide(let chosen) = labels, reading.classes == nil || !table.hasHeader {
            nonClasses = columnsCompleting(chosen)
        }
        listSkipped()
    }

    /// The column that an option names: by its name, or else by its number from 1 where there is no header.
    func column(_ name: String?, _ option: String) throws(LabelFileError) -> Int? {
        guard let name else { return nil }
        if let exact = table.header.firstIndex(of: name) { return exact }
        let plain = ColumnNames.plain(name)
        if let similar = table.header.firstIndex(where: { ColumnNames.plain($0) == plain }) { return similar }
        if !table.hasHeader, let number = Int(name), table.header.indices.contains(number - 1) { return number - 1 }
        throw .noColumn(path: table.path, option: option, name: name, header: table.header)
    }

    /// The column of the first name of `wanted` that the table has, of those that are not ignored.
    func first(_ wanted: [String]) -> Int? {
        let names = table.header.map(ColumnNames.plain)
        return wanted.lazy.compactMap { name in
            table.header.indices.first { names[$0] == name && !isIgnored($0) }
        }.first
    }

    func foundID() -> Int? {
        if !table.hasHeader {
            // The one column of names of images, or the one of texts that are all different.
            let images = profiles.indices.filter { profiles[$0].namesImages }
            if !images.isEmpty { return images.count == 1 ? images[0] : nil }
            let distinct = profiles.indices.filter { column in
                let profile = profiles[column]
                return profile.texts == table.rowCount && profile.distinct.count == table.rowCount
            }
            return distinct.count == 1 ? distinct[0] : nil
        }
        let names = table.header.map(ColumnNames.plain)
        func isOpen(_ column: Int) -> Bool { !isIgnored(column) }
        let known = ColumnNames.ids.compactMap { names.firstIndex(of: $0) }.filter(isOpen)
        if let image = known.first(where: { profiles[$0].namesImages }) { return image }
        if let first = known.first { return first }
        if let image = profiles.indices.first(where: { profiles[$0].namesImages && isOpen($0) }) { return image }
        if names.isEmpty || !isOpen(0) { return nil }
        // Row names, or row numbers where there is nothing better.
        if let first = names.first, ColumnNames.rowNumbers.contains(first) || first.hasPrefix("unnamed:") { return 0 }
        if let first = profiles.first, first.texts == table.rowCount, first.distinct.count == table.rowCount {
            return 0
        }
        return nil
    }

    var isChosenByUser: Bool {
        reading.form == .votes || reading.form == .distribution || reading.classes != nil
    }

    private mutating func foundLabels() throws(LabelFileError) -> Labels {
        let label = try column(reading.labelColumn, "--label-column")
        let annotator = try column(reading.annotatorColumn, "--annotator-column") ?? first(ColumnNames.annotators)
        let others = table.header.indices.filter { ![id, split, fold].contains($0) && !profiles[$0].isEmpty }
        if [nil, .votes, .distribution].contains(reading.form), label == nil { try checkDecimalCommas(others) }
        switch reading.form {
        case .votes, .distribution:
            let wide = try columnsOfVotes(others.filter { $0 != annotator })
            if wide.isEmpty { throw noClasses() }
            return .wide(wide)
        case .class:
            return .class(try labelColumn(label, others))
        case .annotations:
            let column = try labelColumn(label, others.filter { $0 != annotator })
            return .annotations(label: column, annotator: annotator)
        case .annotators:
            let columns = try annotatorColumns(others, named: true)
            if columns.isEmpty { throw noClasses() }
            return .annotators(columns)
        case nil:
            return try foundForm(others, label: label, annotator: annotator)
        }
    }

    func foundForm(
        _ others: [Int], label: Int?, annotator: Int?
    ) throws(LabelFileError) -> Labels {
        if label == nil {
            let annotators = try annotatorColumns(others, named: false)
            if annotators.count > 1 {
                try checkAnnotators(annotators, others)
                return .annotators(annotators)
            }
        }
        if let label = label ?? namedLabel(others) {
            if let annotator {
                try checkOtherLabels(label, others.filter { $0 != annotator }, areAnnotations: true)
                try checkAnswersBesideTruth(label, annotator: annotator)
                return .annotations(label: label, annotator: annotator)
            }
            if reading.labelColumn == nil {
                let wide = try wideColumns(others.filter { $0 != label }, areChecked: false)
                if try areVotes(withoutAttributes(wide), beside: label) {
                    try checkIgnored(among: wideCandidates(others))
                    try checkPlausible(wide, besideTheirMajority: true)
                    return .wide(wide)
                }
            }
            try checkOtherLabels(label, others)
            return try classOrAnnotations(label)
        }
        let wide = try wideColumns(others.filter { $0 != annotator })
        if let classes = reading.classes, wide.count == classes.count || table.hasHeader && !wide.isEmpty {
            return .wide(wide)
        }
        if wide.count > 1 {
            try checkNumbersBesideVotes(wide)
            try checkAnnotatorsAsVotes(wide)
            try checkVotes(wide, others)
            try checkNumbersBesideTexts(wide, others.filter { $0 != annotator })
            return .wide(wide)
        }
        try checkCountBesideTotal(wide)
        guard let only = try onlyLabel(others, annotator: annotator) else {
            let raters = try annotatorColumns(others, named: true)
            try checkAnnotators(raters, others)
            return raters.count > 1 ? .annotators(raters) : .none
        }
        try checkCountAlone(only)
        if let annotator, reading.annotatorColumn != nil || repeatsIDs || namesAnnotators(annotator, beside: only) {
            return .annotations(label: only, annotator: annotator)
        }
        // `expert` may hold labels of its own.
        let raters = annotator == nil ? [] : try annotatorColumns(others, named: true)
        if raters.count > 1, !repeatsIDs { return .annotators(raters) }
        return try classOrAnnotations(only)
    }

    /// Whether a column with the name of one of annotators, where each image has one row, says in each who labelled it, rather
    /// than holds labels or remarks.
    private func namesAnnotators(_ column: Int, beside label: Int) -> Bool {
        profiles[column].gaps == 0 && !sharesClasses([label, column])
    }

    /// A row per image or, where ids are repeated, per annotation. Throws where such rows may stand for several annotations.
    private func classOrAnnotations(_ label: Int) throws(LabelFileError) -> Labels {
        if !repeatsIDs { return .class(label) }
        try checkOtherLabels(label, Array(table.header.indices), areAnnotations: true)
        try checkAnswersBesideTruth(label, annotator: nil)
        try checkWeights(beside: label)
        try checkSeveralQuestions(beside: label)
        return .annotations(label: label, annotator: nil)
    }

    /// All columns that are not known to be something else.
    private mutating func findOwnClasses() throws(LabelFileError) {
        let other = ColumnNames.appearances.union(["id", "split", "fold", "annotators"])
        let all = table.header.indices.filter { !other.contains(table.header[$0]) }
        for name in reading.ignored ?? [] where !table.header.contains(name) {
            throw .unknownColumn(path: table.path, name: name, known: all.map { table.header[$0] })
        }
        let columns = all.filter { !isIgnored($0) }
        nonClasses = all.filter(isIgnored)
        skipped = nonClasses.map { .init(name: table.header[$0], reason: LabelInterpretation.Skipped.notAClass) }
        labels = columns.isEmpty ? .none : .wide(columns)
    }

    /// Throws where no column or several can hold the labels.
    func labelColumn(_ given: Int?, _ others: [Int]) throws(LabelFileError) -> Int {
        if let given { return given }
        if let named = namedLabel(others) {
            try checkOtherLabels(named, others)
            return named
        }
        guard let only = try onlyLabel(others) else { throw noClasses() }
        return only
    }

    func namedLabel(_ others: [Int]) -> Int? {
        guard table.hasHeader else { return nil }
        let names = table.header.map(ColumnNames.plain)
        let possible = others.filter { !isIgnored($0) }
        return ColumnNames.labels.lazy.compactMap { name in possible.first { names[$0] == name } }.first
    }

    /// The one column that can name classes, where there is one. Throws where there are several.
    func onlyLabel(_ others: [Int], annotator: Int? = nil) throws(LabelFileError) -> Int? {
        let possible = others.filter { column in
            column != annotator
                && (!profiles[column].isNumeric || profiles[column].isInteger && !profiles[column].hasNegatives)
                && reasonToSkip(column) == nil
                && first(ColumnNames.annotators) != column && !isIgnored(column)
                && isPlausibleLabel(column)
        }
        if possible.count < 2 { return possible.first }
        if try annotatorColumns(others, named: true).count > 1 { return nil }
        throw .doubtful(
            path: table.path, columns: possible.map { table.header[$0] }, problem: "each could hold the labels",
            options: "name one with --label-column, or --label-format and --classes")
    }

    /// Whether at least a tenth of the samples have several rows.
    var repeatsIDs: Bool {
        guard let id else { return false }
        let distinct = Set(table.texts(id)).count
        return 10 * (table.rowCount - distinct) >= distinct
    }

    /// Whether a column whose name says nothing can hold classes, rather than ages or names.
    func isPlausibleLabel(_ column: Int) -> Bool {
        let profile = profiles[column]
        let filled = profile.numbers + profile.texts
        if profile.isNumeric && (profile.largest > 999 || profile.distinct.count > 100) { return false }
        return filled < 20 || profile.distinct.count < filled
    }

    /// Why a column of numbers is skipped by its name; nil if it may be a class.
    func reasonToSkip(_ column: Int) -> String? {
        if !table.hasHeader { return nil }
        let name = table.header[column]
        let isEdge = ["left", "top", "right", "bottom"].contains(ColumnNames.plain(name))
        return ColumnNames.reasonToSkip(name)
            ?? (isEdge && ColumnNames.hasBox(table.header) ? "a measure of the image" : nil)
    }

    /// Whether the numbers of every row sum to 1, or all to the same whole number above 1 in more than two different rows.
    func areShares(_ columns: [Int]) -> Bool {
        func sum(_ row: Int) -> Double { columns.reduce(0) { $0 + (table.number(row, $1) ?? .nan) } }
        let first = sum(0)
        var (areOne, areSame) = (true, first > 1)
        for row in 0..<table.rowCount {
            let sum = row == 0 ? first : sum(row)
            areOne = areOne && abs(sum - 1) <= LabelTable.shareTolerance
            areSame = areSame && sum == first
            if !areOne, !areSame { return false }
        }
        if areOne { return true }
        var different: [[String]] = []
        for row in 0..<table.rowCount where different.count < 3 {
            let texts = columns.map { table.text(row, $0) }
            if !different.contains(texts) { different.append(texts) }
        }
        return different.count > 2
    }

    func noClasses() -> LabelFileError {
        .noClasses(path: table.path, header: table.header, ignored: reading.ignored ?? [])
    }

    /// The columns that hold labels and annotators.
    private var usedColumns: Set<Int> {
        switch labels {
        case .wide(let columns), .annotators(let columns): Set(columns)
        case .class(let column): [column]
        case .annotations(let label, let annotator): Set([label, annotator].compactMap(\.self))
        case .none: []
        }
    }

    private mutating func listSkipped() {
        let used = usedColumns
        for column in table.header.indices where !used.contains(column) && ![id, split, fold].contains(column) {
            let name = table.header[column]
            let reason: String
            if isIgnored(column) {
                reason = LabelInterpretation.Skipped.notAClass
            } else if profiles[column].isEmpty {
                reason = "empty"
            } else if nonClasses.contains(column) {
                reason = LabelInterpretation.Skipped.notAClass
            } else if let known = reasonToSkip(column) {
                reason = known
            } else {
                reason = profiles[column].isNumeric ? "numbers" : LabelInterpretation.Skipped.text
            }
            skipped.append(.init(name: name, reason: reason))
        }
    }
}
