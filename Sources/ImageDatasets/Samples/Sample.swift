import Foundation
import LabelDistributions

/// One image and its labels from annotators.
public struct Sample: Sendable, Equatable {
    /// Unique within a set. Usually the image's file name without its extension; each reader documents what it uses.
    public let id: String
    /// The image's file, or the file of many images that contains it.
    public let imageURL: URL
    /// Where the pixels are in a file of many images; nil for an image file.
    public let record: ImageRecord?
    /// 1…5.
    public let fold: Int
    /// What the sample is used for under any split, if the data set defines it; nil if the fold decides.
    public let subset: Subset?
    /// Over the set's classes, in order.
    public let label: LabelDistribution
    /// The number of annotators who chose each class, in class order; nil if only the shares are known.
    public let votes: [Int]?
    /// Only for synthetic objects.
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

/// Where an image is in a file of many, uncompressed: the red, green and blue planes one after another, 8 bits per pixel, rows
/// from the top.
public struct ImageRecord: Sendable, Equatable {
    /// The offset of the red plane's first byte in the file.
    public let offset: Int
    /// In pixels.
    public let width: Int
    /// In pixels.
    public let height: Int

    /// Traps unless the image has at least one pixel and the offset is not negative.
    public init(offset: Int, width: Int, height: Int) {
        precondition(offset >= 0 && width > 0 && height > 0, "an image with a pixel, in a file")
        self.offset = offset
        self.width = width
        self.height = height
    }
}
