import ArgumentParser
import NeighborEmbedding

extension ProjectCommand {
    /// Places the features in a map. What was not given is as in `TransformParameters`, or as the map was made.
    func place(into map: PlacementOptions.Map) throws {
        let defaults = TransformParameters()
        let given = GivenOptions.current
        func value<Value>(_ name: String, _ value: Value, else fallback: Value) -> Value {
            given.contains(name) ? value : fallback
        }
        var parameters = ProjectionParameters()
        parameters.method = forces.method
        parameters.intervalsPerUnit = forces.intervalsPerUnit
        parameters.nodesPerInterval = forces.nodesPerInterval
        parameters.leastIntervals = forces.leastIntervals
        parameters.neighbors = .exact
        parameters.perplexity = value(
            "perplexity", affinities.perplexity, else: ProjectionParameters.Perplexities(defaults.perplexities))
        parameters.maxIter = value("max-iter", descent.maxIter, else: defaults.iterations)
        parameters.learningRate = value(
            "learning-rate", descent.learningRate, else: .value(defaults.learningRate))
        parameters.earlyExaggeration = value(
            "early-exaggeration", descent.earlyExaggeration, else: defaults.earlyExaggeration)
        parameters.earlyExaggerationIter = value(
            "early-exaggeration-iter", descent.earlyExaggerationIter, else: defaults.earlyExaggerationIterations)
        parameters.lateExaggeration = value(
            "late-exaggeration", descent.lateExaggeration, else: defaults.exaggeration)
        parameters.maxStepNorm = descent.maxStepNorm
        parameters.repulsionTolerance = 0
        parameters.initialization = value("init", descent.`init`, else: defaults.initialization.rawValue)
        parameters.metric = affinities.metric
        parameters.pca = affinities.pca
        parameters.degreesOfFreedom = forces.degreesOfFreedom
        parameters.dimensions = descent.dimensions
        parameters.seed = seeds.seed
        let report = try Placement(
            features: features, idsFile: ids, array: array, map: map, parameters: parameters, given: given, out: out
        ).run(threads: threads.count, title: "project", progress: speech.progress, note: speech.note)
        let perplexity = report.layout.perplexity.map { Decimals.fixed($0.mean, 3) }.joined(separator: ", ")
        try speech.report(
            report,
            [
                "\(report.layout.points) points of \(report.layout.dimension) features, placed in "
                    + "\(map.layout.path), in \(out.path)",
                "KL \(Decimals.fixed(report.layout.klDivergence, 4)) a point after \(report.layout.iterations) "
                    + "iterations (\(report.layout.method)), perplexity \(perplexity)",
            ])
    }
}
