import FeatureSpaces

/// A verdict in words and as a small table: the first part of every report.
package struct VerdictWords {
    let first: String
    let second: String
    let verdict: Verdict

    /// The verdict in one sentence, with the yardstick in a second.
    package var sentence: String { "\(statement) \(yardstickSentence)" }

    /// What gaps are compared with.
    var yardstickSentence: String { "\(yardstick)." }

    /// The verdict without the yardstick.
    var statement: String {
        let (one, other) = (Self.inSentence(first), Self.inSentence(second))
        return switch verdict.outcome {
        case .firstBetterOrdered:
            "\(one): better ordered than \(other). \(support(.first))."
        case .secondBetterOrdered:
            "\(other): better ordered than \(one). \(support(.second))."
        case .mixed:
            "\(one) and \(other): mixed. \(Self.capitalised(speaking(.first))) for \(one), \(subjects(.second)) for \(other)"
                + "\(places)."
        case .notDistinguishable:
            "\(one) and \(other): not distinguishable. \(doubts)."
        }
    }

    /// Measure, both values, the gap with its interval, and the kind it speaks for; the means if there are several splits.
    package var table: [[String]] {
        [["measure", first, second, "gap", "speaks for"]]
            + verdict.evidence.map { evidence in
                guard let one = evidence.first, let other = evidence.second, let gap = evidence.gap else {
                    return [evidence.measure.title, "–", "–", "undefined", "–"]
                }
                let interval = evidence.interval.map { " \(Self.span($0))" } ?? ""
                return [
                    evidence.measure.title, Self.number(one), Self.number(other), Self.signed(gap) + interval,
                    name(of: evidence.speaksFor),
                ]
            }
    }

    func name(of side: Verdict.Side) -> String {
        switch side {
        case .first: first
        case .second: second
        case .neither: "neither"
        }
    }

    private func evidence(for side: Verdict.Side) -> [Verdict.Evidence] {
        verdict.evidence.filter { $0.speaksFor == side && $0.gap != nil }
    }

    private var defined: Int { verdict.evidence.count { $0.gap != nil } }

    /// `on both splits`, or nothing for one.
    private var places: String {
        let splits = verdict.evidence.map(\.splits.count).max() ?? 1
        return splits < 2 ? "" : splits == 2 ? " on both splits" : " on all \(splits) splits"
    }

    private func subjects(_ side: Verdict.Side) -> String { Self.list(evidence(for: side).map(\.measure.subject)) }

    /// `a, b and c`.
    static func list(_ words: [String]) -> String {
        words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " and " + words.last!
    }

    private func speaking(_ side: Verdict.Side) -> String {
        let words = subjects(side)
        return words
            + (evidence(for: side).count == 1 && !words.hasPrefix("distances") && words != "neighbours"
                ? " speaks" : " speak")
    }

    /// `3 of 5 measures speak`.
    private func count(_ side: Verdict.Side) -> String {
        let count = evidence(for: side).count
        return "\(count) of \(defined) measure\(defined == 1 ? "" : "s") \(count == 1 ? "speaks" : "speak")"
    }

    private func support(_ side: Verdict.Side) -> String {
        let silent = evidence(for: .neither).map(\.measure.subject)
        return "\(count(side)) for it\(places), none against it"
            + (silent.isEmpty ? "" : " (\(silent.joined(separator: ", ")): silent)") + missing
    }

    private var doubts: String {
        let sides = [Verdict.Side.first, .second].filter { !evidence(for: $0).isEmpty }
        let speaking =
            sides.isEmpty
            ? silence
            : sides.map { side in
                "\(count(side)) for \(Self.inSentence(name(of: side)))\(places) "
                    + "(\(subjects(side)))"
            }.joined(separator: "; ") + ", \(Verdict.needed(of: defined)) would be needed"
        return speaking + missing
    }

    private var silence: String {
        switch defined {
        case 0: "No measure is defined"
        case 1: "The only defined measure speaks for neither\(places)"
        default: "None of the \(defined) measures speaks for either\(places)"
        }
    }

    private var missing: String {
        let words = verdict.evidence.filter { $0.gap == nil }.map(\.measure.subject)
        return words.isEmpty ? "" : "; undefined here and left out: \(words.joined(separator: ", "))"
    }

    private var yardstick: String {
        switch verdict.yardstick {
        case .seeds:
            "Gaps are tested against chance differences between images and between trainings (up to \(verdict.seeds) seeds per kind)"
        case .samples:
            hasDraws
                ? "Gaps are tested against chance differences between images; with one training per kind and split, those "
                    + "between trainings are unknown" : "Without bootstrap draws, nothing is decided"
        }
    }

    /// Whether something is decided without knowing the chance differences between trainings.
    var leavesTrainingsOut: Bool { verdict.yardstick == .samples && hasDraws }

    private var hasDraws: Bool {
        verdict.evidence.flatMap(\.splits).isEmpty || verdict.evidence.contains { $0.interval != nil }
    }

    private static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    /// In quotation marks if it could be mistaken for a part of the sentence.
    static func inSentence(_ name: String) -> String {
        let plain = name.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || $0.properties.numericType != nil || " -_+./".unicodeScalars.contains($0)
        }
        return plain && !name.isEmpty ? name : "“\(name)”"
    }

    static func number(_ value: Double) -> String { Decimals.fixed(value, 4) }

    static func signed(_ value: Double) -> String { (value < 0 ? "-" : "+") + Decimals.fixed(abs(value), 4) }

    static func span(_ interval: ConfidenceInterval) -> String {
        "[\(number(interval.low)), \(number(interval.high))]"
    }
}

