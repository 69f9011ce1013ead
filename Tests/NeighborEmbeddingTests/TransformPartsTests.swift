import Numerics
import Foundation
import Testing

@testable import NeighborEmbedding

/// Each part of placing new points against a plain version, and every error.
@Suite struct TransformPartsTests {
    private let one = ThreadCount(1)

    @Test(arguments: KernelPath.available, [(97, 5), (900, 40)]) func neighborsAreTheNearest(
        kernels: KernelPath, size: (reference: Int, number: Int)
    ) {
        let known = TestData.features(count: size.reference, dimension: 5, seed: 1)
        let new = TestData.features(count: 211, dimension: 5, seed: 2)
        let found = TestData.neighbors(of: new, in: known, size.number, threads: 2, kernels: kernels)
        #expect(found.count == 211)
        for point in 0..<211 {
            let distances = (0..<size.reference).map { row -> Double in
                var sum = 0.0
                for column in 0..<5 {
                    let difference = Double(known.values[row * 5 + column]) - Double(new.values[point * 5 + column])
                    sum += difference * difference
                }
                return sum
            }
            let expected = distances.indices.sorted { distances[$0] < distances[$1] }.prefix(size.number)
            let row = found.indices.elements[point * size.number..<(point + 1) * size.number].map(Int.init)
            // Random normal features practically never give distances that single precision cannot tell apart.
            #expect(row == Array(expected))
        }
    }

    @Test func ofEqualDistancesTheLowerIndexComesFirst() throws {
        let known = try FeatureMatrix(count: 600, dimension: 1, values: (0..<600).map { Float($0 % 2) })
        let new = try FeatureMatrix(count: 1, dimension: 1, values: [0.9])
        let found = TestData.neighbors(of: new, in: known, 5)
        #expect(found.indices.array == [1, 3, 5, 7, 9])
    }

    @Test func aSearchCanBeStopped() {
        let features = CenteredFeatures(
            TestData.features(count: 50, dimension: 2), followedBy: TestData.features(count: 900, dimension: 2),
            threads: one)
        var calls = 0
        let found = CrossNeighbors.search(
            features, reference: 50, neighborsPerPoint: 3, threads: one, kernels: .preferred()
        ) { share in
            calls += 1
            #expect(share >= 0 && share <= 1)
            return calls < 3
        }
        #expect(found == nil && calls == 3)
    }

    @Test func newRowsAreOnTheComponentsOfTheReference() throws {
        let known = TestData.features(count: 120, dimension: 20, seed: 3)
        let number = 6
        let (reference, again) = PrincipalComponents.reduce(known, with: known, to: number, seed: 0, threads: one)
        let largest = reference.values.map(abs).max()!
        // Sums of 120 products in single precision, plus sums of 20.
        for (a, b) in zip(reference.values, again.values) { #expect(abs(a - b) < 140 * 0x1p-24 * largest) }
    }

    @Test(arguments: KernelPath.available, [1.0, 0.4]) func theFieldIsThatOfAllPoints(
        kernels: KernelPath, freedom: Double
    ) throws {
        let layout = randomLayout(777, scale: 15, seed: 8)
        let points = randomLayout(50, scale: 20, seed: 9)
        let kernel = StudentKernel(degreesOfFreedom: freedom)
        // A grid of three nodes per unit errs by up to .001 for a single pair within a unit.
        for (repulsion, share, rest) in [
            (TransformParameters.Repulsion.exact, ReferenceForces.roundingError(count: 777), 0),
            (.interpolation(InterpolationGrid()), 1e-3, 2e-3),
        ] {
            let field = try ReferenceField(
                of: planar(layout), repulsion: repulsion, kernel: kernel, threads: one, kernels: kernels)
            let forces = PlanarBuffer(count: 50)
            let sums = AlignedBuffer<Float>(count: 50)
            field.evaluate(at: planar(points), into: forces, potential: sums.base, threads: one)
            for (place, point) in points.enumerated() {
                var (force, magnitude, sum) = (SIMD2<Double>.zero, 0.0, 0.0)
                for other in layout {
                    let difference = point - other
                    let u = 1 / (1 + (difference * difference).sum() / freedom)
                    let w = pow(u, freedom)
                    force += w * u * difference
                    magnitude += w * u * (difference * difference).sum().squareRoot()
                    sum += w
                }
                #expect(abs(Double(sums[place]) - sum) <= share * sum + rest)
                #expect(abs(Double(forces.x[place]) - force.x) <= share * magnitude + rest)
                #expect(abs(Double(forces.y[place]) - force.y) <= share * magnitude + rest)
            }
        }
    }

    @Test func theWeightedMeanIsThatOfTheAffinities() throws {
        let (map, new) = TestData.map(60, new: 7)
        let neighbors = TestData.neighbors(of: new, in: map.features, 15)
        let affinities = ConditionalAffinities(
            neighbors: neighbors, perplexities: [5], threads: one, kernels: .preferred())
        let found = PlacementInitialization.coordinates(
            .weightedMean, neighbors: neighbors, affinities: affinities, layout: map.coordinates, features: new,
            seed: 0, threads: one)
        for point in 0..<7 {
            var mean = 0.0
            for entry in 15 * point..<15 * point + 15 {
                mean +=
                    Double(affinities.probabilities[entry])
                    * Double(map.coordinates[2 * Int(affinities.indices[entry])])
            }
            #expect(abs(Double(found[2 * point]) - mean) < 1e-4)
        }
    }

    // MARK: - Errors

    private func expect(
        _ error: TSNEError, _ description: String, _ change: (inout TransformParameters) -> Void
    ) {
        let (map, new) = TestData.map(20, new: 2)
        var parameters = TransformParameters()
        change(&parameters)
        #expect(throws: error) { try TSNE(threads: one).transform(new, into: map, parameters: parameters) }
        #expect("\(error)" == description)
    }

    @Test func wrongParameters() {
        expect(.noPerplexity, "no perplexity is given; at least one is needed") { $0.perplexities = [] }
        expect(.perplexityNotPositive(found: "0.0"), "the perplexity is 0.0; it must be a number above 0") {
            $0.perplexities = [5, 0]
        }
        expect(
            .perplexityBeyondReference(found: 20, points: 20),
            "the perplexity is 20.0; in a map of 20 points it must be below 20"
        ) { $0.perplexities = [20] }
        expect(.negativeIterations(found: -1), "the number of iterations is -1; it must be at least 0") {
            $0.iterations = -1
        }
        expect(
            .exaggerationBelowOne(found: "0.5"), "the exaggeration is 0.5; it must be a number of at least 1"
        ) { $0.exaggeration = 0.5 }
        expect(
            .earlyExaggerationBelowOne(found: "nan"),
            "the early exaggeration is nan; it must be a number of at least 1"
        ) { $0.earlyExaggeration = .nan }
        expect(
            .negativeEarlyExaggerationIterations(found: -3),
            "the number of iterations of the early exaggeration is -3; it must be at least 0"
        ) { $0.earlyExaggerationIterations = -3 }
        expect(.learningRateNotPositive(found: "inf"), "the learning rate is inf; it must be a number above 0") {
            $0.learningRate = .infinity
        }
        expect(
            .momentumOutOfRange(found: "1.0"), "the momentum is 1.0; it must be a number of at least 0 and below 1"
        ) { $0.momentum = 1 }
        expect(
            .maxGradientNormNotPositive(found: "0.0"), "the longest gradient is 0.0; it must be a number above 0"
        ) { $0.maxGradientNorm = 0 }
        expect(.maxStepNormNotPositive(found: "nan"), "the longest step is nan; it must be a number above 0") {
            $0.maxStepNorm = .nan
        }
        expect(.nodesPerIntervalOutOfRange(found: 9), "the number of nodes per interval is 9; it must be from 2 to 6") {
            $0.repulsion = .interpolation(InterpolationGrid(nodesPerInterval: 9))
        }
    }

    @Test func wrongSpaces() {
        let (map, new) = TestData.map(20, new: 2)
        var settings = TSNEParameters()
        settings.degreesOfFreedom = 0
        #expect(throws: TSNEError.degreesOfFreedomOutOfRange(found: "0.0", most: 100)) {
            try TSNE(settings).transform(new, into: map)
        }
    }

