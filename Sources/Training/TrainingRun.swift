import Backbones
import Numerics
import Foundation
import ImageDatasets
import LabelDistributions
import NeuralNetwork
import TensorFiles

/// Trains a network on a split of a data set, in a folder of its own.
///
/// The folder gets `checkpoint.safetensors` and `history.csv` after every epoch, and `resume.safetensors`, which holds all
/// that a later run needs to go on, after an epoch (but not more than twice a minute), every ten minutes and when the run
/// is stopped. The same
/// parameters, data and number of threads give the same checkpoint, to the byte, however often the run was interrupted.
public final class TrainingRun {
    private let dataset: Dataset
    private let parameters: TrainingParameters
    private let checkpointURL: URL
    private let stateURL: URL
    private let historyURL: URL
    private let network: Network
    private let extractor: FeatureExtractor
    private let threads: ThreadCount
    private let labels: TrainingLabels
    private let validation: [Int]
    /// Of each sample in the present epoch.
    private var targets: [[Float]]
    private let identity: TrainingState.Identity
    private var position: TrainingState.Position
    private let isFresh: Bool
    private let folder: URL
    private var lastSave = ContinuousClock.now
    /// What was taken from pretrained weights.
    private var match: CheckpointMatch?
    private let profiles: Bool

    /// Plans the network and takes up what an interrupted run has left in `folder`.
    ///
    /// - Parameters:
    ///   - fresh: starts again even where there is something to resume.
    ///   - pretrained: the weights to start from, where they are not to start anew; the classifier's may be missing or
    ///     of another shape.
    ///   - allowsMissing: whether other tensors of theirs may be, which then start anew.
    ///   - recomputes: whether inner maps are made again in the backward pass rather than kept, which takes less memory
    ///     and more time and gives the same bytes.
    ///   - profiles: whether steps are timed from the second on; see `takeProfile`.
    /// - Throws: `TrainingError` where a parameter is out of range, a subset is empty or the folder belongs to another
    ///   run; `PrecisionError` where the processor lacks the precision; what reading the images, the state or the checkpoint throws.
    public init(
        dataset: Dataset, parameters: TrainingParameters, folder: URL, threads: ThreadCount, fresh: Bool = false,
        pretrained: URL? = nil, allowsMissing: Bool = false, recomputes: Bool = false, profiles: Bool = false
    ) throws {
        var parameters = parameters
        parameters.pretrained = try pretrained.map { try SHA256Digest.of(file: $0).description }
        try parameters.validate()
        self.dataset = dataset
        self.parameters = parameters
        self.threads = threads
        self.folder = folder
        self.profiles = profiles
        isFresh = fresh
        position = TrainingState.Position(threads: threads.count)
        checkpointURL = folder.appending(path: "checkpoint.safetensors")
        stateURL = folder.appending(path: "resume.safetensors")
        historyURL = folder.appending(path: "history.csv")

        let split = try Split(slice: parameters.split)
        let training = split.indices(of: .train, in: dataset)
        validation = split.indices(of: .validation, in: dataset)
        if training.isEmpty { throw TrainingError.emptySubset(name: "training", split: parameters.split) }
        if validation.isEmpty { throw TrainingError.emptySubset(name: "validation", split: parameters.split) }
        labels = try TrainingLabels(dataset, training: training, parameters: parameters)
        targets = labels.targets(epoch: 0)
        identity = TrainingState.Identity(
            parameters: parameters, data: Self.digest(dataset, training: labels.training, validation: validation))

        var state: TrainingState?
        if !fresh, FileManager.default.fileExists(atPath: stateURL.path) {
            state = try TrainingState.read(stateURL)
            try state?.check(identity, path: stateURL.path)
        }
        let backbone = parameters.architecture.backbone(classes: dataset.classes.count, head: parameters.head)
        let imageSize = parameters.imageSize, precision = parameters.precision
        (network, position.parts) = try BatchParts.fit(
            batch: min(parameters.batchSize, labels.training.count),
            parts: parameters.accumulation ?? state?.position.parts
        ) {
            try backbone.network(
                imageSize: imageSize, batch: $0, threads: threads, trains: true, precision: precision,
                recomputes: recomputes)
        }
        extractor = try FeatureExtractor(
            backbone, imageSize: imageSize, threads: threads, precision: precision, output: parameters.loss.output)
        try network.initialize(seed: parameters.seed)
        if let pretrained { match = try load(pretrained: pretrained, allowsMissing: allowsMissing) }
        if let state { try resume(state) }
        if position.epoch < parameters.epochs { try removeFormerState() }
    }

