import ImageDatasets
import LabelDistributions
import NeuralNetwork
import Numerics
import TensorFiles

/// An epoch: its steps, then its validation.
extension TrainingRun {
    func trainEpoch(
        _ loader: ImageBatchLoader, _ watch: (TrainingEvent) -> TrainingDecision
    ) throws -> TrainingDecision {
        if labels.changes { targets = labels.targets(epoch: position.epoch) }
        let batches = ImageBatchLoader.shuffledBatches(
            labels.training, batchSize: parameters.batchSize, seed: parameters.seed, epoch: position.epoch)
        let schedule = parameters.rateSchedule(stepsPerEpoch: batches.count)
        let first = position.epoch * batches.count
        let start = ContinuousClock.now
        var seen = 0
        let prefetcher = BatchPrefetcher(
            loader: loader, batches: batches[position.step...].map(imagesToLoad), epoch: position.epoch,
            threads: threads)
        while true {
            let stepStart = ContinuousClock.now
            guard let images = try prefetcher.next() else { break }
            let batch = batches[position.step]
            network.profile?.add(.data, seconds: stepStart.elapsedSeconds)
            let loss = try trainStep(
                batch, images: images.values, number: first + position.step, schedule, stepsPerEpoch: batches.count)
            network.profile?.endStep(seconds: stepStart.elapsedSeconds, images: batch.count)
            // The first step takes memory for the first time and is not like the others.
            if profiles && network.profile == nil { network.profile = NetworkProfile() }
            seen += batch.count
            position.step += 1
            position.lossSum += loss * Double(batch.count)
            let decision = watch(
                .step(
                    epoch: position.epoch + 1, step: position.step, steps: batches.count, loss: loss,
                    imagesPerSecond: Double(seen) / start.elapsedSeconds))
            let agreed = try processes.any(
                [decision == .stop, lastSave.elapsedSeconds > 600], doing: "asking whether to stop or to save")
            if agreed[0] { return .stop }
            if agreed[1] { try writeState() }
        }
        let rate = parameters.learningRate * schedule.factor(at: first)
        let validated =
            validation.isEmpty
            ? record(learningRate: rate, since: start, [:])
            : try validate(loader, learningRate: rate, since: start, watch)
        guard let record = validated else { return .stop }
        position.history.append(record)
        position.epoch += 1
        position.step = 0
        position.lossSum = 0
        // A state is twice a checkpoint. Where epochs take seconds, a killed run may repeat some of them. But it must not
        // be older than a checkpoint that keeps the best epoch, which later epochs may leave as it is.
        let isNewBest = parameters.keep == .best && keepsLatest
        let isDue = lastSave.elapsedSeconds > 30 || position.epoch == parameters.epochs || isNewBest
        if try processes.any([isDue], doing: "asking whether to save")[0] { try writeState() }
        try writeResults()
        return try processes.agree(watch(.epoch(record)), isPatient: true)
    }

    /// Where the time of the steps so far went, the first left out, with what their convolutions and passes take
    /// alone, which is measured here and takes about as long as six steps. Nil where the run takes no profile or had no second step.
    ///
    /// - Throws: `OneDNNError` where the library fails.
    public func takeProfile() throws -> NetworkProfile? {
        guard let steps = network.profile?.steps, steps > 0 else { return nil }
        try network.measureAlone()
        return network.profile
    }

    /// The images of a batch that this process needs: those of its pieces, or all of them where they are mixed.
    private func imagesToLoad(of batch: [Int]) -> [Int] {
        if parameters.mixup > 0 { return batch }
        return BatchParts.ranges(count: batch.count, parts: position.parts).flatMap { batch[ownImages(of: $0)] }
    }

    /// Those of a part of a batch that are in this process's pieces.
    private func ownImages(of part: Range<Int>) -> Range<Int> {
        let own = network.pieces.ownImages(of: part.count)
        return part.lowerBound + own.lowerBound..<part.lowerBound + own.upperBound
    }

