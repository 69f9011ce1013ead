import Figures

/// The text around the panels of a figure.
package struct FigureWords {
    /// The title above the panels, if any.
    package var title: String?
    /// The name given to a single map: its title, unless another is given.
    package var name: String?
    package var caption = Caption.automatic
    /// What the points are; nil for images if the samples are known to be images, otherwise samples.
    package var unit: SampleUnit?

    /// The text below a figure.
    package enum Caption: Equatable {
        /// A caption made from what is known about the maps.
        case automatic
        /// Nothing.
        case hidden
        case text(String)
    }

    package init(
        title: String? = nil, name: String? = nil, caption: Caption = .automatic, unit: SampleUnit? = nil
    ) {
        self.title = title
        self.name = name
        self.caption = caption
        self.unit = unit
    }
}
