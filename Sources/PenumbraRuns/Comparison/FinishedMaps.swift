import Foundation
import TensorFiles

/// The finished maps in a comparison's folder, so that the same command does not make them again (`maps.json`).
struct FinishedMaps {
    struct Record: Codable, Equatable {
        var map: String
        var identity: ProjectionState.Identity
        /// The number of intermediate maps requested.
        var snapshots: Int
        /// The digest of the layout's file, which may have been changed since.
        var digest: String
    }

    private let file: URL

    package init(folder: URL) { file = folder.appendingPathComponent("maps.json") }

    /// The report of `layout`, if it was completed from what `identity` describes and has not changed since; nil if it must be
    /// made.
    func report(of layout: URL, _ identity: ProjectionState.Identity, snapshots: Int) -> LayoutReport? {
        guard let asked = try? record(of: layout, identity, snapshots), records.contains(asked),
            let report = try? LayoutReport.read(LayoutFile.report(of: layout)),
            let points = try? LayoutFile.read(layout)
        else { return nil }
        let hasSnapshots = snapshots == 0 || (try? LayoutSnapshots.read(beside: layout, ids: points.ids)) != nil
        return hasSnapshots ? report : nil
    }

    /// Records a finished layout. Throws `FileReadError` or `FileWriteError`.
    func record(_ layout: URL, _ identity: ProjectionState.Identity, snapshots: Int) throws {
        let made = try record(of: layout, identity, snapshots)
        try JSONText.write(records.filter { $0.map != made.map } + [made], to: file)
    }

    /// Empty if the file cannot be read: every map is then made again.
    private var records: [Record] { (try? JSONText.read([Record].self, from: file)) ?? [] }

    private func record(
        of layout: URL, _ identity: ProjectionState.Identity, _ snapshots: Int
    ) throws -> Record {
        Record(
            map: layout.lastPathComponent, identity: identity, snapshots: snapshots,
            digest: try SHA256Digest.of(file: layout).description)
    }
}
