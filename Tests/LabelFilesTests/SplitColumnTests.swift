import TestSupport
import Testing

@testable import LabelFiles

/// Columns that divide the images under names that are not only theirs.
@Suite struct SplitColumnTests: ReadsLabels {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// They were skipped as text.
    @Test(arguments: ["set", "dataset", "phase", "data_split", "split_name", "dataSplit", "Split set"])
    func wordsOfSubsets(
        name: String
    ) throws {
        let text = "image,\(name),label\na,train,cat\nb,val,dog\nc,test,cat\n"
        let table = try read(text)
        #expect(table.splitColumn == name && table.rows.map(\.split) == ["train", "val", "test"])
        #expect(try read(text, LabelReading(ignored: [name])).splitColumn == nil)
        #expect(try read(text.replacing("val", with: "red")).splitColumn == nil)
        #expect(try read("image,\(name),label\na,test,cat\nb,test,dog\n").splitColumn == nil)
    }

    /// They became one more class.
    @Test(arguments: ["kfold", "fold_nr", "cv", "kFold"], [0, 1]) func numbersOfFolds(name: String, first: Int) throws {
        let rows = (0..<10).map { "i\($0),\($0 % 3 + 1),\($0 % 4),\($0 % 5 + first)" }
        let text = "image,cat,dog,\(name)\n" + rows.joined(separator: "\n")
        let error = thrown(LabelFileError.self) { try read(text) }
        #expect(
            error?.description.hasSuffix(
                "column '\(name)': its name and its numbers are those of folds, not of votes; skip it with --ignore-columns "
                    + "\(name), call it 'fold' if it divides the images, or name all classes with --classes") == true)
        #expect(try read(text, LabelReading(ignored: [name])).classes == ["cat", "dog"])
        let documents = "image,cv,letter\na,5,1\nb,6,0\nc,0,6\n"
        #expect(try read(documents).classes == ["cv", "letter"])
    }
}
