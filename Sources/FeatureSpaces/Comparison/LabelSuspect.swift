/// A sample whose label disagrees with those of its neighbours, and a possible reason.
public struct LabelSuspect: Sendable, Equatable {
    /// Why a label may disagree.
    public enum Suspicion: String, Sendable, Codable {
        /// The neighbours agree on a class other than the label's, with at least half of their votes.
        case mislabelled
        /// They agree on no class, or on the label's.
        case ambiguous
    }

    /// The index of the sample in the spaces.
    public let sample: Int
    /// The Jensen-Shannon divergence between its label and its neighbours' mean, in nats: the smallest over the spaces, so all
    /// of them must disagree.
    public let disagreement: Double
    /// The majority class of the neighbours' labels, over all spaces.
    public let neighborClass: Int
    /// The share of that class in these labels.
    public let neighborShare: Double
    /// A possible reason for the disagreement.
    public let suspicion: Suspicion

    /// All samples, of spaces that share them, by descending disagreement; empty without neighbours.
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
                sample: sample, disagreement: spaces.map { $0.labelMisfit[sample] }.min()!,
                neighborClass: neighborClass,
                neighborShare: share,
                suspicion: neighborClass != labels[sample].hardClass && share >= 0.5 ? .mislabelled : .ambiguous)
        }
        return suspects.sorted { (-$0.disagreement, $0.sample) < (-$1.disagreement, $1.sample) }
    }
}
