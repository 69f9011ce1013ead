import Foundation
import TensorFiles

/// The page around the content: the sources under `Page/`, compiled into the program, as one document.
enum ExplorerPage {
    /// The page's JavaScript modules, each after those it imports.
    private static let modules: [[UInt8]] = [
        PackageResources.arrays_js, PackageResources.data_js, PackageResources.geometry_js,
        PackageResources.density_js, PackageResources.density_layer_js, PackageResources.detail_js,
        PackageResources.colours_js,
        PackageResources.webgl_renderer_js,
        PackageResources.canvas_renderer_js, PackageResources.state_js, PackageResources.panel_js,
        PackageResources.gestures_js, PackageResources.elements_js, PackageResources.explain_js,
        PackageResources.card_js,
        PackageResources.parts_js, PackageResources.csv_js, PackageResources.legend_js, PackageResources.ranges_js,
        PackageResources.selection_js, PackageResources.changed_js, PackageResources.neighbours_js,
        PackageResources.query_js, PackageResources.search_js, PackageResources.players_js, PackageResources.link_js,
        PackageResources.keys_js, PackageResources.verdict_js, PackageResources.main_js,
    ]

    /// The page's styles; the later ones are for narrow windows and touch.
    private static let styles: [[UInt8]] = [
        PackageResources.style_css, PackageResources.side_css, PackageResources.narrow_css,
    ]

    /// The whole document.
    static func html(_ content: ExplorerContent) -> Data {
        let style = styles.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
        let script = self.script
        let page = String(decoding: PackageResources.index_html, as: UTF8.self)
        let (head, afterStyle) = split(page, at: #"<link rel="stylesheet" href="style.css">"#)
        let (body, end) = split(afterStyle, at: #"<script type="module" src="main.js"></script>"#)
        let (start, rest) = split(head, at: #"<meta name="referrer""#)
        var document = Data()
        document.append(start)
        // The policy precedes everything that it must cover.
        document.append("<meta http-equiv=\"Content-Security-Policy\" content=\"\(policy(style, script))\">\n")
        document.append(#"<meta name="referrer""# + rest + "<style>\(style)</style>" + body)
        document.append("<script type=\"application/json\" id=\"explorer-data\">\(content.json)</script>\n")
        for (number, array) in content.arrays.enumerated() {
            document.append("<script type=\"text/plain\" id=\"array-\(number)\">")
            document.append(array.base64EncodedData())
            document.append("</script>\n")
        }
        document.append("<script type=\"module\">\(script)</script>" + end)
        return document
    }

    /// All modules in one script, since a page on disk may not import files: their declarations share one scope, in which each
    /// name occurs once.
    private static var script: String {
        let lines = modules.flatMap { module in
            String(decoding: module, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        }
        let own = lines.filter { !$0.hasPrefix("import ") && $0 != "// @ts-check" }
        return "\n" + own.map { $0.hasPrefix("export ") ? $0.dropFirst("export ".count) : $0 }.joined(separator: "\n")
    }

    /// Nothing is run or loaded except this style, this script and the sheet of thumbnails, which the script turns into a blob.
    private static func policy(_ style: String, _ script: String) -> String {
        func digest(_ text: String) -> String {
            "'sha256-\(Data(SHA256Digest.of(Data(text.utf8)).bytes).base64EncodedString())'"
        }
        return "default-src 'none'; script-src \(digest(script)); style-src \(digest(style)); img-src blob:; "
            + "base-uri 'none'; form-action 'none'"
    }

    /// The text before and after a part that the page certainly contains.
    private static func split(_ text: String, at mark: String) -> (String, String) {
        let range = text.range(of: mark)!
        return (String(text[..<range.lowerBound]), String(text[range.upperBound...]))
    }
}

extension Data {
    fileprivate mutating func append(_ text: String) { append(Data(text.utf8)) }
}
