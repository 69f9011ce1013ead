/// How points were placed in an existing map: everything in a map's report, with the divergence as a mean over the points, plus
/// the files of the map.
package struct PlacementReport: Encodable, Sendable {
    package var layout: LayoutReport
    /// The map's layout and its features as named on the command line, and their SHA-256.
    var into: String
    var intoDigest: String
    var reference: String
    var referenceDigest: String

    private enum CodingKeys: String, CodingKey {
        case into, intoDigest, reference, referenceDigest
    }

    package func encode(to encoder: any Encoder) throws {
        try layout.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(into, forKey: .into)
        try container.encode(intoDigest, forKey: .intoDigest)
        try container.encode(reference, forKey: .reference)
        try container.encode(referenceDigest, forKey: .referenceDigest)
    }
}
