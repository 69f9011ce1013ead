import Foundation
import LabelDistributions

@testable import FeatureSpaces

/// Written by `Tools/reference/feature_space_fixtures.py`.
struct SpacesFixture: Decodable {
    struct Measures: Decodable {
        let measures: [String: Double]
        /// On the resample given by `weights`.
        let resampled: [String: Double]
        let labelMisfit: [Double]
        let ambiguousSamples: Int
        let mixtures: Int
    }

    struct Fidelity: Decodable {
        let trustworthiness: Double
        let continuity: Double
        let neighborRecall: Double
    }

    struct Comparison: Decodable {
        let alignment: Double
        let debiasedAlignment: Double
        let procrustesDisparity: Double
        let neighborAlignment: Double
        let neighborShares: [Double]
        let neighborJaccards: [Double]
    }

    let count: Int
    let neighbors: Int
    let labels: [[Double]]
    let features: [Float]
    let map: [Float]
    let otherFeatures: [Float]
    let otherMap: [Float]
    /// How often a resample draws each sample.
    let weights: [Double]
    /// The folds of the label probe.
    let folds: [[Int]]
    let featureMeasures: Measures
    let mapMeasures: Measures
    let fidelity: Fidelity
    let comparison: Comparison
    let mapComparison: Comparison
    /// The other map, aligned to the map.
    let alignedMap: [Double]

    static let names = ["narrow", "wide"]

    static func load(_ name: String) throws -> SpacesFixture {
        let url = Bundle.module.url(forResource: "spaces", withExtension: "json", subdirectory: "Fixtures")!
        return try JSONDecoder().decode([String: SpacesFixture].self, from: Data(contentsOf: url))[name]!
    }

    func space(_ values: KeyPath<SpacesFixture, [Float]>) throws -> FeatureSpace {
        let values = self[keyPath: values]
        return try FeatureSpace(
            features: values, dimension: values.count / count, labels: labels.map { try LabelDistribution($0) })
    }

    var parameters: MeasureParameters {
        var parameters = MeasureParameters()
        parameters.neighbors = neighbors
        parameters.bootstraps = 20
        parameters.permutations = 0
        return parameters
    }
}

/// Point clouds and their loops, from the same script.
struct LoopsFixture: Decodable {
    let dimension: Int
    let points: [Float]
    /// Births and deaths of the five longest bars in dimension 1, longest first.
    let bars: [[Double]]

    static let names = ["circle", "two", "blob", "grid"]

    static func load(_ name: String) throws -> LoopsFixture {
        let url = Bundle.module.url(forResource: "loops", withExtension: "json", subdirectory: "Fixtures")!
        return try JSONDecoder().decode([String: LoopsFixture].self, from: Data(contentsOf: url))[name]!
    }

    var count: Int { points.count / dimension }

    var distances: [Double] {
        (0..<count * count).map { pair in
            (0..<dimension).reduce(0.0) { sum, axis in
                let difference =
                    Double(points[pair / count * dimension + axis]) - Double(points[pair % count * dimension + axis])
                return sum + difference * difference
            }.squareRoot()
        }
    }
}
