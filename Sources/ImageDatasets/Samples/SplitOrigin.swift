/// Where the splits of a data set come from.
public enum SplitOrigin: Sendable, Equatable {
    /// A column of the table of labels, by its name.
    case column(String)
    /// The folders that hold the images, by their names.
    case folders([String])
    /// A key of each item in the label file.
    case key(String)
    /// Nothing in the data set: the images were dealt to five folds (`Folds`) by this seed.
    case dealt(seed: UInt64)

    /// The folds of the DCIC benchmark.
    public static let foldFolders = folders((1...Folds.count).map { "fold\($0)" })
}

extension SplitOrigin: CustomStringConvertible {
    /// For example "from column split" or "images dealt into five folds by seed 0".
    public var description: String {
        switch self {
        case .column(let name): "from column \(name)"
        case .folders(let names): "from the folders \(names.joined(separator: ", "))"
        case .key(let name): "from \"\(name)\" in the label file"
        case .dealt(let seed): "images dealt into five folds by seed \(seed)"
        }
    }
}

extension SplitOrigin: Encodable {
    private enum Key: CodingKey {
        case source, names, seed
    }

    /// Writes `source` (`column`, `folders`, `label file` or `seed`), and the `names` or the `seed`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        let (source, names, seed): (String, [String]?, UInt64?) =
            switch self {
            case .column(let name): ("column", [name], nil)
            case .folders(let names): ("folders", names, nil)
            case .key(let name): ("label file", [name], nil)
            case .dealt(let seed): ("seed", nil, seed)
            }
        try container.encode(source, forKey: .source)
        try container.encodeIfPresent(names, forKey: .names)
        try container.encodeIfPresent(seed, forKey: .seed)
    }
}