    @Test func wrongFeatures() throws {
        let map = TestData.map(20, new: 2).map
        let none = try FeatureMatrix(count: 0, dimension: 6, values: [])
        #expect(throws: TSNEError.noNewPoints) { try TSNE().transform(none, into: map) }
        #expect("\(TSNEError.noNewPoints)" == "there are no new points; at least 1 is needed")
        let other = TSNEError.differentDimensions(reference: 6, new: 4)
        #expect(throws: other) { try TSNE().transform(TestData.features(count: 3, dimension: 4), into: map) }
        #expect("\(other)" == "the new points have 4 features; expected 6, as in the map")
        let empty = try ReferenceMap(
            features: FeatureMatrix(count: 9, dimension: 0, values: []), coordinates: [Float](repeating: 0, count: 18))
        #expect(throws: TSNEError.noFeatures) {
            try TSNE().transform(FeatureMatrix(count: 2, dimension: 0, values: []), into: empty)
        }
    }

    @Test func wrongMaps() throws {
        let features = TestData.features(count: 4, dimension: 3)
        func expect(_ error: TSNEError, _ description: String, _ features: FeatureMatrix, _ coordinates: [Float]) {
            #expect(throws: error) { try ReferenceMap(features: features, coordinates: coordinates) }
            #expect("\(error)" == description)
        }
        expect(
            .noReferencePoints, "the map has no points; at least 1 is needed",
            try FeatureMatrix(count: 0, dimension: 3, values: []), [])
        expect(
            .wrongReferenceLayoutCount(found: 7, expected: 8),
            "the layout holds 7 numbers; expected 8, two for each row of its features", features,
            [Float](repeating: 0, count: 7))
        expect(
            .nonFiniteReferenceLayout(row: 1, axis: 1, value: "inf"),
            "row 1, axis 1 (counted from 0) of the layout is inf; it must be finite", features,
            [0, 0, 0, .infinity, 0, 0, 0, 0])
        expect(
            .referenceLayoutTooLarge(row: 2, axis: 0, value: 2e18),
            "row 2, axis 0 (counted from 0) of the layout is 2e+18; it must be below 1e+18 in magnitude", features,
            [0, 0, 0, 0, 2e18, 0, 0, 0])
    }

    @Test func divergence() {
        let (map, new) = TestData.map(50, new: 5)
        var parameters = TransformParameters()
        (parameters.learningRate, parameters.maxGradientNorm) = (1e30, nil)
        #expect(throws: TSNEError.diverged(iteration: 1)) {
            try TSNE(threads: one).transform(new, into: map, parameters: parameters)
        }
    }
}
