/// The options that the command line holds, so that a command can tell a default from the same value given.
struct GivenOptions: Sendable {
    /// Those of the running command.
    @TaskLocal static var current = GivenOptions([])

    /// Long names without their dashes, in the order given.
    let names: [String]

    /// - Parameter arguments: as the program got them. What stands behind `--` is no option, and no value begins with
    ///   two dashes.
    init(_ arguments: [String]) {
        names = arguments.prefix { $0 != "--" }.filter { $0.hasPrefix("--") }.map { argument in
            String(argument.dropFirst(2).prefix { $0 != "=" })
        }
    }

    func contains(_ name: String) -> Bool { names.contains(name) }
}
