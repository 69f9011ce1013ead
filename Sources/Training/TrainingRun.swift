import Backbones
import Numerics
import Foundation
import ImageDatasets
import LabelDistributions
import NeuralNetwork
import Processes
import TensorFiles

/// Trains a network on a split of a data set, in its own folder.
///
/// The folder gets `checkpoint.safetensors` and `history.csv` after every epoch, and `resume.safetensors`, which holds all
/// that a later run needs to continue, after an epoch (but not more than twice a minute), every ten minutes and when the run
/// is stopped. The same parameters, data and number of threads (with `TrainingParameters.shards`, any number) give the same
/// checkpoint, to the byte, however often the run was interrupted.
public final class TrainingRun {
    let dataset: Dataset
    let parameters: TrainingParameters
    let checkpointURL: URL
    let stateURL: URL
    let historyURL: URL
    let network: Network
    let extractor: FeatureExtractor
    let threads: ThreadCount
    let labels: TrainingLabels
    let validation: [Int]
    /// Of each sample in the present epoch.
    var targets: [[Float]]
    let identity: TrainingState.Identity
    var position: TrainingState.Position
    let isFresh: Bool
    let folder: URL
    var lastSave = ContinuousClock.now
    /// What was taken from pretrained weights.
    var taken: (match: CheckpointMatch, naming: WeightNaming)?
    let profiles: Bool
    let processes: TrainingProcesses

    /// Plans the network and takes up what an interrupted run has left in `folder`.
    ///
    /// - Parameters:
    ///   - fresh: starts again even where there is something to resume.
    ///   - pretrained: the weights to start from, where training does not start from scratch; the classifier's may be missing or
    ///     of another shape in any case.
    ///   - recomputes: whether inner maps are made again in the backward pass rather than kept, which takes less memory
    ///     and more time and gives the same bytes.
    ///   - profiles: whether steps are timed from the second on; see `takeProfile`.
    /// - Throws: `TrainingError` where a parameter is out of range, a subset is empty or the folder belongs to another
    ///   run; `PrecisionError` where the processor lacks the precision; what reading the images, the state or the checkpoint throws.
    public convenience init(
        dataset: Dataset, parameters: TrainingParameters, folder: URL, threads: ThreadCount, fresh: Bool = false,
        pretrained: WeightSource? = nil, recomputes: Bool = false, profiles: Bool = false
    ) throws {
        try self.init(
            dataset: dataset, parameters: parameters, folder: folder, threads: threads, fresh: fresh,
            pretrained: pretrained, recomputes: recomputes, profiles: profiles, processes: nil)
    }

    /// The same for one of several processes that share the training: the first reads and writes `folder`, each reads the
    /// images of its own pieces.
    package init(
        dataset: Dataset, parameters: TrainingParameters, folder: URL, threads: ThreadCount, fresh: Bool = false,
        pretrained: WeightSource? = nil, recomputes: Bool = false, profiles: Bool = false,
        processes group: (any ProcessGroup)?
    ) throws {
        let processes = TrainingProcesses(group: group)
        self.processes = processes
        let parameters = try parameters.identified(startingFrom: pretrained)
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

        let split = parameters.split
        let training = split.indices(of: .train, in: dataset)
        validation = split.indices(of: .validation, in: dataset)
        if training.isEmpty { throw TrainingError.noTrainingSamples(split: split) }
        if validation.isEmpty && parameters.keep == .best {
            throw TrainingError.noValidationSamples(split: split)
        }
        labels = try TrainingLabels(dataset, training: training, parameters: parameters)
        targets = labels.targets(epoch: 0)
        identity = TrainingState.Identity(
            parameters: parameters, data: Self.digest(dataset, training: labels.training, validation: validation))

        var state: TrainingState?
        if processes.isFirst, !fresh, FileManager.default.fileExists(atPath: stateURL.path) {
            state = try TrainingState.read(stateURL)
            try state?.check(identity, path: stateURL.path)
        }
        let restored = try processes.shared(state?.position)
        if let restored {
            try Self.check(restored, of: parameters, processes: group?.count ?? 1, path: stateURL.path)
        }
        let backbone = parameters.architecture.backbone(classes: dataset.classes.count, head: parameters.head)
        let imageSize = parameters.imageSize, precision = parameters.precision
        let pieces = try processes.pieces(parameters.shards, threads: threads)
        if let pieces { try group?.share(pieces, normalizesGlobally: parameters.batchNorm == .global) }
        let momentum = parameters.batchNormMomentum.map(Float.init)
        let batch = min(parameters.batchSize, labels.training.count)
        func fit(_ parts: Int?) throws -> (planned: Network, parts: Int) {
            try BatchParts.fit(batch: batch, parts: parts) {
                try backbone.network(
                    imageSize: imageSize, batch: $0, threads: threads, precision: precision, recomputes: recomputes,
                    momentum: momentum, pieces: pieces, exchange: group)
            }
        }
        var planned = try fit(parameters.accumulation ?? restored?.parts)
        // The process with the least memory decides.
        let parts = try processes.largest(planned.parts)
        if parts != planned.parts { planned = try fit(parts) }
        (network, position.parts) = planned
        position.processes = group.map(\.count)
        extractor = try FeatureExtractor(
            backbone, imageSize: imageSize, threads: threads, precision: precision, output: parameters.loss.output)
        try network.initialize(seed: parameters.seed)
        if processes.isFirst, let pretrained { taken = try load(pretrained) }
        if let state { try resume(state) }
        if let group {
            position = try processes.shared(position)
            try network.replicate(squares: parameters.optimizer == .adam && restored != nil) {
                try group.broadcast($0, doing: "sharing the weights")
            }
        }
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
            if try processes.agree(watch(event)) == .stop { return .stopped(position.history) }
        } else {
            let decision = taken.map { watch(.pretrained($0.match, $0.naming)) } ?? .continue
            if try processes.agree(decision) == .stop { return .stopped(position.history) }
            // An unwritable folder or a full disk is better known before the first epoch than after it.
            try writeState()
        }
        if position.epoch == parameters.epochs { return .finished(position.history) }
        position.threads = threads.count
        let loaded = try loadImages(watch)
        guard try processes.agree(loaded == nil ? .stop : .continue, isPatient: true) == .continue, let loader = loaded
        else {
            return .stopped(position.history)
        }
        if position.parts > 1 {
            let batch = min(parameters.batchSize, labels.training.count)
            let images = (batch + position.parts - 1) / position.parts
            if try processes.agree(watch(.accumulating(parts: position.parts, images: images))) == .stop {
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
    func loadImages(_ watch: (TrainingEvent) -> TrainingDecision) throws -> ImageBatchLoader? {
        struct Stopped: Error {}
        let needed = labels.training + processes.share(of: validation.count).map { validation[$0] }
        let options = ImageBatchLoader.Options(
            imageSize: parameters.imageSize, filter: parameters.resize, upsampling: parameters.upsample,
            normalization: parameters.architecture.normalization,
            augmentation: parameters.augmentation,
            seed: parameters.seed)
        do {
            return try ImageBatchLoader(dataset: dataset, indices: needed, options: options, threads: threads) {
                if watch(.loading(done: $0, of: needed.count)) == .stop { throw Stopped() }
            }
        } catch is Stopped {
            return nil
        }
    }
}
