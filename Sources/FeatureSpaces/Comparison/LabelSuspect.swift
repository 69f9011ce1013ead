/// A sample whose label disagrees with those of its neighbours, and what that may come from.
public struct LabelSuspect: Sendable, Equatable {
    /// Why a label may disagree.
    public enum Suspicion: String, Sendable, Codable {
        /// The neighbours agree on another class than the label's: at least half of their votes.
        case mislabelled
        /// They agree on none, or on the label's.
        case ambiguous
    }

    /// In the order of the spaces.
    public let sample: Int
    /// The Jensen-Shannon divergence between its label and its neighbours' mean, in nats: the smallest over the spaces,
    /// so that all of them have to disagree.
    public let disagreement: Double
    /// The most likely class of the neighbours' labels, over all spaces.
    public let neighborClass: Int
    /// Its share of these labels.
    public let neighborShare: Double
    /// What the disagreement may come from.
    public let suspicion: Suspicion

    /// All samples of spaces of the same samples, the largest disagreement first; empty without neighbours.
    /// - Complexity: O(N (k K + log N)).
    public static func ranked(_ spaces: [MeasuredSpace]) -> [LabelSuspect] {
        guard let first = spaces.first, first.measures.neighbors > 0 else { return [] }
        let labels = first.space.labels
        let suspects = labels.indices.map { sample in
            var shares = [Double](repeating: 0, count: first.space.classCount)
            var number = 0
            for space in spaces {
                for neighbor in space.neighbors[sample] {
                    for (index, share) in labels[Int(neighbor)].probabilities.enumerated() { shares[index] += share }
                    number += 1
                }
            }
            let largest = shares.max()!
            let neighborClass = shares.firstIndex(of: largest)!
            let share = largest / Double(number)
            return LabelSuspect(
                sample: sample, disagreement: spaces.map { $0.labelFit[sample] }.min()!, neighborClass: neighborClass,
                neighborShare: share,
                suspicion: neighborClass != labels[sample].hardClass && share >= 0.5 ? .mislabelled : .ambiguous)
        }
        return suspects.sorted { (-$0.disagreement, $0.sample) < (-$1.disagreement, $1.sample) }
    }
}