    /// Trains to the last epoch, or until `watch` says stop.
    ///
    /// - Throws: `TrainingError.diverged` when the loss is not finite; what reading images or writing files throws. The
    ///   files of the last good epoch stay as they are.
    public func run(_ watch: (TrainingEvent) -> TrainingDecision) throws -> TrainingOutcome {
        if position.epoch > 0 || position.step > 0 {
            // The files beside the state may be older than it if the former run was killed between two writes.
            if position.step == 0 { try writeResults() }
            let event = TrainingEvent.resumed(
                epoch: position.epoch, step: position.step, threads: position.threads)
            if watch(event) == .stop { return .stopped(position.history) }
        } else {
            if let match, watch(.pretrained(match)) == .stop { return .stopped(position.history) }
            // An unwritable folder or a full disk is better known before the first epoch than after it.
            try writeState()
        }
        if position.epoch == parameters.epochs { return .finished(position.history) }
        position.threads = threads.count
        guard let loader = try loadImages(watch) else { return .stopped(position.history) }
        if position.parts > 1 {
            let batch = min(parameters.batchSize, labels.training.count)
            let images = (batch + position.parts - 1) / position.parts
            if watch(.accumulating(parts: position.parts, images: images)) == .stop {
                return .stopped(position.history)
            }
        }
        lastSave = .now
        while position.epoch < parameters.epochs {
            if try trainEpoch(loader, watch) == .stop {
                try writeState()
                return .stopped(position.history)
            }
        }
        return .finished(position.history)
    }

    /// Nil where `watch` says stop.
    private func loadImages(_ watch: (TrainingEvent) -> TrainingDecision) throws -> ImageBatchLoader? {
        struct Stopped: Error {}
        let needed = labels.training + validation
        let options = ImageBatchLoader.Options(
            imageSize: parameters.imageSize, filter: parameters.resize, upsampling: parameters.upsample,
            normalization: parameters.architecture.normalization,
            augmentation: parameters.augments ? Augmentation() : .none, seed: parameters.seed)
        do {
            return try ImageBatchLoader(dataset: dataset, indices: needed, options: options, threads: threads) {
                if watch(.loading(done: $0, of: needed.count)) == .stop { throw Stopped() }
            }
        } catch is Stopped {
            return nil
        }
    }

    private func trainEpoch(
        _ loader: ImageBatchLoader, _ watch: (TrainingEvent) -> TrainingDecision
    ) throws -> TrainingDecision {
        if labels.changes { targets = labels.targets(epoch: position.epoch) }
        let batches = ImageBatchLoader.shuffledBatches(
            labels.training, batchSize: parameters.batchSize, seed: parameters.seed, epoch: position.epoch)
        let schedule = CosineSchedule(steps: batches.count * parameters.epochs, form: parameters.schedule)
        let first = position.epoch * batches.count
        let start = ContinuousClock.now
        var seen = 0
        let prefetcher = BatchPrefetcher(
            loader: loader, batches: Array(batches[position.step...]), epoch: position.epoch, threads: threads)
        while true {
            let stepStart = ContinuousClock.now
            guard let batch = try prefetcher.next() else { break }
            network.profile?.add(.data, seconds: stepStart.elapsedSeconds)
            let loss = try trainStep(batch, number: first + position.step, schedule)
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
            if decision == .stop { return .stop }
            if lastSave.elapsedSeconds > 600 { try writeState() }
        }
        let validated = try validate(
            loader, learningRate: parameters.learningRate * schedule.factor(at: first), since: start, watch)
        guard let record = validated else { return .stop }
        position.history.append(record)
        position.epoch += 1
        position.step = 0
        position.lossSum = 0
        // A state is twice a checkpoint. Where epochs take seconds, a killed run may repeat some of them.
        if lastSave.elapsedSeconds > 30 || position.epoch == parameters.epochs { try writeState() }
        try writeResults()
        return watch(.epoch(record))
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

    private func trainStep(_ batch: ImageBatch, number: Int, _ schedule: CosineSchedule) throws -> Double {
        let ranges = BatchParts.ranges(count: batch.count, parts: position.parts)
        let imageCount = batch.values.count / batch.count
        var loss = 0.0
        for (part, range) in ranges.enumerated() {
            let values = batch.values[range.lowerBound * imageCount..<range.upperBound * imageCount]
            let share = Double(range.count) / Double(batch.count)
            loss +=
                try share
                * network.accumulateGradients(
                    images: ranges.count == 1 ? batch.values : Array(values),
                    targets: batch.indices[range].flatMap { targets[$0] }, count: range.count, loss: labels.loss,
                    dropout: dropout(part))
            guard loss.isFinite else { throw diverged("the loss is \(loss)", step: position.step + 1) }
            if ranges.count > 1 { network.gatherGradients(share: Float(share)) }
        }
        try network.descend(parameters.descentStep(number, factor: schedule.factor(at: number)))
        return loss
    }

    /// The random numbers of a part of the present step.
    private func dropout(_ part: Int) -> Dropout {
        let (epoch, step) = (UInt64(position.epoch), UInt64(position.step))
        let random =
            part == 0
            ? CounterRandom(seed: parameters.seed, Self.dropoutStream, epoch, step)
            : CounterRandom(seed: parameters.seed, Self.dropoutStream, epoch, step, UInt64(part))
        return Dropout(rate: parameters.dropout, random: random)
    }

    /// Nil where `watch` says stop; the epoch's steps are done all the same.
    private func validate(
        _ loader: ImageBatchLoader, learningRate: Double, since start: ContinuousClock.Instant,
        _ watch: (TrainingEvent) -> TrainingDecision
    ) throws -> EpochRecord? {
        try extractor.load(finiteState(.values))
        let validation = validation
        let extraction = try extractor.extract(
            count: validation.count, images: { try loader.batch(Array(validation[$0])).values },
            progress: { watch(.validating(done: $0, of: validation.count)) == .continue })
        guard let predictions = extraction?.probabilities.rows else { return nil }
        guard predictions.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
            throw diverged("a prediction is not finite", step: position.step)
        }
        let truth = validation.map { dataset.samples[$0].label }
        return EpochRecord(
            epoch: position.epoch + 1, loss: position.lossSum / Double(labels.training.count),
            learningRate: learningRate,
            validation: Dictionary(
                uniqueKeysWithValues: PredictionMeasure.allCases.compactMap { measure in
                    measure.value(predictions: predictions, labels: truth).map { (measure, $0) }
                }),
            seconds: start.elapsedSeconds)
    }

