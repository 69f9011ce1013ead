import Numerics
import Testing

@testable import NeighborEmbedding

/// Exact and approximate search, against each other and against sorting.
@Suite struct NeighborSearchTests {
    private func clusters(count: Int, dimension: Int) -> FeatureMatrix {
        let (noise, centres) = (
            TestData.normal(count * dimension, seed: 4), TestData.normal(20 * dimension, scale: 3, seed: 5)
        )
        return try! FeatureMatrix(
            count: count, dimension: dimension,
            values: noise.indices.map { noise[$0] + centres[($0 / dimension * 7 % 20) * dimension + $0 % dimension] })
    }

    private func approximate(
        _ features: FeatureMatrix, _ number: Int, seed: UInt64 = 1, threads: Int = 1,
        kernels: KernelPath = .preferred()
    ) -> NeighborGraph {
        ApproximateNeighbors.search(
            CenteredFeatures(features, threads: ThreadCount(threads)), neighborsPerPoint: number, seed: seed,
            threads: ThreadCount(threads), kernels: kernels, report: { _ in true })!
    }

    /// The share of the exact neighbours that the other graph contains.
    private func recall(_ found: NeighborGraph, _ exact: NeighborGraph) -> Double {
        var shared = 0
        let number = exact.neighborsPerPoint
        for point in 0..<exact.count {
            let row = point * number..<(point + 1) * number
            shared += Set(found.indices.elements[row]).intersection(exact.indices.elements[row]).count
        }
        return Double(shared) / Double(exact.count * number)
    }

