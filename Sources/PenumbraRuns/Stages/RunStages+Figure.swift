import ImageDatasets
import Figures
import Foundation
import TerminalProgress

extension RunStages {
    /// Makes a data set in the run's own folder.
    func generate(_ set: GeneratedSet) throws -> Stage {
        Stage(
            name: "generate", title: "generate", command: Self.line(set.words(in: run)),
            parameters: try set.record(), isCostly: true, sources: set.sources, inputs: { try set.inputs() },
            outputs: [set.url(in: run.dataset)]
        ) { context in
            try set.make(in: run.dataset, threads: context.threads, title: context.title, progress: context.progress)
        }
    }

    /// Draws the maps of one repetition (nil if there is only one), one kind below another, in every format.
    func plot(_ members: [RunMember], of repetition: Repetition?, seed: UInt64) throws -> Stage {
        let outputs = FigureFormat.allCases.map { run.figure(repetition, fileExtension: $0.rawValue) }
        let words =
            ["penumbra", "plot"] + members.map { run.name(of: $0.layout) }
            + ["--labels", run.name(of: members[0].samples), "--out", run.name(of: outputs[0]), "--seed", "\(seed)"]
        return Stage(
            name: "plot" + (repetition.map { "-\($0.name)" } ?? ""),
            title: "plot" + (repetition.map { " \($0)" } ?? ""),
            command: Self.line(words), parameters: try JSONValue(encoding: ["seed": seed]), isCostly: false,
            inputs: {
                try Stage.digests(
                    of: members.flatMap { [$0.layout, $0.layoutReport, $0.predictions, $0.samples] }, in: run)
            }, outputs: outputs
        ) { context in
            let display = ProgressDisplay(
                context.title, total: outputs.count, unit: "figures", to: context.progress)
            // Both trainings saw the same split, so their tables of samples must be the same.
            let tables = try members.map { try SampleTable.read($0.samples) }
            for table in tables { try tables[0].ids.requireSame(as: table.ids) }
            let maps = try members.map { member in
                try LayoutFigure.Map(
                    member.layout, name: member.kind.heading, predictions: member.predictions,
                    note: { _ in })
            }
            let figure = try LayoutFigure(
                maps: maps, style: FigureStyle(), mixing: .oklab, seed: seed, words: FigureWords(unit: .images)
            ).figure(tables[0])
            if let remark = try figure.remarkOnFonts() { context.progress.print("\(context.title): \(remark)") }
            for (index, output) in outputs.enumerated() {
                try figure.write(to: output)
                display.update(index + 1)
            }
            display.end()
        }
    }
}
