import Backbones
import Foundation
import ImageDatasets
import LabelDistributions
import NeuralNetwork
import TensorFiles
import TerminalProgress
import Training

/// The stages of a run, each as its command performs it on its own.
package struct RunStages {
    let run: RunFolder
    let source: DatasetSource
    /// Whether titles include the split and the seed, if there are several.
    var namesRepetitions = false

    package init(
        run: RunFolder, source: DatasetSource, namesRepetitions: Bool = false
    ) {
        self.run = run
        self.source = source
        self.namesRepetitions = namesRepetitions
    }

    /// Trains one member.
    package func train(
        _ parameters: TrainingParameters, _ start: TrainingStart = TrainingStart(),
        execution: TrainingExecution = TrainingExecution(), namesSeed: Bool = false
    ) throws -> Stage {
        let member = run.member(of: parameters, namesSeed: namesSeed)
        try run.checkSeeds(of: member)
        let parameters = try parameters.identified(startingFrom: start.pretrained)
        let work = TrainingWork(
            source: source, parameters: parameters, folder: member.url, start: start, execution: execution)
        return Stage(
            name: member.stage("train"), title: "train \(title(member))",
            command: Self.line(words(for: parameters, start, execution)),
            parameters: try JSONValue(encoding: parameters), isCostly: true,
            completed: Self.completed, exclusive: member.url, startsOver: start.isFresh, sources: sources(of: start),
            furtherOutputs: [member.resume, member.profile], data: source.url, reading: recordedReading,
            bytesDependOn: Self.dependences(of: parameters),
            inputs: { ["dataset": try run.checkedFingerprint(source.fingerprint, of: member, source.url)] },
            outputs: [member.checkpoint, member.history]
        ) { context in
            _ = try work.run(threads: context.threads, title: context.title, progress: context.progress)
        }
    }

    /// Trains one member with every combination of `grid`, which comes from `gridFile`, and keeps the best.
    package func search(
        _ parameters: TrainingParameters, _ grid: TrainingGrid, gridFile: URL, _ start: TrainingStart,
        execution: TrainingExecution = TrainingExecution()
    ) throws -> Stage {
        let member = run.member(of: parameters)
        try run.checkSeeds(of: member)
        let parameters = try parameters.identified(startingFrom: start.pretrained)
        let search = GridSearch(
            source: source, base: parameters, grid: grid, member: member, start: start, execution: execution)
        var record = try JSONValue(encoding: parameters)
        if case .object(var fields) = record {
            fields["grid"] = try JSONValue(encoding: grid)
            record = .object(fields)
        }
        return Stage(
            name: member.stage("train"), title: "train \(title(member))",
            command: Self.line(words(for: parameters, start, execution) + ["--grid", run.name(of: gridFile)]),
            parameters: record, isCostly: true, completed: Self.completed, exclusive: member.url,
            startsOver: start.isFresh, sources: sources(of: start) + [gridFile], data: source.url,
            reading: recordedReading, bytesDependOn: Self.dependences(of: parameters),
            inputs: { ["dataset": try run.checkedFingerprint(source.fingerprint, of: member, source.url)] },
            outputs: [member.checkpoint, member.history, member.gridTable, member.gridReport]
        ) { context in
            try search.run(threads: context.threads, title: context.title, progress: context.progress)
        }
    }

    /// What the bytes of a training depend on, besides its parameters.
    private static func dependences(of parameters: TrainingParameters) -> [Provenance.Dependence] {
        Provenance.Dependence.allCases.filter { $0 != .threads || parameters.shards == nil }
    }

    /// The files named by the user that a training reads.
    private func sources(of start: TrainingStart) -> [URL] {
        [source.url, source.reading.votes, start.pretrained?.url].compactMap(\.self)
    }

    /// The parameters of a training in an older program's record, with those added that did not exist yet.
    static func completed(_ record: JSONValue) -> JSONValue {
        guard case .object(let found) = record, let parameters = try? record.decoded(as: TrainingParameters.self),
            case .object(let known)? = try? JSONValue(encoding: parameters)
        else { return record }
        return .object(known.merging(found) { _, old in old })
    }

    private var recordedReading: DatasetReading? {
        source.reading == DatasetReading() ? nil : source.reading
    }

    /// The command that trains one member.
    private func words(
        for parameters: TrainingParameters, _ start: TrainingStart, _ execution: TrainingExecution
    ) -> [String] {
        var words = ["penumbra", "train", run.name(of: source.url), "--out", "."] + parameters.commandLine
        words += source.reading.words(in: run)
        if let weights = start.pretrained {
            words += ["--pretrained", run.name(of: weights.url)]
            if weights.allowsMissing { words.append("--allow-missing") }
            if let part = weights.part { words += ["--part", part] }
        }
        if execution.recomputes { words.append("--recompute") }
        return words
    }

    /// Extracts the features and predictions of a member's test samples. A member that was trained on all samples of its set
    /// has none of its own; the samples are then those of slice 1 of `source`, which should be another set.
    func embed(_ member: RunMember, precision: Precision = .float32) throws -> Stage {
        let split = member.split == .all ? Split.slice(1) : member.split
        var words =
            [
                "penumbra", "embed", run.name(of: member.checkpoint), run.name(of: source.url), "--out",
                run.name(of: member.embeddings),
                "--split", "\(split)", "--subset", Subset.test.rawValue,
            ] + source.reading.words(in: run, formatOption: "--data-format")
        if precision != .float32 { words += ["--precision", precision.rawValue] }
        return Stage(
            name: member.stage("embed"), title: "embed \(title(member))", command: Self.line(words),
            parameters: .object([
                "subset": .string(Subset.test.rawValue), "split": try JSONValue(encoding: split),
                "precision": .string(precision.rawValue),
            ]),
            isCostly: false, data: source.url, reading: recordedReading,
            inputs: {
                var digests = try Stage.digests(of: [member.checkpoint], in: run)
                digests["dataset"] = try source.fingerprint
                return digests
            }, outputs: [member.embeddings, member.samples, member.predictions]
        ) { context in
            let result = try Embedding(
                weights: WeightSource(member.checkpoint), source: source,
                choice: ExtractionChoice(split: split, subset: .test, precision: precision)
            ).run(threads: context.threads, title: context.title, progress: context.progress)
            try result.writePredictions(to: member.predictions, checkpointPath: member.checkpoint.path)
            try result.writeArray(to: member.embeddings, samples: member.samples)
        }
    }

    /// Maps the features of a member.
    func project(_ member: RunMember, _ parameters: ProjectionParameters) throws -> Stage {
        let words =
            ["penumbra", "project", run.name(of: member.embeddings), "--out", run.name(of: member.layout)]
            + parameters.commandLine
        return Stage(
            name: member.stage("project"), title: "project \(title(member))", command: Self.line(words),
            parameters: try JSONValue(encoding: parameters), isCostly: false,
            inputs: { try Stage.digests(of: [member.embeddings, member.samples], in: run) },
            outputs: [member.layout, LayoutFile.report(of: member.layout)]
        ) { context in
            _ = try Projection(
                features: member.embeddings, idsFile: nil, parameters: parameters, out: member.layout
            ).run(threads: context.threads, title: context.title, progress: context.progress)
        }
    }

    /// Measures all members.
    func evaluate(_ members: [RunMember]) throws -> Stage {
        Stage(
            name: "evaluate", title: "evaluate", command: Self.line(["penumbra", "evaluate", ".", "--json"]),
            parameters: .object(["members": .array(members.map { .string($0.name) })]), isCostly: false,
            inputs: { try Stage.digests(of: members.map(\.predictions), in: run) },
            outputs: [run.evaluation] + run.tables
        ) { context in
            let display = ProgressDisplay(
                context.title, total: members.count, unit: "predictions", to: context.progress)
            let ceilings = FibresCeilings(threads: context.threads)
            let evaluations = try members.enumerated().map { index, member in
                defer { display.update(index + 1) }
                return try Self.evaluation(of: member, folder: source.url, ceilings: ceilings)
            }
            let table = EvaluationTable(evaluations)
            try JSONText.write(table, as: .evaluation, to: run.evaluation)
            for url in run.tables { try ResultsTable(table).write(to: url) }
            display.end()
        }
    }

    /// The measures of a member's predictions, whose images are in `folder`. Throws what the reader throws.
    package static func evaluation(
        of member: RunMember, folder: URL?, ceilings: FibresCeilings
    ) throws -> Evaluation {
        Evaluation(
            try PredictionTable.read(member.predictions), name: member.name, repetition: member.repetition,
            kind: member.kind, folder: folder, ceilings: ceilings)
    }

    private func title(_ member: RunMember) -> String {
        member.kind.title + (namesRepetitions ? ", \(member.repetition)" : "")
    }

    /// Words quoted for a shell.
    static func line(_ words: [String]) -> String {
        words.map { word in
            let isPlain = word.utf8.allSatisfy { byte in
                Character(Unicode.Scalar(byte)).isLetter && byte < 0x80 || (0x30...0x39).contains(byte)
                    || "-_./=,+:@".utf8.contains(byte)
            }
            return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: "'\\''"))'"
        }.joined(separator: " ")
    }
}
