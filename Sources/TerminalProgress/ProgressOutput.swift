import Foundation

/// Where progress goes, and in which form.
public struct ProgressOutput: Sendable {
    /// How progress is shown.
    public enum Style: Sendable, Equatable {
        /// One line that is redrawn at most ten times a second.
        case bar
        /// One plain line per second, for logs and pipes.
        case lines
        /// Nothing.
        case none
    }

    /// How progress is shown.
    public let style: Style
    /// The columns of the terminal now; it may change while a bar is shown.
    let width: @Sendable () -> Int
    /// Seconds of a clock that only goes forward.
    let now: @Sendable () -> Double
    let write: @Sendable (String) -> Void
    /// Whether block characters may be used.
    let isUnicode: Bool

    init(
        style: Style, isUnicode: Bool, width: @escaping @Sendable () -> Int, now: @escaping @Sendable () -> Double,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.style = style
        self.isUnicode = isUnicode
        self.width = width
        self.now = now
        self.write = write
    }

    /// Prints a line of its own, unless progress goes nowhere.
    public func print(_ line: String) {
        if style != .none { write(ProgressState.printable(line) + "\n") }
    }

    /// Standard error: a bar on a terminal that can move its cursor, lines elsewhere, nothing when `quiet`.
    public static func standardError(quiet: Bool = false) -> ProgressOutput {
        let environment = ProcessInfo.processInfo.environment
        let isTerminal = isatty(STDERR_FILENO) == 1 && environment["TERM", default: "dumb"] != "dumb"
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        return ProgressOutput(
            style: quiet ? .none : isTerminal ? .bar : .lines,
            isUnicode: locale.lowercased().replacing("-", with: "").hasSuffix("utf8"),
            width: {
                var size = winsize()
                let found = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
                return found ? Int(size.ws_col) : 80
            },
            now: {
                var time = timespec()
                clock_gettime(CLOCK_MONOTONIC, &time)
                return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
            },
            write: { text in
                // Progress is never worth an error: what standard error does not take is lost.
                var bytes = Array(text.utf8)[...]
                while !bytes.isEmpty {
                    let count = bytes.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
                    if count < 0 && errno != EINTR { return }
                    bytes = bytes.dropFirst(max(0, count))
                }
            })
    }
}
