import Foundation

/// The input of the page's scripts: texts, which become JSON, and arrays of numbers, to which the texts refer by index.
/// `data.js` is the counterpart.
struct ExplorerContent {
    /// The texts.
    let words: Words
    /// The arrays, packed.
    let arrays: [Data]

    /// Encodes an explorer that has passed its checks. Throws `drawing` if thumbnails or arrays cannot be encoded.
    init(_ explorer: Explorer) throws(FigureError) {
        let isCoarse = explorer.ids.count > Explorer.mostExactSamples
        var arrays = PackedArrays(isCoarse: isCoarse)
        let colourings =
            explorer.colourings.isEmpty
            ? [Explorer.Colouring(name: "label", colours: Self.mixtures(explorer, explorer.distributions))]
            : explorer.colourings
        let thumbnails = try explorer.thumbnails.flatMap { (sheet) throws(FigureError) -> Words.Thumbnails? in
            guard let file = try sheet.webP() else { return nil }
            return Words.Thumbnails(
                side: sheet.side, columns: sheet.columns, sheet: try arrays.add([UInt8](file)),
                isThere: try arrays.add(sheet.isThere.map { UInt8($0 ? 1 : 0) }))
        }
        var notes = explorer.notes + (explorer.thumbnails?.notes ?? [])
        if isCoarse {
            notes.append(
                "Positions, shares and columns are rounded to \(NumberText.grouped(PackedArrays.steps)) steps of their range, "
                    + "predictions to \(NumberText.grouped(PackedArrays.predictionSteps)), because there are more than "
                    + "\(NumberText.grouped(Explorer.mostExactSamples)) samples.")
        }
        words = Words(
            title: explorer.title, count: explorer.ids.count,
            seed: UInt32(truncatingIfNeeded: explorer.seed ^ (explorer.seed >> 32)),
            classes: explorer.classes.map {
                Words.SampleClass(
                    name: $0.name, fullName: $0.fullName, isMissing: $0.isMissing, colour: Self.hex($0.colour),
                    ellipseShare: $0.ellipseShare)
            },
            idText: try arrays.add(explorer.ids.flatMap { Array($0.utf8) }),
            idLengths: try arrays.add(explorer.ids.map { UInt32($0.utf16.count) }),
            distributions: try arrays.add(explorer.distributions.map(Float.init), group: explorer.classes.count),
            annotators: try explorer.annotators.map { (counts) throws(FigureError) in
                try arrays.add(counts.map { UInt32($0 ?? 0) })
            },
            ellipseShares: try explorer.ellipseShares.map { (shares) throws(FigureError) in
                try arrays.add(shares.map(Float.init))
            },
            colourings: try colourings.map { (colouring) throws(FigureError) in
                Words.Colouring(name: colouring.name, colours: try arrays.add(Self.bytes(colouring.colours), group: 3))
            },
            colourMaps: FigureTheme.allCases.map { theme in
                let map = ColourMap(theme)
                return (0...Self.mapSteps).map { Self.hex(map.colour(Double($0) / Double(Self.mapSteps))) }
            },
            columns: try explorer.columns.map { (column) throws(FigureError) in
                Words.Column(
                    name: column.name, isChange: column.isChange, values: try arrays.add(column.values.map(Float.init)),
                    categories: column.categories,
                    categoryColours: column.categories.map { ClassPalette.standard.colours(of: $0).map(Self.hex) })
            },
            panels: try explorer.panels.map { (panel) throws(FigureError) in
                try Self.panel(panel, of: explorer, &arrays)
            },
            thumbnails: thumbnails, verdict: explorer.verdict,
            answer: explorer.answer, answerTable: explorer.answerTable,
            explanations: explorer.explanations.map { [$0.term, $0.meaning] }, notes: notes)
        self.arrays = arrays.data
    }

    private static func panel(
        _ panel: Explorer.Panel, of explorer: Explorer, _ arrays: inout PackedArrays
    ) throws(FigureError) -> Words.Panel {
        let count = explorer.ids.count
        let frames = kept(panel.frames, samples: count)
        return Words.Panel(
            name: panel.name, caption: panel.caption, coordinates: try arrays.add(panel.coordinates, group: 2),
            neighbors: try panel.neighbors.map { (list) throws(FigureError) in
                count <= Int(UInt16.max) + 1
                    ? try arrays.add(list.map(UInt16.init)) : try arrays.add(list.map(UInt32.init))
            },
            predictions: try panel.predictions.map { (shares) throws(FigureError) in
                try arrays.add(
                    shares.map(Float.init), group: explorer.classes.count, steps: PackedArrays.predictionSteps)
            },
            predictedColours: try panel.predictions.map { (shares) throws(FigureError) in
                try arrays.add(bytes(mixtures(explorer, shares)), group: 3)
            },
            frameLabels: frames.map(\.label),
            frameSteps: frames.isEmpty ? nil : try arrays.add(changes(frames.map { steps($0.coordinates) })))
    }

