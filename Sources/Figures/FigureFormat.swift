import Foundation

/// The formats that figures are drawn in. The raw value is the file's extension.
public enum FigureFormat: String, Sendable, CaseIterable {
    /// Pixels, 300 to the inch unless the style says otherwise; the file says its resolution.
    case png
    /// Vectors; text as text or as outlines, as the style says.
    case svg
    /// Vectors; text with its fonts embedded.
    case pdf

    /// The format that the extension of `url` names, in capitals or not. Throws `FigureError.unknownExtension`.
    public init(of url: URL) throws(FigureError) {
        guard let format = FigureFormat(rawValue: url.pathExtension.lowercased()) else {
            throw .unknownExtension(file: url.path, found: url.pathExtension)
        }
        self = format
    }
}
