import Numerics
import Testing

@testable import FeatureSpaces

@Suite struct RankingTests {
    /// Both signs, extreme magnitudes and ties. The oracle is the standard library's sort.
    @Test(arguments: [0, 1, 2, 3_000]) func ordersAsSorting(count: Int) {
        var random = CounterRandom(seed: 23)
        let values = (0..<count).map { index -> Double in
            switch index % 5 {
            case 0: random.normal() * 1e-200
            case 1: random.normal() * 1e200
            case 2: Double(random.index(below: 7)) - 3
            case 3: index % 2 == 0 ? 0 : -0.0
            default: random.normal()
            }
        }
        let ranking = Ranking(values)
        let sorted = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        #expect(ranking.order == sorted.map { Int32($0) })
        let starts = sorted.indices.filter { $0 == 0 || values[sorted[$0]] != values[sorted[$0 - 1]] }
        #expect(ranking.tieStarts == starts.map { Int32($0) } + [Int32(count)])
    }

    /// A weighted Spearman correlation equals the unweighted one of the repeated values, ties included.
    @Test func weightsRepeat() {
        let (first, second) = ([3.0, 1, 1, 2, 5, 2], [1.0, 1, 0, 4, 2, 4])
        let weights = [2.0, 0, 3, 1, 1, 2]
        let places = weights.indices.flatMap { [Int](repeating: $0, count: Int(weights[$0])) }
        let weighted = RankCorrelation(first: Ranking(first), second: Ranking(second)).value(weights: weights)
        let repeated = RankCorrelation(
            first: Ranking(places.map { first[$0] }), second: Ranking(places.map { second[$0] })
        ).value()
        #expect(abs(weighted - repeated) < 1e-14)
        #expect(abs(weighted) > 0.01)
    }

    @Test func constantNumbersHaveNoCorrelation() {
        let (constant, rising) = (Ranking([1, 1, 1]), Ranking([1, 2, 3]))
        #expect(RankCorrelation(first: constant, second: rising).value().isNaN)
        #expect(RankCorrelation(first: rising, second: constant).value().isNaN)
        // All the weight is on one value.
        #expect(RankCorrelation(first: rising, second: rising).value(weights: [0, 3, 0]).isNaN)
        #expect(RankCorrelation(first: rising, second: Ranking([3, 2, 1])).value() == -1)
    }
}
