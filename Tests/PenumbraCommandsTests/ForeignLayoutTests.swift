import Foundation
import Testing
import TestSupport

@testable import PenumbraCommands
@testable import PenumbraRuns

/// Maps of other programs, and maps whose rows are in different orders.
@Suite struct ForeignLayoutTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func layout(_ text: String, name: String = "m.csv") throws -> LayoutFile {
        try LayoutFile.read(URL(fileURLWithPath: folder.file(name, text)))
    }

    @Test(arguments: [
        ("id,tsne_1,tsne_2\na,1,2\nb,3,4.5\n", ["coordinates in tsne_1 and tsne_2"]),
        ("ID,UMAP1,UMAP2\na,1,2\nb,3,4.5\n", ["coordinates in UMAP1 and UMAP2", "ids in ID"]),
        ("X,Y,filename\n1,2,a\n3,4.5,b\n", ["coordinates in X and Y", "ids in filename"]),
        (",dim1,dim2\na,1,2\nb,3,4.5\n", ["coordinates in dim1 and dim2", "ids in the unnamed first column"]),
        ("id, x, y\na, 1, 2\nb, 3, 4.5\n", ["coordinates in  x and  y"]),
        ("id;x;y\na;1,0;2,0\nb;3,0;4,5\n", ["separated by semicolons", "decimal commas"]),
        ("id,x,y\na,1,2\nb,3,4.5\n", []),
        // Another pair is not passed over in silence.
        ("id,x,y,UMAP_1,UMAP_2\na,1,2,5,6\nb,3,4.5,7,8\n", ["coordinates in x and y, not UMAP_1 and UMAP_2"]),
        ("id,x,y,0,1\na,1,2,5,6\nb,3,4.5,7,8\n", []),
    ]) func otherNamesAndSeparators(text: String, remarks: [String]) throws {
        let layout = try layout(text)
        #expect(layout.ids.ids == ["a", "b"] && layout.coordinates == [1, 2, 3, 4.5])
        let all = remarks.isEmpty ? [] : ["\(folder.path("m.csv")): \(remarks.joined(separator: ", "))"]
        #expect(layout.remarks == all)
    }

    @Test func whatIsNoMapSaysWhatIsExpected() throws {
        let two = #expect(throws: InputError.self) { try layout("id,tsne_1,tsne_2,umap_1,umap_2\na,1,2,3,4\n") }
        #expect(
            "\(two!)".hasSuffix(
                "tsne_1, tsne_2 and umap_1, umap_2 could all be the coordinates of the map; call two columns x and y"))
        let array = #expect(throws: InputError.self) { try layout("", name: "m.npy") }
        #expect("\(array!)".hasSuffix("an array; expected a table (.csv) of a map with the columns id, x and y"))
    }

    @Test func mapsAreJoinedByID() throws {
        let first = try folder.file("a.csv", "id,x,y\na,0,0\nb,1,0\nc,0,1\nd,1,1\n")
        let second = try folder.file("b.csv", "id,x,y\na,0,0\nb,2,0\nc,0,1\nd,1,1\n")
        let turned = try folder.file("turned/b.csv", "id,x,y\nd,1,1\nb,2,0\na,0,0\nc,0,1\n")
        let labels = try folder.file("l.csv", "id,label\na,p\nb,q\nc,p\nd,q\n")
        for (command, out) in [("plot", "f.svg"), ("explore", "p.html")] {
            func made(_ other: String) throws -> (text: String, errors: String) {
                let run = CommandRun(command, first, other, "--labels", labels, "--out", folder.path(out))
                #expect(run.status == .done, "\(run.errors)")
                return (try folder.text(out), run.errors)
            }
            let plain = try made(second), joined = try made(turned)
            #expect(joined.text == plain.text, "\(command)")
            #expect(joined.errors.contains("its samples are in a different order and are joined by id\n"))
        }
    }

    @Test func aColumnWithoutATableHasAWayOn() throws {
        let map = try folder.file("a.csv", "id,x,y,kind\na,0,0,p\nb,1,0,q\n")
        let run = CommandRun("plot", map, "--color", "kind", "--out", folder.path("f.svg"))
        #expect(run.status == .wrongInput)
        #expect(
            run.errors.hasSuffix(
                "Error: \(map): no table with a column 'kind' is named; name it with --labels or --columns, which may be the "
                    + "layout itself\n"), "\(run.errors)")
        #expect(
            CommandRun("plot", map, "--color", "kind", "--columns", map, "--out", folder.path("f.svg")).status == .done)
    }
}
