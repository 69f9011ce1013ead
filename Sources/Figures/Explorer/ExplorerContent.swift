import Numerics
import Foundation

/// What the page's scripts read: words, to become JSON, and arrays of numbers, which the words refer to by their place.
/// `data.js` is the other side of it.
struct ExplorerContent {
    /// The words.
    let words: Words
    /// The arrays, each little-endian.
    private(set) var arrays: [Data] = []

    /// Takes an explorer that has passed its checks. Throws `drawing` where the thumbnails cannot be encoded.
    init(_ explorer: Explorer) throws(FigureError) {
        var arrays = Arrays()
        let colourings =
            explorer.colourings.isEmpty
            ? [Explorer.Colouring(name: "label", colours: Self.mixtures(explorer, explorer.distributions))]
            : explorer.colourings
        var random = CounterRandom(seed: explorer.seed)
        let order = random.permutation(of: explorer.ids.count).map(UInt32.init)
        let thumbnails = try explorer.thumbnails.flatMap { (sheet) throws(FigureError) -> Words.Thumbnails? in
            guard let file = try sheet.webP() else { return nil }
            return Words.Thumbnails(
                side: sheet.side, columns: sheet.columns, sheet: arrays.add([UInt8](file)),
                isThere: arrays.add(sheet.isThere.map { UInt8($0 ? 1 : 0) }))
        }
        words = Words(
            title: explorer.title,
            classes: explorer.classes.map {
                Words.SampleClass(name: $0.name, colour: Self.hex($0.colour), ellipseShare: $0.ellipseShare)
            },
            ids: explorer.ids,
            distributions: arrays.add(explorer.distributions.map(Float.init)),
            annotators: explorer.annotators.map { arrays.add($0.map { UInt32($0 ?? 0) }) },
            ellipseShares: explorer.ellipseShares.map { arrays.add($0.map(Float.init)) },
            order: arrays.add(order),
            colourings: colourings.map { Words.Colouring(name: $0.name, colours: arrays.add(Self.bytes($0.colours))) },
            columns: explorer.columns.map {
                Words.Column(name: $0.name, isChange: $0.isChange, values: arrays.add($0.values.map(Float.init)))
            },
            panels: explorer.panels.map { panel in
                Words.Panel(
                    name: panel.name, caption: panel.caption, coordinates: arrays.add(panel.coordinates),
                    predictions: panel.predictions.map { arrays.add($0.map(Float.init)) },
                    predictedColours: panel.predictions.map {
                        arrays.add(Self.bytes(Self.mixtures(explorer, $0)))
                    },
                    frameLabels: panel.frames.map(\.label),
                    framePlaces: panel.frames.isEmpty
                        ? nil : arrays.add(panel.frames.flatMap { Self.steps($0.coordinates) }))
            },
            thumbnails: thumbnails,
            answer: explorer.answer, answerTable: explorer.answerTable,
            notes: explorer.notes + (explorer.thumbnails?.notes ?? []))
        self.arrays = arrays.data
    }

    /// The words as JSON that may stand inside an element of HTML: without a single "<".
    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Words hold text and small numbers alone, all of which JSON can say.
        let text = String(decoding: try! encoder.encode(words), as: UTF8.self)
        return text.replacingOccurrences(of: "<", with: "\\u003c")
    }

    // MARK: - Numbers

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

    /// Places in steps of 1/65,534 of the longer side of their bounding box; 65,535 where there is none.
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
        let scale = extent > 0 ? 65_534 / extent : 0
        return points.flatMap { point -> [UInt16] in
            if !point.x.isFinite || !point.y.isFinite { return [65_535, 65_535] }
            let step = ((point - low) * scale).rounded(.toNearestOrEven)
            return [UInt16(step.x), UInt16(step.y)]
        }
    }
}

// MARK: - Words

extension ExplorerContent {
    /// Refers to an array by its number, and says how its bytes are to be read.
    struct Reference: Encodable {
        let array: Int
        let type: String
    }

    struct Words: Encodable {
        let title: String
        let classes: [SampleClass]
        let ids: [String]
        let distributions: Reference
        let annotators: Reference?
        let ellipseShares: Reference?
        let order: Reference
        let colourings: [Colouring]
        let columns: [Column]
        let panels: [Panel]
        let thumbnails: Thumbnails?
        let answer: [String]
        let answerTable: [[String]]
        let notes: [String]

        struct SampleClass: Encodable {
            let name: String
            let colour: String
            let ellipseShare: Double?
        }

        struct Colouring: Encodable {
            let name: String
            let colours: Reference
        }

        struct Column: Encodable {
            let name: String
            let isChange: Bool
            let values: Reference
        }

        struct Panel: Encodable {
            let name: String
            let caption: String
            let coordinates: Reference
            let predictions: Reference?
            let predictedColours: Reference?
            let frameLabels: [String]
            let framePlaces: Reference?
        }

        struct Thumbnails: Encodable {
            let side: Int
            let columns: Int
            let sheet: Reference
            let isThere: Reference
        }
    }

    private struct Arrays {
        var data: [Data] = []

        mutating func add(_ values: [Float]) -> Reference { add(values, "float32") }
        mutating func add(_ values: [UInt32]) -> Reference { add(values, "uint32") }
        mutating func add(_ values: [UInt16]) -> Reference { add(values, "uint16") }
        mutating func add(_ values: [UInt8]) -> Reference { add(values, "uint8") }

        private mutating func add<Value: BitwiseCopyable>(_ values: [Value], _ type: String) -> Reference {
            data.append(values.withUnsafeBytes { Data($0) })
            return Reference(array: data.count - 1, type: type)
        }
    }
}
