import Foundation
import Testing

@testable import Figures

/// Finding samples: conditions, tables of ids, and addresses.
extension ExplorerBrowserTests {
    private func search(_ text: String) throws {
        try browser.run(
            """
            const field = document.querySelector('#search'); field.focus(); field.value = \(Chromium.quoted(text));
            field.dispatchEvent(new Event('input'))
            """)
    }

    @Test(arguments: [
        ("class = directed <fibres>", "class 0"), ("CLASS = undirected", "class 2"), ("age > 100", "age"),
        ("age>=10 and site = trunk", "both"), ("site != head", "site"), ("entropy = 0", "entropy"),
        ("neighbours changed < 3", "changed"),
    ])
    func conditionsSelect(query: String, kind: String) throws {
        let explorer = Self.told
        if try browser.value("window.searched !== true") {
            try browser.open(try explorer.html())
            try browser.run("window.searched = true")
        }
        try search(query)
        let expected = explorer.ids.indices.filter { sample in
            let row = Array(explorer.distributions[3 * sample..<3 * sample + 3])
            let majority = row.firstIndex(of: row.max()!)!
            let (changed, age) = (explorer.columns[0].values[sample], explorer.columns[1].values[sample])
            let site = explorer.columns[2].values[sample]
            return switch kind {
            case "class 0": majority == 0
            case "class 2": majority == 2
            case "age": age > 100
            case "both": age >= 10 && site == 1
            case "site": site == 1
            case "entropy": row.max()! == 1
            default: changed < 3
            }
        }
        #expect(try text("#found li") == "Select \(expected.count) sample\(expected.count == 1 ? "" : "s")")
        try browser.press("Enter")
        #expect(try samples(in: "selection") == expected)
        expectNoComplaints()
    }

    @Test func searchesSayWhatIsWrongAndWhatMightBeMeant() throws {
        try browser.open(try Self.told.html())
        for (query, answer) in [
            ("age > old", "“age” holds numbers; “old” is not a number."),
            ("site > head", "“site” holds names: = and != compare them."),
            ("site = foot", "There is no site “foot”."), ("age >", "“age” needs a value to compare with."),
            ("age > 500", "No sample matches."), ("age > 1 and none = 2", "“none” is not a column."),
        ] {
            try search(query)
            #expect(try texts("#found li") == [answer])
        }
        try search("fibr")
        #expect(try texts("#found li bdi") == ["class = directed <fibres>"])
        try browser.press("Enter")
        #expect(try text("#found li").hasPrefix("Select "))
    }

    /// Names may contain the words that join conditions, and comparison signs.
    @Test func namesMayHoldWordsOfConditions() throws {
        var explorer = explorer
        explorer.classes[1].name = "black and white"
        explorer.columns = [.init(name: "p<0.05", values: (0..<ExplorerSamples.count).map { Double($0 % 2) })]
        try browser.open(try explorer.html())
        let majorities = explorer.ids.indices.map { sample in
            let row = Array(explorer.distributions[3 * sample..<3 * sample + 3])
            return row.firstIndex(of: row.max()!)!
        }
        try search("class = black and white and p<0.05 = 1")
        try browser.press("Enter")
        #expect(try samples(in: "selection") == explorer.ids.indices.filter { majorities[$0] == 1 && $0 % 2 == 1 })
        // An id that looks like a condition is still found.
        try browser.run("penumbraExplorer.state.clearSelection()")
        try search("mage-12")
        #expect(try texts("#found li").first == "image-12")
        expectNoComplaints()
    }

    // MARK: - Tables

    private func drop(_ table: String) throws {
        try browser.run(
            """
            const data = new DataTransfer(); data.items.add(new File([\(Chromium.quoted(table))], 'ids.csv'));
            document.body.dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}))
            """)
        for _ in 0..<200 where try text("#taken") == "" { try browser.settle() }
    }

