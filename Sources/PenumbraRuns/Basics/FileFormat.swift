/// A format of JSON files written by this program, with the version that it writes.
///
/// A file carries its version under the key `format`; files from before this key was introduced have version 1. The version
/// increases when a program that knows only the previous one would misread the file. A new key does not change it: older
/// programs ignore unknown keys, and newer ones assume the former behaviour if a key is missing.
package struct FileFormat: Sendable, Equatable {
    /// For messages: "run record".
    let title: String
    /// The version written; versions up to this one are read.
    let version: Int

    /// `run.json`. Since 2, paths are relative to the run's folder.
    static let runRecord = FileFormat(title: "run record", version: 2)
    /// `evaluation.json`. Since 2, measures have the names of their columns in a CSV (`ece`, `jsd_similarity`) as keys, also in
    /// `means` and `deviations`, which were lists.
    package static let evaluation = FileFormat(title: "evaluation", version: 2)
    /// The report beside a layout, `tsne.json`.
    package static let layoutReport = FileFormat(title: "report on a layout", version: 1)
    /// `report.json` of a comparison. Since 2, the verdict has evidence by measure, which contains its splits; since 3, measures
    /// and outcomes are spelled as keys are (`pair_correlation`); since 4, evaluations are those of `evaluation` 2.
    package static let comparison = FileFormat(title: "comparison", version: 4)
    /// `budget.json` of `annotation-budget`.
    package static let annotationBudget = FileFormat(title: "annotation budget", version: 1)
}

/// A value together with the version of its format.
package struct VersionedContent<Value: Encodable>: Encodable {
    let value: Value
    let format: FileFormat

    package init(_ value: Value, _ format: FileFormat) { (self.value, self.format) = (value, format) }

    private enum CodingKeys: CodingKey {
        case format
    }

    package func encode(to encoder: any Encoder) throws {
        try value.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(format.version, forKey: .format)
    }
}

/// A value read together with the version of its format, which is checked first.
struct ReadContent<Value: Decodable>: Decodable {
    /// The program does not know the version.
    struct UnknownVersion: Error {
        let found: Int
    }

    let value: Value

    private enum CodingKeys: CodingKey {
        case format
    }

    /// The newest supported version is in the decoder's `userInfo`.
    init(from decoder: any Decoder) throws {
        if let newest = decoder.userInfo[Self.newest] as? Int {
            let found = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(Int.self, forKey: .format) ?? 1
            guard 1...newest ~= found else { throw UnknownVersion(found: found) }
        }
        value = try Value(from: decoder)
    }

    static var newest: CodingUserInfoKey { CodingUserInfoKey(rawValue: "newest format")! }
}
