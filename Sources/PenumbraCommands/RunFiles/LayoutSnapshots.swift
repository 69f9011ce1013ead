import Foundation
import TensorFiles

/// Layouts along the way of a projection, as files in a folder beside the last one: what a film of it is made of.
struct LayoutSnapshots {
    /// The folder beside the layout that takes them: for `map.csv`, `map.snapshots`.
    let folder: URL
    private let ids: [String]
    private let iterations: [Int]
    private let digits: Int

    /// `number` layouts at even distances from the beginning; the end is the layout itself.
    init(beside layout: URL, number: Int, ofIterations total: Int, ids: [String]) {
        folder = layout.deletingPathExtension().appendingPathExtension("snapshots")
        self.ids = ids
        iterations = (0..<number).map { $0 * total / number }
        digits = "\(total)".count
    }

    func isDue(at iteration: Int) -> Bool { iterations.contains(iteration) }

    /// The file of an iteration: `0250.csv` among thousands.
    func url(of iteration: Int) -> URL {
        let number = "\(iteration)"
        let name = String(repeating: "0", count: digits - number.count) + number
        return folder.appendingPathComponent(name).appendingPathExtension("csv")
    }

    /// Makes the folder, and removes from it the snapshots of an earlier run from `iteration` on. Throws
    /// `FileWriteError`.
    func prepare(from iteration: Int) throws {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
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
