import LabelFiles
import TensorFiles
import Testing

@testable import ImageDatasets

struct DatasetErrorTests {
    private struct Unforeseen: Error, CustomStringConvertible {
        let description = "the bytes are of a kind that came later"
    }

    /// File readers use untyped throws, so an error added later must be wrapped instead of crashing.
    @Test func whatAReaderMayThrowLaterNamesTheFile() {
        let error = DatasetError(Unforeseen(), path: "set/labels.csv")
        #expect(error.description == "set/labels.csv: the file: the bytes are of a kind that came later")
    }

    @Test func knownErrorsKeepTheirCases() {
        let missing = FileReadError.becameShorter(path: "a")
        #expect(DatasetError(missing, path: "b") == .unreadable(missing))
        let array = NPYError.wrongMagic(path: "a")
        #expect(DatasetError(array, path: "b") == .array(array))
        let ids = LabelFileError.noIDs(path: "a", header: [])
        #expect(DatasetError(ids, path: "b") == .labels(ids))
        let forbidden = PyTorchError.forbiddenName(path: "a", position: 3, name: "os system")
        #expect(DatasetError(forbidden, path: "b") == .forbiddenName(path: "a", name: "os system", position: 3))
    }
}
