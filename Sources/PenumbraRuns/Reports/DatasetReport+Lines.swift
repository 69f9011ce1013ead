import Foundation

extension DatasetReport {
    /// The report for people, in lines of at most `width` characters, except for longer names.
    package func lines(width: Int) -> [String] {
        let width = max(width, 30)
        var facts = [
            "\(name): \(Decimals.grouped(images)) images of \(classes.count) classes (\(format)), \(self.width) x \(height) "
                + "pixels" + (unlabelled > 0 ? "; \(Decimals.grouped(unlabelled)) without a label" : "")
        ]
        if let votes {
            facts.append(
                "votes: \(Decimals.grouped(votes.total)), \(Decimals.fixed(votes.mean, 2)) per image (\(votes.least) to "
                    + "\(votes.most))")
        } else {
            let isSingle = entropy.mean == 0
            facts.append("votes: unknown, only \(isSingle ? "one class per image is" : "shares are") given")
        }
        if let agreement {
            func text(_ value: Double?) -> String { value.map { Decimals.fixed($0, 4) } ?? "undefined" }
            facts.append(
                "agreement: Fleiss' kappa \(text(agreement.fleissKappa)), Krippendorff's alpha "
                    + "\(text(agreement.krippendorffAlpha)) (\(Decimals.grouped(agreement.images)) images of two or more "
                    + "votes)")
        }
        facts.append(
            "ties: \(Decimals.grouped(ties.count))"
                + (ties.ids.isEmpty ? "" : " (\(Self.list(ties.ids))), counted for the first class"))
        let lonely = classes.filter { $0.majority <= 1 }
        if !lonely.isEmpty {
            facts.append("majority of one image or none: \(Self.list(lonely.map(\.name)))")
        }
        var lines = facts.flatMap { Self.wrapped($0, width: width) }
        lines += [""] + classLines(width: width) + [""] + entropyLines(width: width) + [""]
        lines += Self.wrapped("splits: \(splitsFrom)", width: width)
        for split in splits {
            lines += Self.wrapped(
                "split \(split.split): \(Decimals.grouped(split.train)) train, \(Decimals.grouped(split.val)) val, "
                    + "\(Decimals.grouped(split.test)) test"
                    + (split.ceiling.map { "; best attainable \($0.text)" } ?? ""), width: width)
        }
        if let identical {
            let across = identicalAcrossFolds ?? 0
            lines += Self.wrapped(
                "same images: \(identical.count) groups"
                    + (across > 0 ? ", \(across) of them in several folds: test images are trained on" : "")
                    + (identical.isEmpty ? "" : " (\(identical[0].prefix(3).joined(separator: " = ")))"), width: width)
        }
        if let shared {
            lines += Self.wrapped(
                "same pixels as in \(shared.folder): \(Decimals.grouped(shared.count)) of \(Decimals.grouped(images)) images"
                    + (shared.ids.first.map { " (\($0.joined(separator: " = "))\(shared.count > 1 ? ", …" : ""))" }
                        ?? ""),
                width: width)
        }
        lines += Self.wrapped(
            "most ambiguous: "
                + mostAmbiguous.map { "\($0.id) (\(Decimals.fixed($0.entropy, 2)))" }.joined(separator: ", "),
            width: width)
        return lines
    }

    private func classLines(width: Int) -> [String] {
        let rows = classes.map { item in
            [
                item.name, Decimals.grouped(item.majority), Decimals.fixed(100 * item.majorityShare, 1) + " %",
                Decimals.fixed(100 * item.meanShare, 1) + " %",
            ]
        }
        let table = Self.shortened([["class", "majority", "of images", "mean label"]] + rows, width: width)
        return Self.withBars(Decimals.table(table), classes.map(\.meanShare), width: width)
    }

    private func entropyLines(width: Int) -> [String] {
        let title =
            "entropy in nats: mean \(Decimals.fixed(entropy.mean, 3)), median \(Decimals.fixed(entropy.median, 3)), at most "
            + Decimals.fixed(entropy.largestPossible, 3)
        let rows = entropy.counts.indices.map { bin in
            [
                "\(Decimals.fixed(entropy.edges[bin], 2)) to \(Decimals.fixed(entropy.edges[bin + 1], 2))",
                Decimals.grouped(entropy.counts[bin]),
            ]
        }
        let table = Self.withBars(
            Decimals.table([["entropy", "images"]] + rows), entropy.counts.map(Double.init), width: width)
        return Self.wrapped(title, width: width) + table
    }

    /// A table whose first column is cut so that its lines have at most `width` characters.
    private static func shortened(_ rows: [[String]], width: Int) -> [[String]] {
        let others = rows[0].indices.dropFirst().map { column in rows.map { $0[column].count }.max()! + 2 }
        let room = max(6, width - others.reduce(0, +))
        return rows.map { row in
            row[0].count <= room ? row : [String(row[0].prefix(room - 1)) + "…"] + row.dropFirst()
        }
    }

    /// Appends a bar to each line after the first, its length proportional to the value, if at least ten characters are left.
    private static func withBars(_ lines: [String], _ values: [Double], width: Int) -> [String] {
        let room = min(40, width - (lines.map(\.count).max() ?? 0) - 2)
        let largest = values.max() ?? 0
        if room < 10 || largest <= 0 { return lines }
        return [lines[0]]
            + zip(lines.dropFirst(), values).map { line, value in
                let length = Int((value / largest * Double(room)).rounded())
                let bar = value > 0 && length == 0 ? "▏" : String(repeating: "█", count: length)
                return bar.isEmpty ? line : "\(line)  \(bar)"
            }
    }

    private static func list(_ names: [String]) -> String {
        names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " …" : "")
    }

    /// Text broken at blanks, with further lines indented.
    static func wrapped(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty && line.count + 1 + word.count > width {
                lines.append(line)
                line = "  " + word
            } else {
                line += (line.isEmpty ? "" : " ") + word
            }
        }
        return lines + [line]
    }
}
