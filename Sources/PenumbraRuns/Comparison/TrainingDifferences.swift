import Foundation

/// The differences between the compared trainings, other than those that define the kinds.
package enum TrainingDifferences {
    /// What the name of a kind already says, and what differs between splits and seeds.
    private static let expected: Set = [
        "labels", "resamples", "annotations", "training_images", "loss", "cpu_priors", "label_smoothing", "mixup",
        "split", "seed",
    ]

    /// The settings and data of the training of `member`; nil without a record. Throws what reading the record throws.
    static func record(of member: RunMember) throws -> [String: JSONValue]? {
        guard let stage = try member.run.readManifest().stages[member.stage("train")],
            case .object(var fields) = RunStages.completed(stage.parameters)
        else { return nil }
        fields["data"] = stage.inputs["dataset"].map { .string(String($0.prefix(12))) }
        return fields
    }

    /// One phrase per parameter that differs: `epochs: 20 (a split-1/hard), 30 (a split-1/soft)`. Spaces without a record of
    /// their training are left out.
    package static func between(_ kinds: [ComparedKind]) -> [String] {
        let records = kinds.flatMap(\.spaces).compactMap { space in
            space.training.map { (name: space.path, parameters: $0) }
        }
        let keys = Set(records.flatMap(\.parameters.keys)).subtracting(expected).sorted()
        return keys.compactMap { key in
            var values: [(value: String, names: [String])] = []
            for record in records {
                let value = record.parameters[key]?.text ?? "not set"
                if let place = values.firstIndex(where: { $0.value == value }) {
                    values[place].names.append(record.name)
                } else {
                    values.append((value, [record.name]))
                }
            }
            if values.count < 2 { return nil }
            return "\(key): " + values.map { "\(shown($0.value)) (\(shown($0.names)))" }.joined(separator: ", ")
        }
    }

    private static func shown(_ value: String) -> String { value.displayed(atMost: 60) }

    private static func shown(_ names: [String]) -> String {
        names.count <= 3
            ? names.joined(separator: ", ") : "\(names.prefix(2).joined(separator: ", ")) and \(names.count - 2) more"
    }
}