    /// - Parameter loaded: those that `imagesToLoad` says, in its order.
    func trainStep(
        _ batch: [Int], images loaded: [Float], number: Int, _ schedule: RateSchedule, stepsPerEpoch: Int
    ) throws -> Double {
        let mixup = parameters.mixup(of: batch.count, step: number)
        let images = mixup?.mixed(loaded) ?? loaded
        let rows = batch.map { self.targets[$0] }
        let targets = mixup?.mixed(rows) ?? rows
        let factor = schedule.factor(at: number)
        let backbone = parameters.backboneStep(number, stepsPerEpoch: stepsPerEpoch, factor: factor)
        let ranges = BatchParts.ranges(count: batch.count, parts: position.parts)
        let imageCount = network.imageShape.count
        var next = 0
        let stepLoss = parameters.stepLoss(number)
        var loss = 0.0
        for (part, range) in ranges.enumerated() {
            let own = ownImages(of: range)
            if mixup != nil { next = own.lowerBound }
            let values = images[next * imageCount..<(next + own.count) * imageCount]
            next += own.count
            let share = Double(range.count) / Double(batch.count)
            loss +=
                try share
                * network.accumulateGradients(
                    images: values.count == images.count ? images : Array(values),
                    targets: Array(targets[range].joined()), count: range.count, loss: stepLoss,
                    dropout: dropout(part), headOnly: backbone == nil)
            try processes.group?.check()
            guard loss.isFinite else { throw diverged("the loss is \(loss)", step: position.step + 1) }
            if ranges.count > 1 { network.gatherGradients(share: Float(share)) }
        }
        try network.descend(parameters.descentStep(number, factor: factor), backbone: backbone)
        return loss
    }

    /// The random numbers of a part of the present step.
    func dropout(_ part: Int) -> Dropout {
        let (epoch, step) = (UInt64(position.epoch), UInt64(position.step))
        let random =
            part == 0
            ? CounterRandom(seed: parameters.seed, Self.dropoutStream, epoch, step)
            : CounterRandom(seed: parameters.seed, Self.dropoutStream, epoch, step, UInt64(part))
        return Dropout(rate: parameters.dropout, random: random)
    }

    /// Nil where `watch` says stop; the epoch's steps are done all the same.
    func validate(
        _ loader: ImageBatchLoader, learningRate: Double, since start: ContinuousClock.Instant,
        _ watch: (TrainingEvent) -> TrainingDecision
    ) throws -> EpochRecord? {
        // Where each process has normalised its own images, the first one's running statistics are those of the checkpoint.
        if parameters.batchNorm == .local {
            try processes.group?.broadcast(network.runningElements, doing: "sharing running statistics")
        }
        try extractor.load(finiteState(.values))
        let own = processes.share(of: validation.count).map { validation[$0] }
        let extraction = try extractor.extract(
            count: own.count, images: { try loader.batch(Array(own[$0])).values },
            progress: { watch(.validating(done: $0, of: own.count)) == .continue })
        // The processes of faster machines are done long before the others.
        guard try processes.agree(extraction == nil ? .stop : .continue, isPatient: true) == .continue, let extraction
        else {
            return nil
        }
        let probabilities = NumericArray(
            shape: [validation.count, dataset.classes.count],
            values: try processes.gathered(extraction.probabilities.values))
        let predictions = probabilities.rows
        guard predictions.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
            throw diverged("a prediction is not finite", step: position.step)
        }
        let truth = validation.map { dataset.samples[$0].label }
        return record(
            learningRate: learningRate, since: start,
            Dictionary(
                uniqueKeysWithValues: PredictionMeasure.allCases.compactMap { measure in
                    measure.value(predictions: predictions, labels: truth).map { (measure, $0) }
                }))
    }

    /// The present epoch's record.
    private func record(
        learningRate: Double, since start: ContinuousClock.Instant, _ validation: [PredictionMeasure: Double]
    ) -> EpochRecord {
        EpochRecord(
            epoch: position.epoch + 1, loss: position.lossSum / Double(labels.training.count),
            learningRate: learningRate, validation: validation, seconds: start.elapsedSeconds)
    }

    /// Tells dropout's random numbers from others of the same seed ("dropout" in ASCII).
    static let dropoutStream: UInt64 = 0x0064_726F_706F_7574
}

extension NumericArray {
    /// The rows of a matrix.
    fileprivate var rows: [[Double]] {
        (0..<shape[0]).map { row in values[row * shape[1]..<(row + 1) * shape[1]].map(Double.init) }
    }
}
