import Numerics

/// What can be wrong with the features or the parameters passed to t-SNE, and what can stop a run.
public enum TSNEError: Error, Equatable, CustomStringConvertible {
    /// Fewer than four points.
    case tooFewPoints(found: Int)
    /// Points without features.
    case noFeatures
    /// More points than the neighbours' indices can represent.
    case tooManyPoints(found: Int, most: Int)
    /// No perplexity is given.
    case noPerplexity
    /// The perplexity is not a number above 0.
    case perplexityNotPositive(found: String)
    /// The perplexity is not below the number of points minus one.
    case perplexityTooLarge(found: Double, points: Int)
    /// The number of axes is not 1 or 2.
    case dimensionsOutOfRange(found: Int)
    /// The degrees of freedom are not a positive number, or exceed the maximum.
    case degreesOfFreedomOutOfRange(found: String, most: Double)
    /// A reduction to fewer than 1 principal component.
    case noComponents(found: Int)
    /// Fewer than 0 iterations.
    case negativeIterations(found: Int)
    /// The early exaggeration lasts fewer than 0 iterations.
    case negativeEarlyExaggerationIterations(found: Int)
    /// The early exaggeration is not a number of at least 1.
    case earlyExaggerationBelowOne(found: String)
    /// The late exaggeration is not a number of at least 1.
    case lateExaggerationBelowOne(found: String)
    /// The late exaggeration begins before the first iteration.
    case negativeLateExaggerationStart(found: Int)
    /// The longest step is not a number above 0.
    case maxStepNormNotPositive(found: String)
    /// The tolerance of the repulsion is not a number from 0 to 1.
    case repulsionToleranceOutOfRange(found: String)
    /// The number of nodes per interval is below 2 or above 6.
    case nodesPerIntervalOutOfRange(found: Int)
    /// The number of intervals per unit of the layout is not a positive number, or is above 100.
    case intervalsPerUnitOutOfRange(found: String)
    /// The minimum number of intervals is below 2 or above 1,000.
    case leastIntervalsOutOfRange(found: Int)
    /// A state to resume from that does not belong to this number of points.
    case unusableState(points: Int)
    /// The run would need more memory than is available, both in bytes. It would fit with all of the remedies; if there are
    /// none, no known change would help.
    case notEnoughMemory(needed: Int, available: Int, remedies: [MemoryRemedy])
    /// The learning rate is not a number above 0.
    case learningRateNotPositive(found: String)
    /// The Barnes-Hut angle is not a number from 0 to 1.
    case thetaOutOfRange(found: String)
    /// The given initial layout does not hold two coordinates per point.
    case wrongInitializationCount(found: Int, expected: Int)
    /// A coordinate of the given initial layout is NaN or infinite. Row and axis are counted from 0.
    case nonFiniteInitialization(row: Int, axis: Int, value: String)
    /// A coordinate of the given initial layout is too large for squared distances in single precision. Row and axis are
    /// counted from 0.
    case initializationTooLarge(row: Int, axis: Int, value: Float)
    /// The layout left the range of single precision: the learning rate is too large.
    case diverged(iteration: Int)
    /// There are no new points to place in a map.
    case noNewPoints
    /// The map in which points are to be placed is empty.
    case noReferencePoints
    /// The number of features differs between the new points and the map.
    case differentDimensions(reference: Int, new: Int)
    /// The layout does not hold two coordinates for each row of its features.
    case wrongReferenceLayoutCount(found: Int, expected: Int)
    /// A coordinate of the map's layout is NaN or infinite. Row and axis are counted from 0.
    case nonFiniteReferenceLayout(row: Int, axis: Int, value: String)
    /// A coordinate of that layout is too large for squared distances in single precision. Row and axis are counted from 0.
    case referenceLayoutTooLarge(row: Int, axis: Int, value: Float)
    /// The perplexity is not below the number of points of the map.
    case perplexityBeyondReference(found: Double, points: Int)
    /// The exaggeration is not a number of at least 1.
    case exaggerationBelowOne(found: String)
    /// The momentum is not a number from 0 up to, but excluding, 1.
    case momentumOutOfRange(found: String)
    /// The longest gradient is not a number above 0.
    case maxGradientNormNotPositive(found: String)
    /// The caller stopped the run before there was a layout.
    case stoppedBeforeLayout
    /// There was not enough memory for Fourier transforms of this length.
    case noTransformPlan(length: Int)

