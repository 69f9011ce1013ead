import Numerics

extension LabelDistribution {
    /// A class drawn with the distribution's probabilities. A class without probability is never drawn.
    public func drawnClass(_ random: CounterRandom) -> Int {
        var random = random
        return drawnClass(&random)
    }

    /// The label of an image when only `count` of its annotators are heard.
    ///
    /// - Parameters:
    ///   - count: how many, at least 1. With `votes`, at most as many as there are, and none is heard twice; without
    ///     `votes`, each is drawn from the distribution.
    ///   - votes: the votes for each class, in class order, where known; at least one in total.
    ///   - random: the first n votes of its stream are the same for every count of at least n.
    /// - Complexity: O(count · K).
    public func heard(_ count: Int, votes: [Int]?, random: CounterRandom) -> LabelDistribution {
        precondition(count >= 1, "\(count) annotators")
        var random = random
        var heard = [Int](repeating: 0, count: classCount)
        if var left = votes {
            precondition(left.count == classCount, "votes for \(left.count) of \(classCount) classes")
            var total = left.reduce(0, +)
            precondition(total >= 1, "nobody voted")
            for _ in 0..<min(count, total) {
                var place = random.index(below: total)
                let drawn = left.firstIndex {
                    place -= $0
                    return place < 0
                }!
                left[drawn] -= 1
                total -= 1
                heard[drawn] += 1
            }
        } else {
            for _ in 0..<count { heard[drawnClass(&random)] += 1 }
        }
        let sum = Double(heard.reduce(0, +))
        return LabelDistribution(unchecked: heard.map { Double($0) / sum })
    }

    private func drawnClass(_ random: inout CounterRandom) -> Int {
        // Probabilities sum to 1 only within a tolerance: the place is taken within their own sum.
        var place = random.uniform() * probabilities.reduce(0, +)
        var last = hardClass
        for (index, probability) in probabilities.enumerated() where probability > 0 {
            place -= probability
            last = index
            if place < 0 { break }
        }
        return last
    }
}
