import Figures
import Foundation

/// Colours as a user writes them: `["#D55E00", "#0072B2"]` for the first classes, or `{"melanoma": "#D55E00"}` by name.
package enum PaletteFile {
    /// The most classes that a palette may name.
    private static let mostColours = 10_000

    /// The palette that `text` names: one of `ClassPalette.known`, or a file.
    ///
    /// Throws `InputError.unknownPalette` if it is neither, `FileReadError`, and `InputError.malformedJSON` with the position
    /// of an entry that is not a colour.
    package static func palette(_ text: String) throws -> ClassPalette {
        if let known = ClassPalette.known.first(where: { $0.name == text }) { return known.palette }
        if !FileManager.default.fileExists(atPath: text) {
            throw InputError.unknownPalette(found: text, known: ClassPalette.known.map(\.name))
        }
        return try palette(of: JSONText.read(JSONValue.self, from: URL(fileURLWithPath: text)), path: text)
    }

    /// Which names of `palette`, read from the file at `path`, are not among the names that a figure shows, in words; nil if all
    /// of them are.
    ///
    /// Palettes are shared between data sets, so some may be superfluous. If none fits, that is an error where `mustFit`: throws
    /// `InputError.unusable`.
    package static func remark(
        on palette: ClassPalette, from path: String, shown: [String], mustFit: Bool
    ) throws(InputError) -> String? {
        let superfluous = Set(palette.named.keys).subtracting(shown).sorted()
        if superfluous.isEmpty { return nil }
        if superfluous.count < palette.named.count {
            return "\(path): names \(InputError.list(superfluous)), which the figure does not show"
        }
        let expected =
            shown.isEmpty
            ? "the figure shows no classes; name a file of them with --labels"
            : "expected one of \(InputError.list(shown))"
        let error = InputError.unusable(
            path: path,
            problem: "the palette names \(InputError.list(superfluous)), "
                + "\(superfluous.count == 1 ? "which is not a class" : "none of which is a class"); \(expected)")
        if mustFit { throw error }
        return "\(error)"
    }

    /// The colours in the file at `path`: a list, or an object with one for each class. Throws `InputError.malformedJSON`.
    static func palette(of value: JSONValue, path: String) throws -> ClassPalette {
        func colour(_ value: JSONValue, _ place: String) throws -> Colour {
            if case .string(let text) = value, let colour = Colour(text) { return colour }
            throw InputError.malformedJSON(path: path, problem: "\(place): expected a colour such as \"#D55E00\"")
        }
        func checkCount(_ count: Int) throws(InputError) {
            if !(1...mostColours).contains(count) {
                throw .malformedJSON(path: path, problem: "found \(count) colours; expected 1 to \(mostColours)")
            }
        }
        switch value {
        case .array(let values):
            try checkCount(values.count)
            return ClassPalette(leading: try values.enumerated().map { try colour($1, "colour \($0 + 1)") })
        case .object(let object):
            try checkCount(object.count)
            return ClassPalette(
                named: Dictionary(
                    uniqueKeysWithValues: try object.sorted { $0.key < $1.key }.map { ($0, try colour($1, $0)) }))
        default:
            throw InputError.malformedJSON(
                path: path, problem: "expected a list of colours, or an object with a colour for each class")
        }
    }
}
