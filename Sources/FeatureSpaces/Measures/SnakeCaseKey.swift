/// A name that JSON holds in one spelling, `pair_correlation`, as a key and as a value. Its raw value is in snake case.
public protocol SnakeCaseKey: CodingKeyRepresentable, CaseIterable, RawRepresentable<String> {}

extension SnakeCaseKey {
    /// Also from `pairCorrelation`, into which decoders with the strategy `convertFromSnakeCase` turn the key. Nil for other names.
    public init?(codingKey: some CodingKey) {
        let words = codingKey.stringValue.filter { $0 != "_" }.lowercased()
        guard let found = Self.allCases.first(where: { $0.rawValue.filter { $0 != "_" } == words }) else { return nil }
        self = found
    }
}
