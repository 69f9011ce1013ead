import FeatureSpaces

extension VerdictSelfTest {
    /// A Markdown table, one row per case.
    package var markdown: [String] {
        let measures = SpaceMeasure.deciding.indices.map { "\($0 + 1)" }
        let head = ["planted spaces", "images", "classes", "right verdict", "right", "wrong"] + measures
        let cells = rows.map { row in
            [
                row.name, "\(row.samples)", "\(row.classes)", Self.words(row.expected), "\(row.right) of \(row.seeds)",
                "\(row.wrong)",
            ] + SpaceMeasure.deciding.map { "\(row.spoke[$0] ?? 0)" }
        }
        return ([head, head.map { _ in "---" }] + cells).map { "| \($0.joined(separator: " | ")) |" }
    }

    private static func words(_ outcome: Verdict.Outcome) -> String {
        switch outcome {
        case .firstBetterOrdered: "first better ordered"
        case .secondBetterOrdered: "second better ordered"
        case .mixed: "mixed"
        case .notDistinguishable: "not distinguishable"
        }
    }
}