    @Test func aTableOfIDsSelects() throws {
        var explorer = explorer
        explorer.ids[3] = "with, \"quotes\""
        explorer.ids[4] = "<img src=x onerror='window.hacked = 1'>"
        try browser.open(try explorer.html())
        try drop(
            "x;ID\r\n1;image-2\r\n2;\"with, \"\"quotes\"\"\"\r\n3;nobody\r\n4;<img src=x onerror='window.hacked = 1'>\r\n"
        )
        #expect(try samples(in: "selection") == [2, 3, 4])
        #expect(try text("#taken") == "ids.csv: 3 ids found, 1 unknown (nobody).")
        // A list without a header, and one without any known id.
        try browser.run("penumbraExplorer.state.clearSelection()")
        try drop("image-9\nimage-8\n")
        #expect(try samples(in: "selection") == [8, 9])
        try browser.run("penumbraExplorer.state.clearSelection()")
        try drop("id\nelse\n<b>\n")
        #expect(try text("#taken") == "ids.csv names no sample of this page: else, <b> found.")
        #expect(try browser.value("penumbraExplorer.state.selection === null && window.hacked === undefined"))
        // The page must accept its own export.
        try browser.run(
            """
            penumbraExplorer.state.select([3, 4, 77], false);
            URL.createObjectURL = blob => { window.table = blob.text(); return "blob:none"; };
            HTMLAnchorElement.prototype.click = function () {}
            """)
        try browser.press("e")
        let table: String = try browser.value("window.table")
        try browser.run("penumbraExplorer.state.clearSelection()")
        try drop(table)
        #expect(try samples(in: "selection") == [3, 4, 77])
        expectNoComplaints()
    }

    // MARK: - Addresses

    @Test func anAddressRestoresTheView() throws {
        let page = try Self.told.html()
        try browser.open(page)
        let chosen = [0, 1, 2, 130, 239]
        try browser.run(
            """
            const {state} = penumbraExplorer; state.view.zoomBy(3, 0.2, -0.1); state.tell('view'); state.setColouring(6);
            state.isClassShown[1] = false; state.ranges[1].low = 12; state.select(\(chosen), false); state.pin(130);
            state.hasDensity = true; state.tell('density'); state.setMorphMaps(1, 0); state.setMorph(0.25); penumbraExplorer.link.write()
            """)
        let seen = """
            (({view, colouring, isClassShown, ranges, pinned, hasDensity, morphSource, morph, litCount}) => JSON.stringify(
                [view, colouring, isClassShown, ranges.map(({low, high}) => [low, high]), pinned, hasDensity, morphSource, morph,
                litCount]))(penumbraExplorer.state)
            """
        let before: String = try browser.value(seen)
        let address: String = try browser.value("location.hash.slice(1)")
        #expect(address.count < 200)
        try browser.open(page, fragment: address)
        let after: String = try browser.value(seen)
        #expect(numbers(before) == numbers(after))
        #expect(try samples(in: "selection") == chosen)
        #expect(try browser.value("document.querySelector('#colouring').value") == "6")
        // An address of other samples, or a broken one, is ignored.
        var other = Self.told
        other.ids[0] = "another"
        for (page, fragment) in [
            (try other.html(), address),
            (
                page,
                "of=\(address.components(separatedBy: "of=")[1])&view=a,b,NaN&pin=9999&select=%%%&morph=7,8,1&without=99&time=x"
            ),
        ] {
            try browser.open(page, fragment: fragment)
            #expect(try state("litCount") == 240)
            #expect(try state("pinned") == -1)
            #expect(try browser.value("penumbraExplorer.state.view.isWhole"))
        }
        expectNoComplaints()
    }

    /// Addresses keep six digits.
    private func numbers(_ text: String) -> [Float] {
        text.split { !"-.0123456789e".contains($0) }.compactMap { Float($0) }.map { ($0 * 1000).rounded() }
    }
}
