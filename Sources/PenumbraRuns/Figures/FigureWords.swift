import Figures

/// The words around the panels of a figure.
package struct FigureWords {
    /// Stands above the panels, if anything does.
    package var title: String?
    /// The name that was given to a lone map: its title, where no other is given.
    package var name: String?
    package var caption = Caption.automatic
    /// What the points are; nil for images where the samples are known to be some, otherwise samples.
    package var unit: SampleUnit?

    /// What stands below a figure.
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