    private func diverged(_ what: String, step: Int) -> TrainingError {
        TrainingError.diverged(
            what: what, epoch: position.epoch + 1, step: step, learningRate: parameters.learningRate,
            kept: position.history.isEmpty ? nil : checkpointURL.path)
    }

    /// The network's tensors. Throws `TrainingError.diverged` where one is not finite: such a state must not take the
    /// place of a good one.
    private func finiteState(_ kind: Network.StateKind) throws -> [NamedTensor] {
        let tensors = try network.state(kind)
        if let bad = tensors.first(where: { !$0.values.allSatisfy(\.isFinite) }) {
            throw diverged("\(bad.name) is not finite", step: position.step)
        }
        return tensors
    }

    private func load(pretrained url: URL, allowsMissing: Bool) throws -> CheckpointMatch {
        let weights = try WeightFile(url)
        if let naming = weights.naming, naming.architecture != parameters.architecture {
            throw CheckpointError.otherNetwork(
                path: url.path, found: naming.title, expected: parameters.architecture.rawValue)
        }
        let (tensors, match) = try weights.tensors(
            for: network.state(), needsClassifier: false, allowsMissing: allowsMissing)
        do {
            try network.load(tensors)
        } catch let error as NetworkStateError {
            throw CheckpointError.misfit(path: url.path, error)
        }
        return match
    }

    private func resume(_ state: TrainingState) throws {
        do {
            try network.load(state.values)
            try network.load(state.velocities, .velocities)
            if parameters.optimizer == .adam { try network.load(state.squares, .squares) }
        } catch let error as NetworkStateError {
            throw TrainingError.badState(path: stateURL.path, found: error.description)
        }
        let steps = (labels.training.count + parameters.batchSize - 1) / parameters.batchSize
        guard state.position.isPossible(epochs: parameters.epochs, steps: steps) else {
            throw TrainingError.badState(path: stateURL.path, found: "it stands where no run of these epochs can")
        }
        position = state.position
    }

    /// Removes the state of the run before a fresh start.
    private func removeFormerState() throws {
        if isFresh && FileManager.default.fileExists(atPath: stateURL.path) {
            try FileManager.default.removeItem(at: stateURL)
        }
    }

    private func writeState() throws {
        let state = TrainingState(
            identity: identity, position: position, values: try finiteState(.values),
            velocities: try finiteState(.velocities), squares: try finiteState(.squares))
        try state.write(to: stateURL)
        lastSave = .now
    }

    private func writeResults() throws {
        let checkpoint = Checkpoint(
            architecture: parameters.architecture.rawValue, classes: dataset.classes,
            imageSize: parameters.imageSize, labels: parameters.labels.rawValue,
            resize: parameters.resize.rawValue, upsample: parameters.upsample, precision: parameters.precision,
            output: parameters.loss.output, tensors: try network.state())
        try checkpoint.write(to: checkpointURL)
        try TrainingHistory.write(position.history, to: historyURL)
    }

    /// The SHA-256 digest of what a run's result depends on; image files count with their size.
    private static func digest(_ dataset: Dataset, training: [Int], validation: [Int]) -> String {
        var text = dataset.classes.joined(separator: "\t")
        for (name, subset) in [("train", training), ("val", validation)] {
            for index in subset {
                let sample = dataset.samples[index]
                let size = (try? sample.imageURL.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? -1
                text += "\n\(name)\t\(index)\t\(sample.id)\t\(size)\t\(sample.label.probabilities)"
            }
        }
        return SHA256Digest.of(Data(text.utf8)).description
    }

    /// Tells dropout's random numbers from others of the same seed ("dropout" in ASCII).
    private static let dropoutStream: UInt64 = 0x0064_726F_706F_7574
}

extension NumericArray {
    /// The rows of a matrix.
    fileprivate var rows: [[Double]] {
        (0..<shape[0]).map { row in values[row * shape[1]..<(row + 1) * shape[1]].map(Double.init) }
    }
}
