import Foundation
import TensorFiles
import Testing

@testable import Figures

/// How the page handles hostile or odd data, and how it exports tables.
extension ExplorerBrowserTests {
    static let hostileTexts = [
        "</script><script>window.hacked = 1</script>", "<img src=x onerror='window.hacked = 1'>",
        "\"quoted\", with comma", "line\r\nbreak", "&lt;entity&gt; &amp;", "<!--", "]]>", "🦋👩‍👩‍👧", "\u{202E}txt.exe",
        "صورة ١٢", "\u{0}\u{7}\u{2028}", "", "javascript:window.hacked=1", "${window.hacked = 1}", "a\u{301}\u{FEFF}",
    ]

    @Test func textOfTheDataIsNeverRun() throws {
        let texts = Self.hostileTexts
        var explorer = explorer
        for (sample, text) in texts.enumerated() { explorer.ids[sample] = text }
        explorer.title = texts[0]
        explorer.classes[0].name = texts[1]
        explorer.classes[1].name = texts[8]
        explorer.panels[0].name = texts[0]
        explorer.panels[0].caption = texts[1]
        explorer.panels[1].frames = [.init(label: texts[1], coordinates: explorer.panels[1].coordinates)]
        explorer.columns[0].name = texts[0]
        explorer.colourings = [
            .init(name: texts[1], colours: explorer.ids.map { _ in Colour(grey: 0.5) }),
            .init(name: texts[0], colours: explorer.ids.map { _ in Colour(grey: 0.2) }),
        ]
        explorer.notes = texts
        try browser.open(try explorer.html())
        for (sample, text) in texts.enumerated() {
            try browser.run("penumbraExplorer.state.pin(\(sample)); penumbraExplorer.state.hover(\(sample), 0)")
            for card in ["sample", "hover"] {
                let shown: String = try browser.value("document.querySelector('#\(card) .card-id').textContent")
                #expect(Array(shown.unicodeScalars) == Array(text.unicodeScalars))
            }
        }
        try browser.press("/")
        try browser.type("<")
        #expect(try browser.value("document.title") == texts[0])
        #expect(try browser.value("typeof window.hacked") == "undefined")
        #expect(try browser.value("document.querySelectorAll('img, iframe, a').length") == 0)
        #expect(try browser.value("[...document.querySelectorAll('bdi')].length > 60"))
        #expect(browser.complaints == [])
    }

    // MARK: - Tables

