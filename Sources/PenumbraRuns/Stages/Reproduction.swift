import Backbones
import Numerics
import Foundation
import ImageDatasets
import NeuralNetwork
import Training

/// The stages of one run of a reproduction, and an estimate of its training time.
package struct Reproduction {
    package let plan: ReproducedRun
    package let run: RunFolder
    /// The user's images to train on; nil if the program generates the images.
    var given: URL?
    /// The folder of all the user's images, from which some sets are made.
    var data: URL?
    var projection: ProjectionParameters
    var pretrained: WeightSource?

    package init(
        plan: ReproducedRun, run: RunFolder, given: URL? = nil, data: URL? = nil, projection: ProjectionParameters,
        pretrained: WeightSource? = nil
    ) {
        self.plan = plan
        self.run = run
        self.given = given
        self.data = data
        self.projection = projection
        self.pretrained = pretrained
    }
    private var precision: Precision { plan.training.precision }
    private var seed: UInt64 { plan.training.seed }

    /// The title of the data set, for people.
    package func title() throws -> String {
        try given.map(\.lastPathComponent) ?? generatedSet?.title ?? ""
    }

    /// Nil if images are given.
    private var generatedSet: GeneratedSet? {
        get throws { given == nil ? try plan.generatedSet(seed: seed, data: data) : nil }
    }

    /// Whether all weights of this run have been trained. Until then it is unknown what a run that starts from them will use: a
    /// checkpoint exists from the first epoch on and changes with each further epoch.
    package var isTrained: Bool {
        get throws {
            let recorded = try run.readManifest().stages
            return try trainings.allSatisfy {
                recorded[run.member(of: $0, namesSeed: plan.seeds > 1).stage("train")] != nil
            }
        }
    }

    /// The checkpoint that other runs start from, if this run provides one.
    package var checkpoint: URL? {
        get throws { plan.isStart ? run.member(of: try trainings[0]).checkpoint : nil }
    }

    /// All stages, in an order in which each finds its inputs. Throws what is wrong with the plan.
    package func stages() throws -> [Stage] {
        let set = try generatedSet
        guard let images = given ?? set?.url(in: run.dataset) else { return [] }
        let source = DatasetSource(images)
        let maker = RunStages(run: run, source: source, namesRepetitions: plan.repetitions.count > 1)
        var stages = try set.map { [try maker.generate($0)] } ?? []
        if plan.isStart { return stages + [try maker.train(trainings[0])] }
        for training in try trainings { stages += try self.stages(of: training, maker) }
        let members = plan.repetitions.map { repetition in plan.kinds.map { run.member(repetition, kind: $0) } }
        stages.append(try maker.evaluate(Array(members.joined())))
        for group in members {
            stages.append(
                try maker.plot(group, of: plan.repetitions.count > 1 ? group[0].repetition : nil, seed: seed))
        }
        return stages
    }

    /// A training and what is made from it alone.
    private func stages(of training: TrainingParameters, _ maker: RunStages) throws -> [Stage] {
        let member = run.member(of: training, namesSeed: plan.seeds > 1)
        return [
            try maker.train(training, TrainingStart(pretrained: pretrained), namesSeed: plan.seeds > 1),
            try maker.embed(member, precision: precision),
            try maker.project(member, projection),
        ]
    }

    /// The stages of a single training: those that make the images, which all trainings share, and its own.
    func stages(ofTraining index: Int) throws -> (images: [Stage], training: [Stage]) {
        let set = try generatedSet
        guard let images = given ?? set?.url(in: run.dataset) else { return ([], []) }
        let maker = RunStages(
            run: run, source: DatasetSource(images), namesRepetitions: plan.repetitions.count > 1)
        let training = try trainings[index]
        return (
            try set.map { [try maker.generate($0)] } ?? [],
            plan.isStart ? [try maker.train(training)] : try stages(of: training, maker)
        )
    }

    /// The names of the trainings' folders, in their order.
    var memberNames: [String] {
        get throws {
            let all = plan.isStart ? try Array(trainings.prefix(1)) : try trainings
            return all.map { run.member(of: $0, namesSeed: plan.seeds > 1).name }
        }
    }

    /// Whether everything that is made from a training alone exists.
    func isDone(_ index: Int) throws -> Bool {
        let recorded = try run.readManifest().stages
        let member = run.member(of: try trainings[index], namesSeed: plan.seeds > 1)
        return (plan.isStart ? ["train"] : ["train", "embed", "project"]).allSatisfy {
            recorded[member.stage($0)] != nil
        }
    }

    /// Whether a training has left anything behind.
    func hasBegun(_ index: Int) throws -> Bool {
        let member = run.member(of: try trainings[index], namesSeed: plan.seeds > 1)
        return FileManager.default.fileExists(atPath: member.resume.path)
    }

    /// Split by split and seed by seed, checked. Throws `TrainingError`.
    private var trainings: [TrainingParameters] {
        get throws {
            try plan.repetitions.flatMap { repetition in
                try plan.kinds.map { kind in
                    let training = plan.training(kind, repetition)
                    try training.validate()
                    return training
                }
            }
        }
    }

    /// What remains to be trained, and about how long that takes on this machine; nil if everything is trained. Measures a few
    /// steps of the network, which takes seconds. Throws as `measuredSpeed` does.
    package func estimate(threads: ThreadCount) throws -> Estimate? {
        let trained = try run.readManifest().stages
        let left = try trainings.map { training -> Int in
            let member = run.member(of: training, namesSeed: plan.seeds > 1)
            if trained[member.stage("train")] != nil { return 0 }
            // What an interrupted training has done: its history has one row per epoch, below the header.
            let history = (try? String(contentsOf: member.history, encoding: .utf8)) ?? ""
            return max(0, training.epochs - max(0, history.split(separator: "\n").count - 1))
        }
        guard let first = try trainings.first, left.contains(where: { $0 > 0 }) else { return nil }
        let source = (given ?? plan.set.givenFolder.flatMap { data?.appendingPathComponent($0) }).map {
            DatasetSource($0)
        }
        let images = try source.map { first.split.indices(of: .train, in: try $0.dataset).count } ?? plan.count * 3 / 5
        let classes = try source?.dataset.classes.count ?? (plan.set == .shapes ? 6 : 3)
        let speed = try first.measuredSpeed(classes: classes, threads: threads)
        return Estimate(
            title: try title(), trainings: left.count { $0 > 0 }, epochs: left.reduce(0, +),
            imagesPerEpoch: images,
            imagesPerSecond: speed)
    }

    /// How long trainings take.
    package struct Estimate {
        let title: String
        let trainings: Int
        /// The total over all of them.
        let epochs: Int
        let imagesPerEpoch: Int
        let imagesPerSecond: Double

        /// Validation processes a third as many images as training, at about four times the speed.
        package var seconds: Double { Double(epochs * imagesPerEpoch) / imagesPerSecond * (1 + 1.0 / 12) }

        /// One line for people.
        package var line: String {
            "\(title): \(trainings) training\(trainings == 1 ? "" : "s"), \(Decimals.grouped(epochs)) epochs of "
                + "\(Decimals.grouped(imagesPerEpoch)) images in all, at \(Decimals.fixed(imagesPerSecond, 0)) per second here: "
                + "about \(Self.duration(seconds))"
        }

        /// `45 s`, `12 min`, `3 h 20 min`.
        package static func duration(_ seconds: Double) -> String {
            if seconds < 90 { return "\(Int(seconds.rounded())) s" }
            let minutes = Int((seconds / 60).rounded())
            return minutes < 90 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60 / 10 * 10) min"
        }
    }
}
