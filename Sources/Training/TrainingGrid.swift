/// Values for some training parameters; every combination is tried.
public struct TrainingGrid: Sendable, Equatable, Codable {
    /// Learning rates; nil for that of the training.
    public var learningRates: [Double]?
    /// Batch sizes; nil for that of the training.
    public var batchSizes: [Int]?
    /// Weight decays; nil for that of the training.
    public var weightDecays: [Double]?
    /// Dropout rates; nil for that of the training.
    public var dropouts: [Double]?

    /// A grid of these values.
    public init(
        learningRates: [Double]? = nil, batchSizes: [Int]? = nil, weightDecays: [Double]? = nil,
        dropouts: [Double]? = nil
    ) {
        self.learningRates = learningRates
        self.batchSizes = batchSizes
        self.weightDecays = weightDecays
        self.dropouts = dropouts
    }

    /// The number of combinations; `Int.max` where it is larger.
    public var count: Int {
        [learningRates?.count, batchSizes?.count, weightDecays?.count, dropouts?.count].compactMap(\.self).reduce(1) {
            let (product, overflow) = $0.multipliedReportingOverflow(by: $1)
            return overflow ? .max : product
        }
    }

    /// `base` with every combination, the learning rate changing slowest and the dropout fastest.
    public func combinations(of base: TrainingParameters) -> [TrainingParameters] {
        var combinations = [base]
        func vary<Value>(_ values: [Value]?, _ path: WritableKeyPath<TrainingParameters, Value>) {
            guard let values else { return }
            combinations = combinations.flatMap { parameters in
                values.map { value in
                    var varied = parameters
                    varied[keyPath: path] = value
                    return varied
                }
            }
        }
        vary(learningRates, \.learningRate)
        vary(batchSizes, \.batchSize)
        vary(weightDecays, \.weightDecay)
        vary(dropouts, \.dropout)
        return combinations
    }
}
