import Foundation

/// The formats of figures. The raw value is the file's extension.
public enum FigureFormat: String, Sendable, CaseIterable {
    /// Pixels, 300 per inch unless the style says otherwise; the file states its resolution.
    case png
    /// Vectors, with text as text or as outlines, according to the style.
    case svg
    /// Vectors, with text and its fonts embedded.
    case pdf

    /// The format given by the extension of `url`, ignoring case. Throws `FigureError.unknownExtension`.
    public init(of url: URL) throws(FigureError) {
        guard let format = FigureFormat(rawValue: url.pathExtension.lowercased()) else {
            throw .unknownExtension(file: url.path, found: url.pathExtension)
        }
        self = format
    }
}