    /// The exported table, read back by our own CSV reader, holds the selected samples unchanged.
    @Test func theSelectionIsExportedAsItIs() throws {
        var explorer = explorer
        // Leaves out the text with a NUL.
        let texts = Self.hostileTexts.filter { !$0.contains("\u{0}") }
        for (sample, text) in texts.enumerated() { explorer.ids[sample] = text }
        explorer.classes[0].name = "a, \"b\""
        explorer.panels[0].coordinates[3] = 1.0 / 3
        explorer.panels[0].coordinates[4] = -1.2345678e-20
        explorer.panels[0].coordinates[5] = 16_777_216
        let selected = Array(0..<20) + [239]
        try browser.open(try explorer.html())
        try browser.run(
            """
            penumbraExplorer.state.select(\(selected), false);
            URL.createObjectURL = blob => { window.table = blob.text(); return "blob:none"; };
            HTMLAnchorElement.prototype.click = function () { window.fileName = this.download; }
            """)
        try browser.press("e")
        #expect(try browser.value("window.fileName") == "samples.csv")
        let text: String = try browser.value("window.table")
        let lines = text.replacingOccurrences(of: "\"line\r\nbreak\"", with: "").components(separatedBy: "\r\n")
        #expect(lines.count == selected.count + 2 && lines.last == "")

        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).csv")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let table = try CSVTable.read(file)
        let classes = explorer.classes.map(\.name)
        var header = ["id", "annotators"]
        header += classes.map { "label_\($0)" }
        header += classes.map { "hard labels_\($0)" }
        header += ["hard labels_x", "hard labels_y", "soft labels_x", "soft labels_y", "neighbours changed"]
        #expect(table.header == header)
        #expect(table.rowCount == selected.count)
        for (row, sample) in selected.enumerated() {
            let fields = table.row(row)
            #expect(Array(fields[0].unicodeScalars) == Array(explorer.ids[sample].unicodeScalars))
            #expect(fields[1] == (explorer.annotators?[sample].map(String.init) ?? ""))
            let shares = explorer.distributions[3 * sample..<3 * sample + 3].map(Float.init)
            #expect(fields[2..<5].map { Float($0) } == shares)
            #expect(fields[5..<8].map { Float($0) } == shares)
            let places = explorer.panels.flatMap { $0.coordinates[2 * sample..<2 * sample + 2] }
            for (field, place) in zip(fields[8..<12], places) {
                #expect(place.isNaN ? field == "" : Float(field) == place)
            }
            let change = explorer.columns[0].values[sample]
            #expect(change.isNaN ? fields[12] == "" : Double(fields[12]) == change)
        }
        // Swift's shortest digits, with exponents in JavaScript notation.
        #expect(table.row(1)[9] == "0.33333334")
        #expect(table.row(2)[8] == "-1.2345678e-20")
    }

    // MARK: - Odd data

    @Test(arguments: ["empty", "one class", "forty classes", "one point", "no map", "all missing", "six maps"])
    func oddDataAreShown(kind: String) throws {
        var explorer = explorer
        var note: String?
        switch kind {
        case "empty":
            explorer = Explorer(classes: .palette(["a", "b"]), ids: [], distributions: [])
            explorer.panels = [.init(name: "hard", coordinates: []), .init(name: "soft", coordinates: [])]
            note = "There are no samples."
        case "one class":
            explorer = Explorer(classes: .palette(["a"]), ids: ["x", "y"], distributions: [1, 1])
            explorer.panels = [.init(name: "hard", coordinates: [0, 0, 1, 1])]
        case "forty classes":
            let names = (0..<40).map { "class \($0)" }
            let distributions = (0..<80).flatMap { row in
                (0..<40).map { $0 == row % 40 ? 0.75 : $0 == (row + 1) % 40 ? 0.25 : 0.0 }
            }
            explorer = Explorer(classes: .palette(names), ids: (0..<80).map(String.init), distributions: distributions)
            explorer.panels = [
                .init(name: "soft", coordinates: (0..<160).map { Float($0 % 13) }, predictions: distributions)
            ]
        case "one point":
            explorer = Explorer(classes: .palette(["a", "b"]), ids: ["x"], distributions: [1, 0])
            explorer.panels = [.init(name: "hard", coordinates: [5, 5]), .init(name: "soft", coordinates: [.nan, 0])]
            note = "1 of 1 samples have no position in “\u{2068}soft\u{2069}” (not finite) and are not drawn there."
        case "no map":
            explorer.panels = []
            note = "There is no map."
        case "all missing":
            explorer.panels[0].coordinates = explorer.panels[0].coordinates.map { _ in -.infinity }
            note = "240 of 240 samples have no position in “\u{2068}hard labels\u{2069}” (not finite)"
        default:
            explorer.panels += explorer.panels + explorer.panels
        }
        for fragment in ["empty", "all missing"].contains(kind) ? ["", "canvas"] : [""] {
            try browser.open(try explorer.html(), fragment: fragment)
            let notes: String = try browser.value("document.querySelector('#notes').innerText")
            if let note { #expect(notes.contains(note)) } else if kind != "six maps" { #expect(notes == "") }
            if explorer.ids.count > 0 {
                try browser.run("penumbraExplorer.state.pin(0); penumbraExplorer.state.setMorph(1)")
                let rows: Int = try browser.value("document.querySelectorAll('#sample tr').length")
                #expect(rows == (explorer.classes.count > 10 ? 12 : explorer.classes.count + 1))
            }
            #expect(browser.complaints == [], "\(kind)")
        }
    }

    // MARK: - Keyboard

    @Test func keysDoWhatTheOverlaySays() throws {
        try browser.open(try explorer.html())
        try browser.press("?")
        #expect(try browser.value("document.querySelector('#keys').open"))
        let table: String = try browser.value("document.querySelector('#keys-table').innerText")
        #expect(table.contains("L\tswitch between drawing a lasso and panning"))
        try browser.press("l")
        #expect(try browser.value("penumbraExplorer.state.isLasso") == false)
        try browser.press("Enter")
        #expect(try browser.value("document.querySelector('#keys').open") == false)
        try browser.press("l")
        #expect(try browser.value("penumbraExplorer.state.isLasso"))
        try browser.press("+")
        #expect(try browser.value("penumbraExplorer.state.view.zoom") == 1.4)
        try browser.run("document.querySelector('.map').focus()")
        try browser.press("ArrowLeft")
        #expect(try browser.value("penumbraExplorer.state.view.x < 0"))
        try browser.press("0")
        #expect(try browser.value("penumbraExplorer.state.view.zoom") == 1)
        try browser.press("c")
        #expect(try browser.value("penumbraExplorer.state.colouring") == 1)
    }
}
