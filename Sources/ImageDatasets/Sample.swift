import Foundation
import LabelDistributions

/// One image and what annotators said about it.
public struct Sample: Sendable, Equatable {
    /// The image's file name without its extension; no two samples of a set share it.
    public let id: String
    /// The image's file.
    public let imageURL: URL
    /// 1…5.
    public let fold: Int
    /// Over the set's classes, in their order.
    public let label: LabelDistribution
    /// The number of annotators who chose each class, in class order; nil where only their shares are known.
    public let votes: [Int]?
    /// Of synthetic objects only.
    public let appearance: Appearance?

    /// A sample as it is.
    public init(
        id: String, imageURL: URL, fold: Int, label: LabelDistribution, votes: [Int]? = nil,
        appearance: Appearance? = nil
    ) {
        self.id = id
        self.imageURL = imageURL
        self.fold = fold
        self.label = label
        self.votes = votes
        self.appearance = appearance
    }
}
