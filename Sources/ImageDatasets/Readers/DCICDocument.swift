import Foundation

/// A data set in the DCIC benchmark's derived format ("DCIC JSON"), as stored in the file.
struct DCICDocument: Codable {
    let name: String
    /// The slice (1…5) that the images' splits follow.
    let slice: Int?
    let classes: [String]
    let budget: Double?
    let weightedBudget: Double?
    let images: [Image]
    /// Not part of the format: the parameters of a generated set.
    let generator: ShapesParameters?

    struct Image: Codable {
        let path: String
        let split: String?
        /// The hard label's index, -1 if unknown.
        let hardClass: Int?
        let hardClassName: String?
        /// Empty if unknown.
        let softLabel: [Double]
        /// Readers of the format expect an object, whatever it contains.
        let info: Info?

        enum CodingKeys: String, CodingKey {
            case path, split, info
            case hardClass = "gt"
            case hardClassName = "gt_verbose"
            case softLabel = "soft_gt"
        }
    }

    struct Info: Codable {}

    enum CodingKeys: String, CodingKey {
        case name, classes, budget, images, generator
        case slice = "v_fold"
        case weightedBudget = "weighted_budget"
    }
}

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
