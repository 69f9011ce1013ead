import Numerics
import Testing

@testable import FeatureSpaces

/// Every measure against scikit-learn, SciPy and NumPy.
@Suite struct ReferenceTests {
    private static let threads = ThreadCount(2)

    private static func agrees(_ value: Double?, _ expected: Double) -> Bool {
        value.map { abs($0 - expected) <= 1e-6 } ?? false
    }

    @Test(arguments: SpacesFixture.names) func measuresAndFidelityOfFeaturesAndMap(name: String) throws {
        let fixture = try SpacesFixture.load(name)
        let found = try MappedSpace(
            features: fixture.space(\.features), map: fixture.space(\.map), parameters: fixture.parameters,
            threads: Self.threads)
        for (space, expected) in [(found.features, fixture.featureMeasures), (found.map, fixture.mapMeasures)] {
            #expect(expected.measures.count == SpaceMeasure.allCases.count)
            // The fixture uses other folds than the seed gives; the next test covers the probe.
            for measure in SpaceMeasure.allCases where measure != .labelProbe {
                let value = space.measures[measure]?.value
                #expect(Self.agrees(value, expected.measures["\(measure)"]!), "\(measure)")
            }
            #expect(space.labelMisfit.count == fixture.count)
            for (fit, other) in zip(space.labelMisfit, expected.labelMisfit) { #expect(Self.agrees(fit, other)) }
            #expect(space.measures.pairs == fixture.count * (fixture.count - 1) / 2)
            #expect(space.measures.mixtures == expected.mixtures)
            #expect(space.measures.ambiguousSamples == expected.ambiguousSamples)
            #expect(space.measures.neighbors == fixture.neighbors)
        }
        let fidelity = found.fidelity
        #expect(fidelity.neighbors == fixture.neighbors)
        #expect(Self.agrees(fidelity.trustworthiness?.value, fixture.fidelity.trustworthiness))
        #expect(Self.agrees(fidelity.continuity?.value, fixture.fidelity.continuity))
        #expect(Self.agrees(fidelity.neighborRecall?.value, fixture.fidelity.neighborRecall))
    }

    @Test(arguments: SpacesFixture.names) func fidelityAloneIsThatBesideTheMeasures(name: String) throws {
        let fixture = try SpacesFixture.load(name)
        let (features, map) = (try fixture.space(\.features), try fixture.space(\.map))
        let both = try MappedSpace(
            features: features, map: map, parameters: fixture.parameters, threads: Self.threads)
        let alone = try MapFidelity(of: map, against: features, parameters: fixture.parameters, threads: Self.threads)
        #expect(alone == both.fidelity)
    }

    /// Covers ridge regression with fewer and with more features than samples, on the fixture's folds.
    @Test(arguments: SpacesFixture.names) func probesAreThoseOfRidgeRegression(name: String) throws {
        let fixture = try SpacesFixture.load(name)
        for (values, expected) in [(\SpacesFixture.features, fixture.featureMeasures), (\.map, fixture.mapMeasures)] {
            let space = try fixture.space(values)
            let probe = LabelProbe(
                CenteredRows(space, threads: Self.threads), labels: LabelMatrix(space.labels), folds: fixture.folds,
                threads: Self.threads)
            let value = probe.value(weights: [Double](repeating: 1, count: fixture.count))
            #expect(Self.agrees(value, expected.measures["labelProbe"]!), "\(value)")
        }
    }

    /// The weighted measures that the bootstrap uses equal the plain measures on repeated rows.
    @Test(arguments: SpacesFixture.names) func resampledMeasures(name: String) throws {
        let fixture = try SpacesFixture.load(name)
        for (values, expected) in [(\SpacesFixture.features, fixture.featureMeasures), (\.map, fixture.mapMeasures)] {
            let space = try fixture.space(values)
            let (rows, labels) = (CenteredRows(space, threads: Self.threads), LabelMatrix(space.labels))
            let chosen = ChosenPairs(labels, parameters: fixture.parameters)
            let scan = MeasuredSpace.scan(
                rows, ties: TieOrder(space, seed: 0), labels: labels, chosen: chosen, parameters: fixture.parameters,
                threads: Self.threads)
            let statistics = SpaceStatistics(
                rows: rows, labels: labels, chosen: chosen, scan: scan, parameters: fixture.parameters,
                threads: Self.threads)
            #expect(expected.resampled.count == 6)
            for (measure, value) in expected.resampled {
                let found = SpaceMeasure.allCases.first { "\($0)" == measure }!.statistic(of: statistics)
                    .value(weights: fixture.weights)
                #expect(Self.agrees(found, value), "\(measure)")
            }
        }
    }

    @Test(arguments: SpacesFixture.names) func comparisonOfFeaturesAndOfMaps(name: String) throws {
        let fixture = try SpacesFixture.load(name)
        let cases = [
            (\SpacesFixture.features, \SpacesFixture.otherFeatures, fixture.comparison),
            (\.map, \.otherMap, fixture.mapComparison),
        ]
        for (first, second, expected) in cases {
            let spaces = try [first, second].map {
                MeasuredSpace(try fixture.space($0), parameters: fixture.parameters, threads: Self.threads)
            }
            let found = try SpaceComparison(spaces[0], spaces[1], threads: Self.threads)
            #expect(Self.agrees(found.summary.alignment?.value, expected.alignment))
            #expect(Self.agrees(found.summary.debiasedAlignment?.value, expected.debiasedAlignment))
            #expect(Self.agrees(found.summary.procrustesDisparity, expected.procrustesDisparity))
            #expect(Self.agrees(found.summary.neighborAlignment, expected.neighborAlignment))
            #expect(found.samples.count == fixture.count)
            for (sample, change) in found.samples.enumerated() {
                #expect(Self.agrees(change.neighborShare, expected.neighborShares[sample]))
                #expect(Self.agrees(change.neighborJaccard, expected.neighborJaccards[sample]))
                #expect(change.labelMisfitChange == spaces[1].labelMisfit[sample] - spaces[0].labelMisfit[sample])
            }
            let share = expected.neighborShares.reduce(0, +) / Double(fixture.count)
            #expect(Self.agrees(found.summary.neighborShare?.value, share))
        }
    }

    @Test(arguments: SpacesFixture.names) func mapsAreLaidOntoEachOther(name: String) throws {
        let fixture = try SpacesFixture.load(name)
        let alignment = try MapAlignment(moving: fixture.space(\.otherMap), onto: fixture.space(\.map))
        #expect(alignment.isReflected)
        let moved = alignment.apply(to: fixture.otherMap)
        for (value, expected) in zip(moved, fixture.alignedMap) { #expect(abs(Double(value) - expected) < 1e-5) }
    }

    /// The products behind the alignment can be computed by columns or by rows; both must agree.
    @Test(arguments: SpacesFixture.names) func alignmentByRowsIsThatByColumns(name: String) throws {
        let fixture = try SpacesFixture.load(name)
        let factors = try [fixture.space(\.features), fixture.space(\.otherFeatures)].map {
            KernelFactor(CenteredRows($0, threads: Self.threads))
        }
        let byColumns = factors[0].contributions(with: factors[1], threads: Self.threads)
        let byRows = factors[0].contributions(with: factors[1], mostProducts: 1, threads: Self.threads)
        let scale = byColumns.map { abs($0) }.max()!
        for (one, other) in zip(byColumns, byRows) { #expect(abs(one - other) <= 1e-11 * scale) }
    }
}
