import Numerics

extension MeasuredSpace {
    /// The measurements of a space, without the space itself: for a file from which a comparison can resume.
    public struct Findings: Sendable, Codable {
        let measures: SpaceMeasures
        let labelMisfit: [Double]
        let neighbors: [Int32]
        let selfContributions: [Double]
        /// The values in the bootstrap's replicates; NaN if a replicate has none.
        let replicates: [SpaceMeasure: [Double]]

        /// Whether measuring `space` with `parameters` could have produced this: the counts match, and every neighbour is a
        /// sample. A file can contain anything.
        /// - Complexity: O(N k).
        func fit(_ space: FeatureSpace, _ parameters: MeasureParameters) -> Bool {
            let count = space.count
            return measures.count == count && measures.dimension == space.dimension
                && measures.classCount == space.classCount
                && measures.neighbors == min(parameters.neighbors, count - 1)
                && measures.copiedSamples != nil && measures.mostCopies != nil
                && labelMisfit.count == (count > 1 ? count : 0) && selfContributions.count == count
                && neighbors.count == count * measures.neighbors
                && neighbors.allSatisfy { $0 >= 0 && Int($0) < count }
                && Set(replicates.keys) == Set(SpaceMeasure.allCases)
                && replicates.values.allSatisfy { $0.count == parameters.bootstraps }
        }
    }

    /// The findings, to be stored.
    public var findings: Findings {
        Findings(
            measures: measures, labelMisfit: labelMisfit, neighbors: neighbors.indices,
            selfContributions: selfContributions,
            replicates: replicates)
    }

    /// The space with earlier findings for it under `parameters`; nil if they cannot belong to such a space.
    /// - Complexity: O(N k).
    public init?(_ space: FeatureSpace, parameters: MeasureParameters, findings: Findings) {
        guard findings.fit(space, parameters) else { return nil }
        self.space = space
        self.parameters = parameters
        measures = findings.measures
        labelMisfit = findings.labelMisfit
        neighbors = NeighborLists(
            count: space.count, neighborsPerSample: findings.measures.neighbors, indices: findings.neighbors)
        selfContributions = findings.selfContributions
        replicates = findings.replicates
    }
}

extension MappedSpace {
    /// The findings for features and map.
    public struct Findings: Sendable, Codable {
        let features: MeasuredSpace.Findings
        let map: MeasuredSpace.Findings
        let fidelity: MapFidelity
    }

    /// The findings, to be stored.
    public var findings: Findings {
        Findings(features: features.findings, map: map.findings, fidelity: fidelity)
    }

    /// Both spaces with earlier findings for them under `parameters`; nil if they cannot belong to such spaces.
    /// - Complexity: O(N k).
    public init?(features: FeatureSpace, map: FeatureSpace, parameters: MeasureParameters, findings: Findings) {
        guard let inFeatures = MeasuredSpace(features, parameters: parameters, findings: findings.features),
            let inMap = MeasuredSpace(map, parameters: parameters, findings: findings.map)
        else { return nil }
        self.features = inFeatures
        self.map = inMap
        fidelity = findings.fidelity
    }
}
