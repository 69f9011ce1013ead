import Numerics

/// Some pairs of samples, grouped by the first of each pair, so that a pass over rows finds the pairs of its row.
struct SamplePairs: Sendable {
    /// Where the pairs with each sample as the first begin in `seconds`; the last entry is their count.
    let starts: [Int32]
    /// The other sample of each pair.
    let seconds: [Int32]

    /// The number of pairs.
    var count: Int { seconds.count }

    /// The range in `seconds` of the pairs with this first sample.
    func range(of first: Int) -> Range<Int> { Int(starts[first])..<Int(starts[first + 1]) }

    /// Each sample paired with each later one.
    init(allOf samples: [Int], count: Int) {
        var later = [[Int32]](repeating: [], count: count)
        for (place, first) in samples.enumerated() { later[first] = samples[(place + 1)...].map { Int32($0) } }
        self.init(seconds: later)
    }

    /// All pairs of `count` samples if there are at most `most`, otherwise `most` random ones, each equally likely.
    init(of count: Int, most: Int, random: inout CounterRandom) {
        if count * (count - 1) / 2 <= most {
            self.init(allOf: Array(0..<count), count: count)
            return
        }
        var seconds = [[Int32]](repeating: [], count: count)
        for _ in 0..<most {
            let (first, second) = (random.index(below: count), random.index(below: count - 1))
            seconds[first].append(Int32(second < first ? second : second + 1))
        }
        self.init(seconds: seconds)
    }

    /// The same for pairs of samples of one class.
    init(withinClasses classes: [Int32], classCount: Int, most: Int, random: inout CounterRandom) {
        var members = [[Int]](repeating: [], count: classCount)
        for (sample, hardClass) in classes.enumerated() { members[Int(hardClass)].append(sample) }
        // For each class, the number of pairs in the classes before it; the last entry is the number of all pairs.
        let before = members.reduce(into: [0]) { $0.append($0.last! + $1.count * ($1.count - 1) / 2) }
        var seconds = [[Int32]](repeating: [], count: classes.count)
        if before.last! <= most {
            for group in members {
                for (place, first) in group.enumerated() { seconds[first] = group[(place + 1)...].map { Int32($0) } }
            }
        } else {
            for _ in 0..<most {
                let pair = random.index(below: before.last!)
                let group = members[before.lastIndex { $0 <= pair }!]
                let (first, second) = (random.index(below: group.count), random.index(below: group.count - 1))
                seconds[group[first]].append(Int32(group[second < first ? second : second + 1]))
            }
        }
        self.init(seconds: seconds)
    }

    private init(seconds: [[Int32]]) {
        starts = seconds.reduce(into: [0]) { $0.append($0.last! + Int32($1.count)) }
        self.seconds = seconds.flatMap(\.self)
    }

    /// The first sample of each pair.
    var firsts: [Int32] {
        (0..<starts.count - 1).flatMap { [Int32](repeating: Int32($0), count: range(of: $0).count) }
    }
}
