import NeighborEmbedding

extension ProjectionParameters {
    /// Takes over what a map was made with. What was given and differs is an error that names the map's report.
    mutating func adopt(_ map: ProjectionParameters, given: GivenOptions, report path: String) throws(InputError) {
        func text(_ value: Int?) -> String { value.map { "\($0)" } ?? "none" }
        for (option, made, asked) in [
            ("metric", map.metric.rawValue, metric.rawValue), ("pca", text(map.pca), text(pca)),
            ("degrees-of-freedom", "\(map.degreesOfFreedom)", "\(degreesOfFreedom)"),
            ("dimensions", "\(map.dimensions)", "\(dimensions)"),
        ] where given.contains(option) && made != asked {
            throw .unusable(path: path, problem: "the map was made with --\(option) \(made), \(asked) asked for")
        }
        (metric, pca) = (map.metric, map.pca)
        (degreesOfFreedom, dimensions) = (map.degreesOfFreedom, map.dimensions)
        if !given.contains("seed") { seed = map.seed }
    }

    /// What says how the map's points lie in both spaces.
    var spaces: TSNEParameters {
        var parameters = TSNEParameters()
        parameters.metric = metric
        parameters.reduction = pca.map { .principalComponents($0) } ?? .none
        parameters.degreesOfFreedom = degreesOfFreedom
        parameters.dimensions = dimensions
        parameters.seed = seed
        return parameters
    }

    /// The parameters of a placement. Throws `InputError.notForPlacement` where there is none such.
    func placement() throws(InputError) -> TransformParameters {
        var parameters = TransformParameters()
        parameters.perplexities = perplexity.values
        parameters.iterations = maxIter
        parameters.earlyExaggeration = earlyExaggeration
        parameters.earlyExaggerationIterations = earlyExaggerationIter
        parameters.exaggeration = lateExaggeration
        parameters.maxStepNorm = maxStepNorm
        guard case .value(let rate) = learningRate else {
            throw .notForPlacement(option: "learning-rate", found: "auto", expected: "a number")
        }
        parameters.learningRate = rate
        guard let start = TransformParameters.Initialization(rawValue: initialization) else {
            throw .notForPlacement(option: "init", found: initialization, expected: "median, weighted or random")
        }
        parameters.initialization = start
        switch method {
        case .automatic: parameters.repulsion = .automatic
        case .exact: parameters.repulsion = .exact
        case .barnesHut:
            throw .notForPlacement(
                option: "method", found: method.rawValue, expected: "auto, exact or interpolation")
        case .interpolation:
            parameters.repulsion = .interpolation(
                InterpolationGrid(
                    nodesPerInterval: nodesPerInterval, intervalsPerUnit: intervalsPerUnit,
                    leastIntervals: leastIntervals))
        }
        return parameters
    }
}
