extension TSNEParameters {
    /// With more degrees of freedom the similarity equals a Gaussian up to single precision.
    static let mostDegreesOfFreedom = 100.0

    /// Checks these parameters against the number of points, before any work is done.
    ///
    /// - Throws: a separate case of `TSNEError` for each possible fault.
    public func validate(count: Int) throws(TSNEError) {
        guard count >= 4 else { throw .tooFewPoints(found: count) }
        guard count <= Self.mostPoints else { throw .tooManyPoints(found: count, most: Self.mostPoints) }
        guard !perplexities.isEmpty else { throw .noPerplexity }
        for perplexity in perplexities {
            guard perplexity > 0 else { throw .perplexityNotPositive(found: "\(perplexity)") }
            guard perplexity < Double(count - 1) else { throw .perplexityTooLarge(found: perplexity, points: count) }
        }
        try validateSpaces()
        guard iterations >= 0 else { throw .negativeIterations(found: iterations) }
        guard earlyExaggerationIterations >= 0 else {
            throw .negativeEarlyExaggerationIterations(found: earlyExaggerationIterations)
        }
        guard earlyExaggeration >= 1, earlyExaggeration.isFinite else {
            throw .earlyExaggerationBelowOne(found: "\(earlyExaggeration)")
        }
        guard lateExaggeration >= 1, lateExaggeration.isFinite else {
            throw .lateExaggerationBelowOne(found: "\(lateExaggeration)")
        }
        if let start = lateExaggerationStart, start < 0 { throw .negativeLateExaggerationStart(found: start) }
        if let most = maxStepNorm, !(most > 0) { throw .maxStepNormNotPositive(found: "\(most)") }
        if let tolerance = repulsionTolerance, !(tolerance >= 0 && tolerance <= 1) {
            throw .repulsionToleranceOutOfRange(found: "\(tolerance)")
        }
        if case .value(let rate) = learningRate, !(rate > 0 && rate.isFinite) {
            throw .learningRateNotPositive(found: "\(rate)")
        }
        if case .barnesHut(let theta) = gradientMethod, !(theta >= 0 && theta <= 1) {
            throw .thetaOutOfRange(found: "\(theta)")
        }
        if case .interpolation(let grid) = gradientMethod { try grid.validate() }
        if case .given(let coordinates) = initialization { try validate(initial: coordinates, count: count) }
    }

    /// Checks the parameters that describe how points lie in both spaces.
    func validateSpaces() throws(TSNEError) {
        guard dimensions == 1 || dimensions == 2 else { throw .dimensionsOutOfRange(found: dimensions) }
        guard degreesOfFreedom > 0, degreesOfFreedom <= Self.mostDegreesOfFreedom else {
            throw .degreesOfFreedomOutOfRange(found: "\(degreesOfFreedom)", most: Self.mostDegreesOfFreedom)
        }
        if case .principalComponents(let number) = reduction, number < 1 {
            throw .noComponents(found: number)
        }
    }

    private func validate(initial coordinates: [Float], count: Int) throws(TSNEError) {
        guard coordinates.count == dimensions * count else {
            throw .wrongInitializationCount(found: coordinates.count, expected: dimensions * count)
        }
        if let bad = coordinates.firstIndex(where: { !$0.isFinite }) {
            throw .nonFiniteInitialization(row: bad / dimensions, axis: bad % dimensions, value: "\(coordinates[bad])")
        }
        if let bad = coordinates.firstIndex(where: { abs($0) >= Self.largestCoordinate }) {
            throw .initializationTooLarge(row: bad / dimensions, axis: bad % dimensions, value: coordinates[bad])
        }
    }
}
