import Numerics
import Foundation
import Testing

@testable import NeighborEmbedding

/// The kernels for neighbour search and bandwidths, against plain Swift.
@Suite struct NeighborKernelTests {
    private static let compiled = KernelPath.available.filter { $0 != .swift }

    @Test(arguments: KernelPath.available, [(40, 5), (33, 64), (70, 700)]) func productsAreInnerProducts(
        kernels: KernelPath, size: (count: Int, dimension: Int)
    ) {
        let features = CenteredFeatures(
            TestData.features(count: size.count, dimension: size.dimension), threads: ThreadCount(1))
        let products = RowProducts(features, mostRows: size.count, mostColumns: size.count, kernels: kernels)
        // A permuted order, so that rows must be gathered.
        let points = (0..<Int32(size.count)).map { ($0 &* 7) % Int32(size.count) }
        points.withUnsafeBufferPointer {
            products.setColumns($0)
            products.compute($0)
        }
        for row in 0..<size.count {
            for column in 0..<size.count {
                var (sum, magnitude) = (0.0, 0.0)
                for feature in 0..<size.dimension {
                    let product =
                        Double(features.rows[Int(points[row]) * features.stride + feature])
                        * Double(features.rows[Int(points[column]) * features.stride + feature])
                    sum += product
                    magnitude += abs(product)
                }
                let found = products.products[row * products.stride + column]
                #expect(abs(Double(found) - sum) <= Double(size.dimension) * 0x1p-24 * magnitude)
                #expect(found == products.products[column * products.stride + row])
            }
        }
    }

    @Test(arguments: compiled) func distancesEqualThoseInPlainSwift(kernels: KernelPath) {
        let features = CenteredFeatures(TestData.features(count: 50, dimension: 37), threads: ThreadCount(1))
        let others = (1..<Int32(50)).map { $0 }
        func distances(_ kernels: KernelPath) -> [Float] {
            let found = AlignedBuffer<Float>(count: 49)
            others.withUnsafeBufferPointer {
                features.squaredDistances(from: 0, to: $0, into: found.base, kernels: kernels)
            }
            return found.array
        }
        for (fast, plain) in zip(distances(kernels), distances(.swift)) {
            // 37 positive terms in partial sums.
            #expect(abs(fast - plain) <= 37 * 0x1p-24 * plain)
        }
    }

    /// A point keeps the smallest keys of all it was offered, in any order and with repeats.
    @Test(arguments: KernelPath.available, [false, true]) func theLeastCandidatesStay(
        kernels: KernelPath, shared: Bool
    ) {
        let count = 300
        // Few distinct coordinates, so many distances tie.
        let values = TestData.normal(count * 2, seed: 9).map { ($0 * 2).rounded() / 2 }
        let features = CenteredFeatures(
            try! FeatureMatrix(count: count, dimension: 2, values: values), threads: ThreadCount(1))
        let candidates = NeighborCandidates(count: count, capacity: 10, kernels: kernels)
        let products = RowProducts(features, mostRows: 50, mostColumns: 50, kernels: kernels)
        let (rows, columns) = (NeighborCandidates.Side(most: 50), NeighborCandidates.Side(most: 50))
        var random = CounterRandom(seed: 3)
        var distances = [Float](repeating: 0, count: count * count)
        let pairs = (0..<6).flatMap { first in (first..<6).map { (first, $0) } }
        for place in random.permutation(of: pairs.count) + (shared ? Array(0..<pairs.count) : []) {
            let (first, second) = pairs[place]
            let rowIDs = (0..<Int32(50)).map { Int32(first * 50) + $0 }
            let columnIDs = (0..<Int32(50)).map { Int32(second * 50) + $0 }
            columnIDs.withUnsafeBufferPointer {
                products.setColumns($0)
                columns.set($0, of: features)
            }
            rowIDs.withUnsafeBufferPointer {
                products.compute($0)
                rows.set($0, of: features)
            }
            for row in 0..<50 {
                for column in 0..<50 {
                    let squared =
                        rows.norms[row] + columns.norms[column] - 2 * products.products[row * products.stride + column]
                    distances[(first * 50 + row) * count + second * 50 + column] = max(squared, 0)
                    distances[(second * 50 + column) * count + first * 50 + row] = max(squared, 0)
                }
            }
            candidates.setLimits(of: rows, leastIndex: columnIDs[0])
            candidates.setLimits(of: columns, leastIndex: rowIDs[0])
            candidates.take(
                products.products.base, stride: products.stride, rows: rows, columns: columns,
                shared ? .shared : first == second ? .rows : .both)
        }
        for point in 0..<count {
            candidates.cut(point)
            let keys = (0..<count).filter { $0 != point }.map {
                NeighborCandidates.key(distance: distances[point * count + $0], index: Int32($0))
            }
            #expect(candidates.keys(of: point).sorted() == Array(keys.sorted().prefix(10)))
        }
    }

    @Test(arguments: compiled) func bandwidthsEqualThoseInPlainSwift(kernels: KernelPath) {
        for neighbors in [1, 7, 16, 90] {
            let distances = TestData.normal(neighbors, seed: UInt64(neighbors)).map { 5 + $0 * $0 }
            let (fast, plain) = (
                PerplexityCalibration(neighbors: neighbors, kernels: kernels),
                PerplexityCalibration(neighbors: neighbors, kernels: .swift)
            )
            for perplexity in [1.2, 5, 30] {
                let reached = fast.calibrate(distances, perplexity: perplexity)
                #expect(abs(reached - plain.calibrate(distances, perplexity: perplexity)) <= 1e-8 * reached)
                for neighbor in 0..<neighbors {
                    // Both meet the entropy to 1e-10; for the flattest cases that becomes about a thousandfold error in p.
                    let (a, b) = (fast.probabilities[neighbor], plain.probabilities[neighbor])
                    #expect(abs(a - b) <= 1e-7 * b + 1e-300)
                }
            }
        }
    }
}