/// For more than two kinds: which is better ordered than which.
struct VerdictMatrix {
    let names: [String]
    /// Indexed by the numbers of both kinds.
    private let outcomes: [[Verdict.Outcome?]]

    init(names: [String], pairs: [(first: Int, second: Int, outcome: Verdict.Outcome)]) {
        self.names = names
        var outcomes = [[Verdict.Outcome?]](
            repeating: [Verdict.Outcome?](repeating: nil, count: names.count), count: names.count)
        for pair in pairs {
            outcomes[pair.first][pair.second] = pair.outcome
            outcomes[pair.second][pair.first] =
                switch pair.outcome {
                case .firstBetterOrdered: .secondBetterOrdered
                case .secondBetterOrdered: .firstBetterOrdered
                default: pair.outcome
                }
        }
        self.outcomes = outcomes
    }

    /// One row and one column per kind; a cell compares the kind of its row with that of its column.
    var table: [[String]] {
        [[""] + names]
            + names.indices.map { row in
                [names[row]]
                    + names.indices.map { column in
                        switch outcomes[row][column] {
                        case .firstBetterOrdered?: "better"
                        case .secondBetterOrdered?: "worse"
                        case .mixed?: "mixed"
                        case .notDistinguishable?: "same"
                        case nil: "–"
                        }
                    }
            }
    }

    /// Each kind that is better ordered than others, together with these.
    var wins: [(winner: String, others: [String])] {
        names.indices.compactMap { row in
            let others = names.indices.filter { outcomes[row][$0] == .firstBetterOrdered }.map { names[$0] }
            return others.isEmpty ? nil : (names[row], others)
        }
    }

    /// Groups of kinds, the best ordered first, if every kind is better ordered than all kinds of later groups, none is better
    /// ordered than another of its own group, and no pair is mixed; otherwise nil. Also nil if there is only one group.
    var ranking: [[String]]? {
        let wins = names.indices.map { row in outcomes[row].count { $0 == .firstBetterOrdered } }
        let groups = Set(wins).sorted(by: >).map { number in names.indices.filter { wins[$0] == number } }
        for (place, group) in groups.enumerated() {
            let later = groups[(place + 1)...].joined()
            for kind in group {
                if later.contains(where: { outcomes[kind][$0] != .firstBetterOrdered }) { return nil }
                if group.contains(where: { $0 != kind && outcomes[kind][$0] != .notDistinguishable }) { return nil }
            }
        }
        return groups.count < 2 ? nil : groups.map { $0.map { names[$0] } }
    }
}
