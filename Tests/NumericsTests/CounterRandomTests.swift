import Testing

@testable import Numerics

@Suite struct CounterRandomTests {
    /// Seeds are a promise: files made with one must come out the same forever.
    @Test func theStreamOfASeedIsFixed() {
        var random = CounterRandom(seed: 42, 1, 2)
        let first = (0..<3).map { _ in random.next() }
        var again = CounterRandom(seed: 42, 1, 2)
        #expect(first == (0..<3).map { _ in again.next() })
        // Computed separately, using SplitMix64's finaliser.
        #expect(first == [0xA1DF47FC36D3344D, 0xB548F4743D9A7454, 0xA25FECA49603C012])
    }

    @Test func streamsDiffer() {
        let paths: [(UInt64, UInt64)] = [(0, 0), (0, 1), (1, 0), (1, 1)]
        let firsts = (0..<50 as Range<UInt64>).flatMap { seed in
            paths.map { path -> UInt64 in
                var random = CounterRandom(seed: seed, path.0, path.1)
                return random.next()
            }
        }
        #expect(Set(firsts).count == firsts.count)
    }

    @Test func momentsOfUniformAndNormal() {
        var random = CounterRandom(seed: 1)
        let count = 100_000
        let uniform = (0..<count).map { _ in random.uniform() }, normal = (0..<count).map { _ in random.normal() }
        #expect(uniform.allSatisfy { (0..<1).contains($0) })
        // Four standard errors of each mean and variance.
        let error = 4 / Double(count).squareRoot()
        #expect(abs(uniform.reduce(0, +) / Double(count) - 0.5) < error * (1 / 12.0).squareRoot())
        #expect(abs(normal.reduce(0, +) / Double(count)) < error)
        let variance: Double = normal.map { $0 * $0 }.reduce(0, +) / Double(count)
        #expect(abs(variance - 1) < error * 2.0.squareRoot())
    }

    @Test func everyPermutationIsOneAndNoneIsPreferred() {
        var counts: [[Int]: Int] = [:]
        for seed in 0..<6000 as Range<UInt64> {
            var random = CounterRandom(seed: seed)
            counts[random.permutation(of: 3), default: 0] += 1
        }
        #expect(counts.count == 6)
        // 1,000 of each are expected, with a standard deviation of 29.
        #expect(counts.values.allSatisfy { abs($0 - 1000) < 150 })
    }
}
