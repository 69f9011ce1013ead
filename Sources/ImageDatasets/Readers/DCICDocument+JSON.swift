import Foundation

extension DCICDocument {
    /// Reads the file at `url`. Throws `DatasetError`.
    init(contentsOf url: URL) throws(DatasetError) {
        self = try JSONFile.decode(Self.self, from: url)
    }

    /// The file's bytes: keys sorted, the same on every machine.
    func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }
}
