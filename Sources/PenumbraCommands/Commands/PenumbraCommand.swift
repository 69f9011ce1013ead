import PenumbraRuns
import ArgumentParser

/// The root of the command line.
struct PenumbraCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "penumbra",
        abstract: "Show what hard and soft labels do to a feature space.",
        discussion: """
            Trains a network on the hard labels of images and another on their soft labels (label distributions), \
            extracts the features of both, maps them with t-SNE and draws the maps side by side.

            A typical call: penumbra reproduce --preset quick --out figures

            Every command also works on its own, because all read and write plain files (PNG, CSV, NPY, safetensors, JSON). \
            Results go to files and standard output, progress to standard error. Exit codes: 0 done, 1 failed, \
            2 wrong input, 130 interrupted, 143 by SIGTERM, 129 by SIGHUP, 75 when the time of \
            --stop-after is up or a job waits for another (finished work is kept).
            """,
        version: PenumbraVersion.line,
        subcommands: [
            FigureCommand.self, ReproduceCommand.self, GenerateCommand.self, DatasetCommand.self, TrainCommand.self,
            EvaluateCommand.self, CompareCommand.self, AnnotationBudgetCommand.self, InspectCommand.self,
            EmbedCommand.self, ProjectCommand.self, PlaceCommand.self, PlotCommand.self, ExploreCommand.self,
            MergeCommand.self, ManualCommand.self,
        ])
}
