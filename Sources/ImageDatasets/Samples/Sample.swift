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

/// Where an image lies in a file of many, uncompressed: the planes of red, green and blue one after the other, 8 bits a
/// pixel, rows from the top.
public struct ImageRecord: Sendable, Equatable {
    /// Of the red plane's first byte in the file.
    public let offset: Int
    /// In pixels.
    public let width: Int
    /// In pixels.
    public let height: Int

    /// Traps unless the image has a pixel and lies in a file.
    public init(offset: Int, width: Int, height: Int) {
        precondition(offset >= 0 && width > 0 && height > 0, "an image with a pixel, in a file")
        self.offset = offset
        self.width = width
        self.height = height
    }
}
