import Foundation
import NeighborEmbedding
import TensorFiles

/// An unfinished projection, on disk beside the layout that it will produce.
///
/// The arrays are tensors. Since tensors are read as single precision, `order` has two rows: each number's bits above the
/// lowest 16, and those 16. The rest is JSON in the metadata.
package struct ProjectionState {
    /// What a run was started with; it distinguishes the states of other runs.
    struct Identity: Codable, Equatable {
        var version = PenumbraVersion.current
        var featuresDigest: String
        /// The array that was read, from a file that may hold several.
        var array: String?
        /// What was read from a table.
        var columns: FeatureChoice?
        /// The digest of the initial layout's file, if there is one.
        var initializationDigest: String?
        var instructionSet: String
        var parameters: ProjectionParameters
    }

    private struct Position: Codable {
        var iteration: Int
        var normalization: Double
        var drift: Double
        var repulsionEvaluations: Int
        var sums: [Double]
        var klTrace: [Layout.TracePoint]
        var convergence: DescentState.Convergence
    }

    var identity: Identity
    var descent: DescentState

    /// The state file of a layout's run: the file with the same name ending in `.state.safetensors`.
    package static func url(of layout: URL) -> URL {
        layout.deletingPathExtension().appendingPathExtension("state.safetensors")
    }

    /// Throws `FileWriteError`.
    func write(to url: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        func json(_ value: some Encodable) throws -> String {
            String(decoding: try encoder.encode(value), as: UTF8.self)
        }
        let position = Position(
            iteration: descent.iteration, normalization: descent.normalization, drift: descent.drift,
            repulsionEvaluations: descent.repulsionEvaluations, sums: descent.sums, klTrace: descent.klTrace,
            convergence: descent.convergence)
        var file = SafetensorsFile(metadata: [
            "penumbra.identity": try json(identity), "penumbra.position": try json(position),
        ])
        let halves = descent.order.map { Float($0 >> 16) } + descent.order.map { Float($0 & 0xFFFF) }
        for (name, values) in [
            ("order", halves), ("points", descent.points), ("velocity", descent.velocity), ("gain", descent.gain),
            ("repulsion", descent.repulsion),
        ] {
            file.append(name, NumericArray(shape: [2, values.count / 2], values: values))
        }
        try file.write(to: url)
    }

    /// Reads the state of a run of `count` points, or returns what is wrong with the file, phrased to follow its path.
    static func read(_ url: URL, of identity: Identity, count: Int) -> Result<ProjectionState, Unusable> {
        guard let file = try? SafetensorsFile.read(url),
            let found = decode(Identity.self, file, "penumbra.identity"),
            let position = decode(Position.self, file, "penumbra.position")
        else { return .failure(Unusable(reason: "cannot be read")) }
        guard found == identity else {
            return .failure(Unusable(reason: "belongs to a run with other features or options"))
        }
        let arrays = ["order", "points", "velocity", "gain", "repulsion"].compactMap { file[$0]?.values }
        guard arrays.count == 5, arrays.allSatisfy({ $0.count == 2 * count }) else {
            return .failure(Unusable(reason: "is incomplete"))
        }
        let order = (0..<count).map { index -> Int32? in
            let (high, low) = (Int32(exactly: arrays[0][index]), UInt16(exactly: arrays[0][count + index]))
            guard let high, let low, (0...0x7FFF).contains(high) else { return nil }
            return high << 16 | Int32(low)
        }
        let descent = DescentState(
            iteration: position.iteration, order: order.map { $0 ?? -1 }, points: arrays[1], velocity: arrays[2],
            gain: arrays[3], repulsion: arrays[4], normalization: position.normalization, drift: position.drift,
            repulsionEvaluations: position.repulsionEvaluations, sums: position.sums, klTrace: position.klTrace,
            convergence: position.convergence)
        if let problem = descent.problem(count: count) { return .failure(Unusable(reason: "is wrong: \(problem)")) }
        return .success(ProjectionState(identity: identity, descent: descent))
    }

    /// Why a state cannot be resumed.
    struct Unusable: Error, Equatable {
        let reason: String
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ file: SafetensorsFile, _ key: String) -> Value? {
        file.metadata[key].flatMap { try? ForeignJSON.decode(type, from: Array($0.utf8)) }
    }
}
