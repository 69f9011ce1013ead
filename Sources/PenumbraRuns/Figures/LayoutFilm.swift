import Figures
import Foundation
import TerminalProgress

/// The film of a figure: each map at stages of its projection, then the final map.
package struct LayoutFilm {
    /// The layouts of the figure's maps after the same number of iterations.
    struct Frame {
        var iteration: Int
        /// One per map.
        var coordinates: [[Float]]
    }

    let figure: LayoutFigure
    let frames: [Frame]

    /// The default resolution of a film in pixels per inch: about 970 pixels across a page.
    package static let dotsPerInch = 144.0

    /// Reads the snapshots beside each of `layouts`, which `figure` draws in the same order.
    ///
    /// Throws `InputError` if there are none, if their iterations differ from those next to the first layout, or if they are of
    /// other samples; and what reading them throws.
    package init(_ figure: LayoutFigure, layouts: [URL]) throws {
        self.figure = figure
        var frames: [Frame] = []
        for (index, layout) in layouts.enumerated() {
            let snapshots = try LayoutSnapshots.read(beside: layout, ids: figure.maps[index].layout.ids)
            if index == 0 {
                frames = snapshots.map { Frame(iteration: $0.iteration, coordinates: []) }
            } else if snapshots.map(\.iteration) != frames.map(\.iteration) {
                func list(_ iterations: [Int]) -> String { iterations.map(Decimals.grouped).joined(separator: "; ") }
                throw InputError.unusable(
                    path: LayoutSnapshots.folder(beside: layout).path,
                    problem: "the iterations of its snapshots are \(list(snapshots.map(\.iteration))); expected "
                        + "those next to the first layout: \(list(frames.map(\.iteration)))")
            }
            for (frame, snapshot) in snapshots.enumerated() { frames[frame].coordinates.append(snapshot.coordinates) }
        }
        let end = figure.maps.compactMap { $0.report?.iterations }.max() ?? frames.last!.iteration
        frames.append(Frame(iteration: end, coordinates: figure.maps.map(\.layout.coordinates)))
        self.frames = frames
    }

    /// Draws and writes the film. Throws `Interruption`, and as `LayoutFigure.figure` and `Film.write` do.
    package func write(to url: URL, _ table: SampleTable, columns: SampleColumns?, progress: ProgressOutput) throws {
        let display = ProgressDisplay("film", total: frames.count, unit: "frames", to: progress)
        var drawn = 0
        try Film(count: frames.count).write(to: url) { index in
            try Interruption.check(kept: "no film was written")
            let frame = frames[index]
            var moment = figure
            for map in moment.maps.indices {
                moment.maps[map].layout = LayoutFile(
                    ids: figure.maps[map].layout.ids, coordinates: frame.coordinates[map])
            }
            var drawing = try moment.figure(table, columns: columns)
            // At the end, so that the words before it do not move.
            drawing.caption = [drawing.caption, "Iteration \(Decimals.grouped(frame.iteration))."]
                .compactMap(\.self).joined(separator: " ")
            display.update(min(drawn, frames.count))
            drawn += 1
            return drawing
        }
        display.update(frames.count)
        display.end()
    }
}
