import Numerics

/// Features and a map of them, both measured, and how faithful the map is.
public struct MappedSpace: Sendable {
    /// The features.
    public let features: MeasuredSpace
    /// The map.
    public let map: MeasuredSpace
    /// How well the map preserves the neighbourhoods of the features.
    public let fidelity: MapFidelity

    /// Measures both with one pass over the features' distances.
    ///
    /// - Throws: `FeatureSpaceError.differentSampleCounts` or `differentLabels`.
    /// - Complexity: as `MeasuredSpace`.
    public init(
        features: FeatureSpace, map: FeatureSpace, parameters: MeasureParameters = MeasureParameters(),
        threads: ThreadCount = .available
    ) throws(FeatureSpaceError) {
        try features.checkSameSamples(as: map)
        parameters.check()
        let labels = LabelMatrix(features.labels)
        let mapRows = CenteredRows(map, threads: threads)
        let mapTies = TieOrder(map, seed: parameters.seed)
        let mapNeighbors = DistanceScan(
            mapRows, ties: mapTies, neighbors: min(parameters.neighbors, map.count - 1), threads: threads
        ).neighbors
        let chosen = ChosenPairs(labels, parameters: parameters)
        let featureRows = CenteredRows(features, threads: threads)
        let inFeatures = MeasuredSpace.scan(
            featureRows, ties: TieOrder(features, seed: parameters.seed), labels: labels, chosen: chosen,
            ranksOf: mapNeighbors, parameters: parameters, threads: threads)
        let inMap = MeasuredSpace.scan(
            mapRows, ties: mapTies, labels: labels, chosen: chosen, ranksOf: inFeatures.neighbors,
            parameters: parameters, threads: threads)
        fidelity = MapFidelity(map: inMap, features: inFeatures, parameters: parameters, threads: threads)
        self.features = MeasuredSpace(
            features, rows: featureRows, labels: labels, chosen: chosen, scan: inFeatures, parameters: parameters,
            threads: threads)
        self.map = MeasuredSpace(
            map, rows: mapRows, labels: labels, chosen: chosen, scan: inMap, parameters: parameters, threads: threads)
    }
}
