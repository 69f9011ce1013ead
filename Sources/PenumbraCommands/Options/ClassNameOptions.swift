import ArgumentParser
import PenumbraRuns

/// The names of classes in an explorer.
struct ClassNameOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Full names of classes in the explorer, such as nv='melanocytic nevus' (default: those of the shapes set).",
            valueName: "class=name"))
    var classNames: [String] = []

    /// In the form that the explorer takes. Throws `InputError`.
    var names: ClassNames { get throws { try ClassNames(classNames) } }
}
