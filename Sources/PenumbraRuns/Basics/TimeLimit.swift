/// How long a command may run before it saves and stops, written as in `3h50m`.
package struct TimeLimit: Sendable, Equatable {
    /// As it was given.
    package let words: String
    package let seconds: Int

    /// Hours, minutes and seconds, each at most once and in this order, and positive in total. Nil for other texts.
    package init?(_ words: String) {
        var rest = words[...]
        var total = 0
        for (unit, length) in [("h" as Character, 3600), ("m", 60), ("s", 1)] {
            guard let end = rest.firstIndex(of: unit) else { continue }
            guard let number = Int(rest[..<end]), (0...1_000_000).contains(number),
                rest[..<end].allSatisfy(\.isNumber)
            else { return nil }
            total += number * length
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty || total == 0 { return nil }
        self.words = words
        seconds = total
    }
}

extension TimeLimit {
    /// A limit that has started, with its end.
    struct Running: Sendable {
        let limit: TimeLimit
        let end: ContinuousClock.Instant

        var isOver: Bool { ContinuousClock.now >= end }
    }
}

extension Interruption {
    /// Runs `body`, and asks it to stop when the time has passed, as a signal would; nil sets no limit.
    package static func within(_ limit: TimeLimit?, _ body: () throws -> Void) rethrows {
        guard let limit else { return try body() }
        let end = ContinuousClock.now + .seconds(limit.seconds)
        try $time.withValue(TimeLimit.Running(limit: limit, end: end)) { try body() }
    }
}