    /// One sentence: what was found and what was expected, with the position if there is one.
    public var description: String {
        switch self {
        case .tooFewPoints(let found):
            "the features have \(found) rows; t-SNE needs at least 4"
        case .noFeatures:
            "the features have no columns; t-SNE needs at least 1"
        case .tooManyPoints(let found, let most):
            "the features have \(found) rows; the limit is \(most)"
        case .noPerplexity:
            "no perplexity is given; at least one is needed"
        case .perplexityNotPositive(let found):
            "the perplexity is \(found); it must be a number above 0"
        case .perplexityTooLarge(let found, let points):
            "the perplexity is \(found); with \(points) points it must be below \(points - 1)"
        case .dimensionsOutOfRange(let found):
            "the number of axes is \(found); it must be 1 or 2"
        case .degreesOfFreedomOutOfRange(let found, let most):
            "the degrees of freedom are \(found); they must be a number above 0 and at most \(most)"
        case .noComponents(let found):
            "the number of principal components is \(found); it must be at least 1"
        case .negativeIterations(let found):
            "the number of iterations is \(found); it must be at least 0"
        case .negativeEarlyExaggerationIterations(let found):
            "the number of iterations of the early exaggeration is \(found); it must be at least 0"
        case .earlyExaggerationBelowOne(let found):
            "the early exaggeration is \(found); it must be a number of at least 1"
        case .lateExaggerationBelowOne(let found):
            "the late exaggeration is \(found); it must be a number of at least 1"
        case .negativeLateExaggerationStart(let found):
            "the late exaggeration begins at iteration \(found); that must be at least 0"
        case .maxStepNormNotPositive(let found):
            "the longest step is \(found); it must be a number above 0"
        case .repulsionToleranceOutOfRange(let found):
            "the tolerance of the repulsion is \(found); it must be a number from 0 to 1"
        case .nodesPerIntervalOutOfRange(let found):
            "the number of nodes per interval is \(found); it must be from 2 to 6"
        case .intervalsPerUnitOutOfRange(let found):
            "the number of intervals per unit of the layout is \(found); it must be from 0.000001 to 100"
        case .leastIntervalsOutOfRange(let found):
            "the least number of intervals is \(found); it must be from 2 to 1000"
        case .unusableState(let points):
            "the state to resume from does not belong to \(points) points, or is damaged"
        case .notEnoughMemory(let needed, let available, let remedies):
            "the run would take about \(MemoryAmount(needed)) of memory, but only \(MemoryAmount(available)) is available; "
                + (remedies.isEmpty
                    ? "use fewer points"
                    : "it would fit with " + remedies.map(\.description).joined(separator: " and "))
        case .learningRateNotPositive(let found):
            "the learning rate is \(found); it must be a number above 0"
        case .thetaOutOfRange(let found):
            "the Barnes-Hut angle is \(found); it must be a number from 0 to 1"
        case .wrongInitializationCount(let found, let expected):
            "the initial layout holds \(found) numbers; expected \(expected), one per point and axis"
        case .nonFiniteInitialization(let row, let axis, let value):
            "row \(row), axis \(axis) (counted from 0) of the initial layout is \(value); it must be finite"
        case .initializationTooLarge(let row, let axis, let value):
            "row \(row), axis \(axis) (counted from 0) of the initial layout is \(value); it must be below "
                + "\(TSNEParameters.largestCoordinate) in magnitude"
        case .diverged(let iteration):
            "the layout left the range of single precision at iteration \(iteration); the learning rate is too large"
        case .noNewPoints:
            "there are no new points; at least 1 is needed"
        case .noReferencePoints:
            "the map has no points; at least 1 is needed"
        case .differentDimensions(let reference, let new):
            "the new points have \(new) features; expected \(reference), as in the map"
        case .wrongReferenceLayoutCount(let found, let expected):
            "the layout holds \(found) numbers; expected \(expected), two for each row of its features"
        case .nonFiniteReferenceLayout(let row, let axis, let value):
            "row \(row), axis \(axis) (counted from 0) of the layout is \(value); it must be finite"
        case .referenceLayoutTooLarge(let row, let axis, let value):
            "row \(row), axis \(axis) (counted from 0) of the layout is \(value); it must be below "
                + "\(TSNEParameters.largestCoordinate) in magnitude"
        case .perplexityBeyondReference(let found, let points):
            "the perplexity is \(found); in a map of \(points) points it must be below \(points)"
        case .exaggerationBelowOne(let found):
            "the exaggeration is \(found); it must be a number of at least 1"
        case .momentumOutOfRange(let found):
            "the momentum is \(found); it must be a number of at least 0 and below 1"
        case .maxGradientNormNotPositive(let found):
            "the longest gradient is \(found); it must be a number above 0"
        case .stoppedBeforeLayout:
            "the run was stopped before there was a layout"
        case .noTransformPlan(let length):
            "no memory for Fourier transforms of \(length) values; "
                + "the exact and the Barnes-Hut gradient need none"
        }
    }
}
