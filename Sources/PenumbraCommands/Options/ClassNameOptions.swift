import ArgumentParser
import PenumbraRuns

/// What the classes of an explorer are called.
struct ClassNameOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Full names of classes in the explorer, such as nv='melanocytic nevus' (default: those of the shapes set).",
            valueName: "class=name"))
    var classNames: [String] = []

    /// As the explorer takes them. Throws `InputError`.
    var names: ClassNames { get throws { try ClassNames(classNames) } }
}