    /// The texts as JSON that may appear inside an HTML element: without a single "<".
    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // They hold only text and finite numbers, all of which JSON can express.
        let text = String(decoding: try! encoder.encode(words), as: UTF8.self)
        return text.replacingOccurrences(of: "<", with: "\\u003c")
    }

    // MARK: - Colours

    /// Colours for numbers are given at this many steps; the page interpolates linearly between them.
    private static let mapSteps = 32

    private static func mixtures(_ explorer: Explorer, _ shares: [Double]) -> [Colour] {
        let colours = explorer.classes.map(\.colour)
        return explorer.ids.indices.map { row in
            explorer.mixing.mix(colours, by: shares[row * colours.count..<(row + 1) * colours.count])
        }
    }

    private static func hex(_ colour: Colour) -> String {
        let digits = String(colour.hex, radix: 16)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }

    private static func bytes(_ colours: [Colour]) -> [UInt8] {
        colours.flatMap { colour in [16, 8, 0].map { UInt8(truncatingIfNeeded: colour.hex >> UInt32($0)) } }
    }

    // MARK: - Films

    /// The most positions stored for a map's film if there are many samples.
    private static let mostFramePlaces = 500_000

    /// All frames, or an evenly spaced selection.
    private static func kept(_ frames: [Explorer.Frame], samples: Int) -> [Explorer.Frame] {
        let most = samples > Explorer.mostExactSamples ? max(2, mostFramePlaces / samples) : frames.count
        if frames.count <= most { return frames }
        return (0..<most).map { frames[$0 * (frames.count - 1) / (most - 1)] }
    }

    /// Positions in steps of 1/65,534 of the longer side of their bounding box; 65,535 for none.
    private static func steps(_ coordinates: [Float]) -> [UInt16] {
        var low = SIMD2<Double>(repeating: .infinity)
        var high = -low
        let points = stride(from: 0, to: coordinates.count, by: 2).map {
            SIMD2(Double(coordinates[$0]), Double(coordinates[$0 + 1]))
        }
        for point in points where point.x.isFinite && point.y.isFinite {
            low = pointwiseMin(low, point)
            high = pointwiseMax(high, point)
        }
        let extent = (high - low).max()
        let scale = extent > 0 ? Double(PackedArrays.steps) / extent : 0
        return points.flatMap { point -> [UInt16] in
            if !point.x.isFinite || !point.y.isFinite { return [.max, .max] }
            let step = ((point - low) * scale).rounded(.toNearestOrEven)
            return [UInt16(step.x), UInt16(step.y)]
        }
    }

    /// The first frame, and for each later one the difference of its steps from the frame before, modulo 65,536: small numbers,
    /// which compress well.
    private static func changes(_ frames: [[UInt16]]) -> [UInt16] {
        frames[0] + zip(frames, frames.dropFirst()).flatMap { before, frame in zip(frame, before).map { $0 &- $1 } }
    }
}

// MARK: - Words

extension ExplorerContent {
    struct Words: Encodable {
        let title: String
        let count: Int
        let seed: UInt32
        let classes: [SampleClass]
        /// The ids in UTF-8, concatenated, and the length of each in UTF-16 units.
        let idText: PackedArrays.Reference
        let idLengths: PackedArrays.Reference
        let distributions: PackedArrays.Reference
        let annotators: PackedArrays.Reference?
        let ellipseShares: PackedArrays.Reference?
        let colourings: [Colouring]
        /// The colours for numbers, on light and on dark paper, from the smallest to the largest.
        let colourMaps: [[String]]
        let columns: [Column]
        let panels: [Panel]
        let thumbnails: Thumbnails?
        let verdict: String
        let answer: [String]
        let answerTable: [[String]]
        /// Term and meaning.
        let explanations: [[String]]
        let notes: [String]

        struct SampleClass: Encodable {
            let name: String
            let fullName: String?
            let isMissing: Bool
            let colour: String
            let ellipseShare: Double?
        }

        struct Colouring: Encodable {
            let name: String
            let colours: PackedArrays.Reference
        }

        struct Column: Encodable {
            let name: String
            let isChange: Bool
            let values: PackedArrays.Reference
            let categories: [String]?
            let categoryColours: [String]?
        }

        struct Panel: Encodable {
            let name: String
            let caption: String
            let coordinates: PackedArrays.Reference
            let neighbors: PackedArrays.Reference?
            let predictions: PackedArrays.Reference?
            let predictedColours: PackedArrays.Reference?
            let frameLabels: [String]
            let frameSteps: PackedArrays.Reference?
        }

        struct Thumbnails: Encodable {
            let side: Int
            let columns: Int
            let sheet: PackedArrays.Reference
            let isThere: PackedArrays.Reference
        }
    }
}
