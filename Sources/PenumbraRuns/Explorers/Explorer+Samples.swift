import Figures
import ImageDatasets

extension Explorer {
    /// Gives synthetic objects their shapes and colours; does nothing for other samples.
    mutating func show(_ appearances: [Appearance]?) {
        guard let appearances else { return }
        ellipseShares = appearances.map(\.ellipseShare)
        colourings = [
            Colouring(name: "object", colours: appearances.map { Colour(hue: $0.hue) }),
            Colouring(
                name: "shape",
                colours: appearances.map { EllipseShareTone.colour(hue: $0.hue, ellipseShare: $0.ellipseShare) }),
        ]
    }
}

extension Explorer.SampleClass {
    /// The classes of a table, in the colours of the palette; a class of synthetic objects looks like its purest sample.
    static func known(by samples: SampleTable) -> [Explorer.SampleClass] {
        guard let appearances = samples.appearances else { return palette(samples.classes) }
        let labelled = samples.labelsOfSamples.enumerated().filter { $0.element != nil }.map {
            ($0.offset, $0.element!)
        }
        return palette(samples.classes).enumerated().map { index, plain in
            let purest = labelled.max { $0.1.probabilities[index] < $1.1.probabilities[index] }
            guard let (sample, label) = purest, label.hardClass == index else { return plain }
            return Explorer.SampleClass(
                name: plain.name, colour: Colour(hue: appearances[sample].hue),
                ellipseShare: appearances[sample].ellipseShare)
        }
    }
}

/// The neighbours that an explorer shows for each sample.
enum NearestSamples {
    /// The number of neighbours per sample.
    static let count = 10
    /// With more samples the lists would make the page too large, so it uses the nearest on the maps.
    static let mostSamples = 50_000
}
