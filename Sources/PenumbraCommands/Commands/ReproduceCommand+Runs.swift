import PenumbraRuns
import ArgumentParser
import Backbones
import Foundation
import TensorFiles
import Training

/// The runs that a preset and the options ask for together.
extension ReproduceCommand {
    /// Whether the user named `source`; the other sources are data sets that the runs generate themselves.
    func isGiven(_ source: URL) -> Bool {
        let images = data.map { data in
            ((try? ReproductionPreset.named(preset))?.givenFolders ?? []).map { data.appendingPathComponent($0) }
        }
        return (pretrained + [miceBone].compactMap(\.self) + (images ?? [])).map(\.standardizedFileURL.path)
            .contains(source.standardizedFileURL.path)
    }

    /// The runs of the preset, modified by the options.
    func reproductions() throws -> [Reproduction] {
        let preset = try ReproductionPreset.named(preset)
        let precision = try precision.checked()
        var plans = preset.runs
        if let only {
            guard let plan = plans.first(where: { $0.folder == only }) else {
                throw ValidationError("--only \(only): preset \(preset.name) has " + Self.folders(of: preset) + ".")
            }
            // Includes the run whose weights it starts from.
            plans = plans.filter { $0.folder == plan.start } + [plan]
        }
        if count != nil && plans.allSatisfy({ $0.set.givenFolder != nil }) {
            throw ValidationError("--count sets how many images are made; here all images are given.")
        }
        if !pretrained.isEmpty && plans.contains(where: { $0.start != nil }) {
            throw ValidationError("--pretrained: preset \(preset.name) trains the weights that its runs start from.")
        }
        let data = try givenData(for: plans, of: preset)
        if miceBone != nil && !plans.contains(where: { $0.set == .fibres }) {
            throw ValidationError("--mice-bone replaces fibres, which preset \(preset.name) does not have.")
        }
        let parameters = settings(of: TrainingParameters.self)
        let weightsByPlan = try weights(
            for: plans.map { plan in
                var plan = plan
                plan.training = plan.training.with(parameters)
                return plan
            })
        var reproductions: [Reproduction] = []
        for (plan, weights) in zip(plans, weightsByPlan) {
            var given = plan.set == .fibres ? miceBone : nil
            if case .given(let name) = plan.set { given = data?.appendingPathComponent(name) }
            var plan = plan
            if !plan.isStart, let other = splits.first(where: { !plan.splits.contains($0) }) {
                let names = plan.splits.map(String.init)
                throw ValidationError(
                    "--splits \(other): preset \(preset.name) has "
                        + (names.dropLast().joined(separator: ", ") + (names.count > 1 ? " and " : "") + names.last!)
                        + ".")
            }
            if !splits.isEmpty && !plan.isStart { plan.splits = Set(splits).sorted() }
            plan.count = count ?? plan.count
            if weights != nil { plan.training.learningRate = plan.pretrainedLearningRate }
            plan.training = plan.training.with(parameters)
            (plan.training.precision, plan.training.seed) = (precision, seeds.seed)
            var projection = preset.projection.with(settings(of: ProjectionParameters.self))
            projection.tsne.seed = seeds.seed
            let folder = plan.set == .fibres && given != nil ? "micebone" : plan.folder
            let start = try reproductions.first { $0.plan.folder == plan.start && plan.start != nil }?.checkpoint
            reproductions.append(
                Reproduction(
                    plan: plan, run: RunFolder(url: folder.map { out.appendingPathComponent($0) } ?? out), given: given,
                    data: data, projection: projection,
                    pretrained: weights.map(foreign.source) ?? start.map { WeightSource($0) }))
        }
        return reproductions
    }

    /// The folder of the user's images, which contains all that `plans` need. Throws `ValidationError`.
    private func givenData(for plans: [ReproducedRun], of preset: ReproductionPreset) throws -> URL? {
        let needed = Set(plans.compactMap(\.set.givenFolder)).sorted()
        guard let data else {
            if needed.isEmpty { return nil }
            throw ValidationError(
                "Preset \(preset.name) needs --data with the folder that holds \(needed.joined(separator: ", ")).")
        }
        if preset.givenFolders.isEmpty {
            throw ValidationError("--data: preset \(preset.name) makes its own images.")
        }
        for name in needed where !FileManager.default.fileExists(atPath: data.appendingPathComponent(name).path) {
            throw ValidationError(
                "--data \(data.relativePath) has no folder '\(name)', which preset \(preset.name) needs; --only does a single "
                    + "run.")
        }
        return data
    }

    /// The weight file of each plan; nil if it has none. Throws `ValidationError` if a network has two, or a file belongs to no
    /// network: none is ignored silently.
    private func weights(for plans: [ReproducedRun]) throws -> [URL?] {
        var unused = Set(pretrained)
        let weights = try plans.map { plan in
            if plan.start != nil || plan.isStart { return URL?.none }
            let fitting = try plans.count == 1 ? pretrained : pretrained.filter { try Self.fits($0, plan) }
            if fitting.count > 1 {
                throw ValidationError(
                    "--pretrained names \(fitting.count) files for \(plan.training.architecture.rawValue): "
                        + fitting.map(\.path).joined(separator: ", ") + "; expected one.")
            }
            unused.subtract(fitting)
            return fitting.first
        }
        if let file = pretrained.first(where: unused.contains) {
            throw ValidationError("--pretrained \(file.path): no network of the preset has these weights.")
        }
        return weights
    }

    private static func folders(of preset: ReproductionPreset) -> String {
        let names = preset.runs.compactMap(\.folder)
        return names.isEmpty ? "only one run" : names.joined(separator: " and ")
    }

    /// Whether weights belong to the plan's network.
    private static func fits(_ weights: URL, _ plan: ReproducedRun) throws -> Bool {
        try WeightFile(weights).naming.map { $0.architecture == plan.training.architecture } ?? false
    }
}
