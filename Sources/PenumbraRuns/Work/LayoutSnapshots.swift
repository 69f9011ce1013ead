import Foundation
import TensorFiles

/// Intermediate maps of a projection, as files in a folder beside the final one: the frames of its film.
struct LayoutSnapshots {
    /// The folder beside the layout that holds them: for `map.csv`, `map.snapshots`.
    let folder: URL
    private let ids: [String]
    private let iterations: [Int]
    private let digits: Int

    /// `number` evenly spaced layouts from the beginning; the final layout is not among them.
    package init(beside layout: URL, number: Int, ofIterations total: Int, ids: [String]) {
        folder = Self.folder(beside: layout)
        self.ids = ids
        iterations = (0..<number).map { $0 * total / number }
        digits = "\(total)".count
    }

    /// The folder that belongs to a layout.
    static func folder(beside layout: URL) -> URL {
        layout.deletingPathExtension().appendingPathExtension("snapshots")
    }

    /// The snapshots beside a layout of the samples `ids`, in the order of their iterations, and those of one iteration in the
    /// order of their names. Throws `InputError` if there are none, or if they are of other samples, and what reading them throws.
    static func read(beside layout: URL, ids: SampleIDs) throws -> [(iteration: Int, coordinates: [Float])] {
        let folder = folder(beside: layout)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let iterations = names.compactMap { name in
            name.hasSuffix(".csv") ? Int(name.dropLast(4)).map { (iteration: $0, name: name) } : nil
        }
        if iterations.isEmpty {
            throw InputError.unusable(
                path: folder.path,
                problem: "found no snapshots of its layout; 'penumbra project' writes them with --snapshots")
        }
        return try iterations.sorted { ($0.iteration, $0.name) < ($1.iteration, $1.name) }.map { iteration, name in
            let file = try LayoutFile.read(folder.appendingPathComponent(name))
            try ids.requireSame(as: file.ids)
            return (iteration, file.coordinates)
        }
    }

    func isDue(at iteration: Int) -> Bool { iterations.contains(iteration) }

    /// The file of an iteration: `0250.csv` if there are thousands.
    func url(of iteration: Int) -> URL {
        let number = "\(iteration)"
        let name = String(repeating: "0", count: digits - number.count) + number
        return folder.appendingPathComponent(name).appendingPathExtension("csv")
    }

    /// Creates the folder, and removes from it an earlier run's snapshots from `iteration` on. Throws `FileWriteError`.
    func prepare(from iteration: Int) throws {
        do {
            try OutputFolder.create(folder)
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                guard name.hasSuffix(".csv"), let number = Int(name.dropLast(4)), number >= 0 else { continue }
                if number < iteration && isDue(at: number) && name == url(of: number).lastPathComponent { continue }
                try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
            }
        } catch {
            throw FileWriteError(path: folder.path, doing: "making a folder for snapshots", errno: errno)
        }
    }

    /// Writes the layout of an iteration. Throws `FileWriteError`.
    func write(_ coordinates: [Float], at iteration: Int) throws {
        try LayoutFile.write(ids: ids, coordinates: coordinates, to: url(of: iteration))
    }
}