    /// Block boundaries, small and large blocks.
    @Test(arguments: [2, 96, 97, 1_000, 4_001, 4_225]) func exactNeighborsEqualSorting(count: Int) {
        // Multiples of 1/64 with mean 0 are exact in products and differences, so ties are ties in every computation.
        let half = TestData.normal(count / 2 * 2, seed: 2).map { ($0 * 64).rounded() / 64 }
        let values = half + half.map { -$0 } + (count % 2 == 0 ? [] : [0, 0])
        let number = min(7, count - 1)
        let found = TestData.neighbors(try! FeatureMatrix(count: count, dimension: 2, values: values), number)
        #expect(found.recall == 1)
        for point in stride(from: 0, to: count, by: max(1, count / 50)) {
            let sorted = (0..<count).filter { $0 != point }.map { other -> (Float, Int32) in
                let (x, y) = (values[2 * point] - values[2 * other], values[2 * point + 1] - values[2 * other + 1])
                return (x * x + y * y, Int32(other))
            }.sorted { $0 < $1 }
            #expect(
                Array(found.indices.elements[point * number..<(point + 1) * number])
                    == sorted.prefix(number).map(\.1))
        }
    }

    @Test(arguments: KernelPath.available) func kernelsFindTheSameNeighbors(kernels: KernelPath) {
        let features = TestData.features(count: 500, dimension: 20)
        let (plain, found) = (
            TestData.neighbors(features, 15, kernels: .swift), TestData.neighbors(features, 15, kernels: kernels)
        )
        #expect(plain.indices.array == found.indices.array)
    }

    @Test(arguments: [2, 3, 5]) func exactNeighborsDoNotDependOnTheThreads(threads: Int) {
        let features = TestData.features(count: 5_000, dimension: 3)
        let (one, many) = (TestData.neighbors(features, 20), TestData.neighbors(features, 20, threads: threads))
        #expect(one.indices.array == many.indices.array)
        #expect(one.squaredDistances.array == many.squaredDistances.array)
    }

    @Test func ofEqualPointsTheLowestComeFirst() throws {
        let found = TestData.neighbors(
            try FeatureMatrix(count: 4_500, dimension: 3, values: [Float](repeating: 7, count: 13_500)), 4, threads: 2)
        #expect(Array(found.indices.elements[..<4]) == [1, 2, 3, 4])
        #expect(Array(found.indices.elements[8..<12]) == [0, 1, 3, 4])
        #expect(Array(found.indices.elements[(4 * 4_400)...].prefix(4)) == [0, 1, 2, 3])
    }

    @Test func aStoppedSearchHasNoResult() {
        let features = CenteredFeatures(TestData.features(count: 300, dimension: 3), threads: ThreadCount(1))
        let exact = NearestNeighbors.search(
            features, neighborsPerPoint: 5, threads: ThreadCount(1), kernels: .preferred(), report: { $0 < 1 })
        #expect(exact == nil)
        let approximate = ApproximateNeighbors.search(
            features, neighborsPerPoint: 5, seed: 0, threads: ThreadCount(1), kernels: .preferred(),
            report: { $0 < 1 })
        #expect(approximate == nil)
    }

    @Test func theRecallReportedIsTheRecall() {
        let features = clusters(count: 8_000, dimension: 20)
        let (found, exact) = (approximate(features, 30), TestData.neighbors(features, 30))
        let share = recall(found, exact)
        #expect(share >= 0.95)
        // 512 points of 30 neighbours: ten standard errors of a share of .96, if neighbours were independent.
        let standardError = (0.96 * 0.04 / Double(512 * 30)).squareRoot()
        #expect(abs(found.recall - share) < 10 * standardError)
        // It must not be an exact search in disguise.
        #expect(share < 1)
    }

    @Test(arguments: [2, 3]) func approximateNeighborsDoNotDependOnTheThreads(threads: Int) {
        let features = clusters(count: 6_000, dimension: 10)
        let (one, many) = (approximate(features, 20), approximate(features, 20, threads: threads))
        #expect(one.indices.array == many.indices.array)
        #expect(one.squaredDistances.array == many.squaredDistances.array)
        #expect(one.recall == many.recall)
    }

    @Test func approximateNeighborsAreInOrder() {
        let found = approximate(clusters(count: 2_000, dimension: 5), 12)
        for point in 0..<2_000 {
            let row = point * 12..<(point + 1) * 12
            let (ids, distances) = (found.indices.elements[row], Array(found.squaredDistances.elements[row]))
            #expect(Set(ids).count == 12 && !ids.contains(Int32(point)))
            #expect(distances == distances.sorted())
        }
    }

    @Test(arguments: [(4, 3), (5, 1), (90, 89), (1_000, 700)]) func fewPointsHaveTheirExactNeighbors(
        count: Int, number: Int
    ) {
        let features = TestData.features(count: count, dimension: 4)
        let (found, exact) = (approximate(features, number), TestData.neighbors(features, number))
        if count < 100 { #expect(found.indices.array == exact.indices.array) }
        #expect(recall(found, exact) >= 0.95)
    }

    /// The search works on a reordered copy of the features.
    @Test func approximateDistancesAreThoseOfTheirPoints() {
        let features = clusters(count: 3_000, dimension: 7)
        let (found, exact) = (approximate(features, 10), TestData.neighbors(features, 10))
        for place in 0..<30_000 where found.indices[place] == exact.indices[place] {
            #expect(found.squaredDistances[place] == exact.squaredDistances[place])
        }
        #expect((0..<30_000).count { found.indices[$0] == exact.indices[$0] } > 20_000)
    }

    @Test func copiesAreFoundApproximately() throws {
        let values = TestData.normal(3_000 * 3, seed: 2) + [Float](repeating: 0.5, count: 3_000)
        let found = approximate(try FeatureMatrix(count: 4_000, dimension: 3, values: values), 30, threads: 2)
        #expect(found.squaredDistances.elements[(3_000 * 30)...].allSatisfy { $0 == 0 })
        let equal = approximate(
            try FeatureMatrix(count: 3_000, dimension: 2, values: [Float](repeating: 1, count: 6_000)), 30)
        #expect(equal.recall == 1)
    }

    @Test(arguments: KernelPath.available) func refinementFindsNeighborsOfNeighbors(kernels: KernelPath) {
        let features = CenteredFeatures(TestData.features(count: 1_500, dimension: 6), threads: ThreadCount(1))
        let exact = NearestNeighbors.search(
            features, neighborsPerPoint: 16, threads: ThreadCount(1), kernels: .preferred(), report: { _ in true })!
        /// At first each point knows only the others in its random block.
        func refined(rounds: Int, threads: Int) -> NeighborGraph {
            let candidates = NeighborCandidates(count: 1_500, capacity: 32, kernels: kernels)
            let points = AlignedBuffer<Int32>(count: 1_500)
            for point in 0..<1_500 { points[point] = Int32(point) }
            let blocks = stride(from: 0, to: 1_500, by: 300).map { $0..<$0 + 300 }
            let search = BlockSearch(
                points: points, blocks: blocks, features: features, candidates: candidates, kernels: kernels)
            var tasks = (1..<5).map { BlockSearch.Task(block: $0, partners: [0]) }
            tasks.removeLast()
            _ = search.run(tasks, threads: ThreadCount(threads), report: { _ in true })
            for _ in 0..<rounds {
                let isDone = NeighborRefinement.round(
                    candidates, features: features, threads: ThreadCount(threads), kernels: kernels,
                    report: { _ in true })
                #expect(isDone)
            }
            return NeighborGraph(
                nearestOf: candidates, neighborsPerPoint: 16, features: features, recall: 0, names: points,
                threads: ThreadCount(threads), kernels: kernels)
        }
        let shares = (0..<3).map { recall(refined(rounds: $0, threads: 1), exact) }
        #expect(shares[0] < 0.5)
        #expect(shares[1] > shares[0] + 0.1)
        #expect(shares[2] > shares[1])
        #expect(refined(rounds: 2, threads: 3).indices.array == refined(rounds: 2, threads: 1).indices.array)
    }
}
