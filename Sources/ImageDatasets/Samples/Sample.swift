import Foundation
import LabelDistributions

/// One image and what annotators said about it.
public struct Sample: Sendable, Equatable {
    /// No two samples of a set share it. As a rule the image's file name without its extension; each reader says what it
    /// takes.
    public let id: String
    /// The image's file, or that of many images.
    public let imageURL: URL
    /// Where the pixels lie in a file of many images; nil for an image file.
    public let record: ImageRecord?
    /// 1…5.
    public let fold: Int
    /// What the sample is used for under any split, where the data set says so; nil where the fold decides.
    public let subset: Subset?
    /// Over the set's classes, in their order.
    public let label: LabelDistribution
    /// The number of annotators who chose each class, in class order; nil where only their shares are known.
    public let votes: [Int]?
    /// Of synthetic objects only.
    public let appearance: Appearance?

    /// A sample as it is.
    public init(
        id: String, imageURL: URL, record: ImageRecord? = nil, fold: Int, subset: Subset? = nil,
        label: LabelDistribution, votes: [Int]? = nil, appearance: Appearance? = nil
    ) {
        self.id = id
        self.imageURL = imageURL
        self.record = record
        self.fold = fold
        self.subset = subset
        self.label = label
        self.votes = votes
        self.appearance = appearance
    }
}
