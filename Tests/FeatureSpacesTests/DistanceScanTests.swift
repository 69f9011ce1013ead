import Numerics
import LabelDistributions
import Testing

@testable import FeatureSpaces

@Suite struct DistanceScanTests {
    /// Points on a small grid, so many distances tie. There are more rows than one strip holds.
    private static let grid: FeatureSpace = {
        var random = CounterRandom(seed: 8)
        let count = 500
        return try! FeatureSpace(
            features: (0..<count * 3).map { _ in Float(random.index(below: 5)) }, dimension: 3,
            labels: (0..<count).map { LabelDistribution(oneHot: $0 % 3, of: 3) })
    }()

    /// All other samples, sorted by exact distance, then in the order of ties.
    private static func sorted(_ space: FeatureSpace, from sample: Int) -> [(distance: Float, index: Int32)] {
        let rows = (0..<space.count).map { row in space.features[row * 3..<row * 3 + 3] }
        let ties = TieOrder(space, seed: 0)
        let others = (0..<space.count).filter { $0 != sample }.map { other in
            (
                distance: zip(rows[sample], rows[other]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) },
                number: ties.number(of: other, from: sample), index: Int32(other)
            )
        }
        return others.sorted { ($0.distance, $0.number) < ($1.distance, $1.number) }.map { ($0.distance, $0.index) }
    }

    @Test func neighborsRanksAndSumsAreThoseOfAllDistances() {
        let space = Self.grid
        let rows = CenteredRows(space, threads: ThreadCount(1))
        #expect(rows.count > CenteredRows.Strip.rows(of: rows.count))
        var random = CounterRandom(seed: 9)
        let lists = NeighborLists(
            count: space.count, neighborsPerSample: 4,
            indices: (0..<space.count).flatMap { sample in
                random.permutation(of: space.count).filter { $0 != sample }.prefix(4).map { Int32($0) }
            })
        let labels = LabelMatrix(space.labels)
        let scan = DistanceScan(
            rows, ties: TieOrder(space, seed: 0), neighbors: 12, ranksOf: lists, classes: labels.hardClasses,
            classCount: 3, threads: ThreadCount(2))
        for sample in 0..<space.count {
            let others = Self.sorted(space, from: sample)
            #expect(Array(scan.neighbors[sample]) == others.prefix(12).map(\.index))
            for (place, listed) in lists[sample].enumerated() {
                let rank = others.firstIndex { $0.index == listed }! + 1
                #expect(scan.ranks[sample * 4 + place] == Int32(rank))
            }
            for hardClass in 0..<3 {
                let sum = others.filter { $0.index % 3 == hardClass }
                    .reduce(0.0) { $0 + Double($1.distance).squareRoot() }
                #expect(abs(scan.classSums[sample * 3 + hardClass] - sum) <= 1e-12 * sum)
            }
        }
    }

    /// Every reported value is bit-identical for any number of threads.
    @Test(arguments: [2, 3, 7]) func threadsDoNotShow(threads: Int) throws {
        let labels = TestSpaces.labels(count: 500, seed: 10)
        let (space, map) = (
            TestSpaces.noise(labels, dimension: 301, seed: 10), TestSpaces.smooth(labels, seed: 10)
        )
        let parameters = TestSpaces.parameters(bootstraps: 9, permutations: 40)
        func measured(_ threads: ThreadCount) throws -> (MappedSpace, SpaceComparison) {
            let found = try MappedSpace(features: space, map: map, parameters: parameters, threads: threads)
            return (found, try SpaceComparison(found.features, found.map, threads: threads))
        }
        let (one, many) = (try measured(ThreadCount(1)), try measured(ThreadCount(threads)))
        #expect(one.0.features.measures == many.0.features.measures)
        #expect(one.0.map.measures == many.0.map.measures)
        #expect(one.0.features.labelMisfit == many.0.features.labelMisfit)
        #expect(one.0.fidelity == many.0.fidelity)
        #expect(one.1.summary == many.1.summary)
        #expect(one.1.samples == many.1.samples)
    }

    /// An offset shared by all samples must not cost precision in the distances.
    @Test func anOffsetDoesNotShow() throws {
        let moved = try FeatureSpace(
            features: Self.grid.features.map { $0 + 1_000_000 }, dimension: 3, labels: Self.grid.labels)
        let parameters = TestSpaces.parameters(bootstraps: 0)
        let (found, expected) = (
            MeasuredSpace(moved, parameters: parameters), MeasuredSpace(Self.grid, parameters: parameters)
        )
        #expect(found.neighbors == expected.neighbors)
        #expect(found.measures == expected.measures)
    }
}
