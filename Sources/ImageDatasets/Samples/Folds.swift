import Numerics

/// Five folds for formats that have none. Slices (`Split`) use 3, 1 and 1 of them, so training, validation and test are 60, 20
/// and 20 % of the images.
enum Folds {
    static let count = 5

    /// A fold, 1…5, for each of the images `ids`, dealt at random but evenly, within each of `classes` (the images' hard
    /// classes) and overall. It depends on the set of ids, their classes and the seed, but not on their order.
    /// - Complexity: O(N log N).
    static func deal(_ ids: [String], classes: [Int], seed: UInt64) -> [Int] {
        precondition(ids.count == classes.count, "one class per image")
        let sorted = ids.indices.sorted { ids[$0].precedesByScalars(ids[$1]) }
        var members: [Int: [Int]] = [:]
        for index in sorted { members[classes[index], default: []].append(index) }
        var folds = [Int](repeating: 0, count: ids.count)
        var position = 0
        for (hardClass, indices) in members.sorted(by: { $0.key < $1.key }) {
            var random = CounterRandom(seed: seed, stream, UInt64(hardClass))
            for place in random.permutation(of: indices.count) {
                folds[indices[place]] = position % count + 1
                position += 1
            }
        }
        return folds
    }

    /// Distinguishes these random numbers from others with the same seed ("folds" in ASCII).
    private static let stream: UInt64 = 0x0066_6F6C_6473
}
