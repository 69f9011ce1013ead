import Foundation

@testable import NeighborEmbedding

/// Written in double precision by `Tools/reference/tsne_fixtures.py`.
struct AffinityFixture: Decodable {
    struct Sparse: Decodable {
        let rows: [Int]
        let columns: [Int]
        let values: [Double]
    }

    struct Case: Decodable {
        let perplexity: Double
        let affinities: Sparse
        let divergence: Double
        let gradient: [Double]
        let normalization: Double
    }

    let count: Int
    let dimension: Int
    let features: [Float]
    let layout: [Float]
    let principalComponents: [Double]
    let cases: [Case]

    static func load() throws -> AffinityFixture { try decode("affinities") }
}

/// Other metrics, several perplexities at once, and principal components, in double precision.
struct MetricsFixture: Decodable {
    let count: Int
    let dimension: Int
    let features: [Float]
    let cosinePerplexity: Double
    let cosine: AffinityFixture.Sparse
    let perplexities: [Double]
    let multiscale: AffinityFixture.Sparse
    let components: Int
    let scores: [Double]

    static func load() throws -> MetricsFixture { try decode("metrics") }
}

/// Handwritten digits, and the divergence that openTSNE reached on them.
struct DigitsFixture: Decodable {
    let count: Int
    let dimension: Int
    let features: [Float]
    let perplexity: Double
    let iterations: Int
    let openTSNEDivergence: Double

    static func load() throws -> DigitsFixture { try decode("digits") }
}

private func decode<Fixture: Decodable>(_ name: String) throws -> Fixture {
    let url = Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures")!
    return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
}
