/// How far some work is, and its wording.
struct ProgressState: Equatable {
    var what: String
    /// What is counted, in the plural: `images`.
    var unit: String
    var total: Int
    var done: Int
    /// Done when the clock started, by an earlier run.
    var doneBefore: Int
    /// Seconds since the clock started.
    var seconds: Double
    /// What the work itself has to say at this point, such as its loss.
    var note: String

    /// Units a second, or nil while nothing was done.
    var rate: Double? {
        done > doneBefore && seconds > 0 ? Double(done - doneBefore) / seconds : nil
    }

    /// Seconds until all is done at the rate so far.
    var secondsLeft: Double? { rate.map { Double(total - done) / $0 } }

    /// At most 1.
    var share: Double { total > 0 ? min(1, Double(done) / Double(total)) : 1 }

    /// Whole percent, 100 only when all is done.
    var percent: String { "\(done >= total ? 100 : min(99, Int(share * 100)))%" }

    /// The state in one plain line.
    var line: String {
        var parts = ["\(what): \(done)/\(total) \(unit) (\(percent))"]
        if let rate { parts.append("\(Self.rate(rate))/s") }
        if let secondsLeft, done < total { parts.append("\(Self.time(secondsLeft)) left") }
        if !note.isEmpty { parts.append(note) }
        return Self.printable(parts.joined(separator: ", "))
    }

    /// What remains to be read when the work has ended.
    func lastLine(_ outcome: String?) -> String {
        var text = done >= total ? "\(what): \(total) \(unit)" : "\(what): \(done)/\(total) \(unit)"
        text += " in \(Self.time(seconds))"
        if let rate { text += ", \(Self.rate(rate))/s" }
        if !note.isEmpty { text += ", \(note)" }
        if let outcome { text += ", \(outcome)" }
        return Self.printable(text)
    }

    /// The state as a bar in exactly one line of at most `width` columns.
    ///
    /// In a narrow terminal the least important parts go first: the note, the rate, the count, then the bar itself, and at
    /// last the time left.
    func bar(width: Int, isUnicode: Bool) -> String {
        let name = Self.printable(what)
        let count = "\(done)/\(total) \(unit)"
        let speed = rate.map { "\(Self.rate($0))/s" } ?? ""
        let left = done < total ? secondsLeft.map { "\(Self.time($0)) left" } ?? "" : ""
        let forms = [
            [count, speed, left, Self.printable(note)], [count, speed, left], [count, left],
            ["\(done)/\(total)", left], [left],
        ]
        func tail(_ form: [String]) -> String {
            ([percent] + form.filter { !$0.isEmpty }).joined(separator: "  ")
        }
        func line(_ tail: String) -> String? {
            let room = width - name.count - tail.count - 2
            if room < 5 { return nil }
            return "\(name) \(Self.bar(share, width: min(room, 30), isUnicode: isUnicode)) \(tail)"
        }
        for form in forms {
            if let line = line(tail(form)) { return line }
        }
        if name.count + 1 + tail([left]).count <= width { return "\(name) \(tail([left]))" }
        if let line = line(percent) { return line }
        return String("\(percent) \(name)".prefix(max(0, width)))
    }

    private static func bar(_ share: Double, width: Int, isUnicode: Bool) -> String {
        if isUnicode {
            let eighths = Int(share * Double(width * 8))
            let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
            let full = String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
            return full + String(repeating: "░", count: width - full.count)
        }
        let full = Int(share * Double(width - 2))
        return "[" + String(repeating: "#", count: full) + String(repeating: ".", count: width - 2 - full) + "]"
    }

    /// Three significant digits.
    static func rate(_ value: Double) -> String {
        if value >= 100 { return "\(Int(value.rounded()))" }
        let decimals = value >= 10 ? 10.0 : 100.0
        return "\((value * decimals).rounded() / decimals)"
    }

    /// `9.3 s`, `1:20 min`, `2:05 h`.
    static func time(_ seconds: Double) -> String {
        if !seconds.isFinite || seconds > 1e8 { return "long" }
        if seconds < 9.95 { return "\((seconds * 10).rounded() / 10) s" }
        let whole = Int(seconds.rounded())
        func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60):\(twoDigits(whole % 60)) min" }
        return "\(whole / 3600):\(twoDigits(whole / 60 % 60)) h"
    }

    /// Without characters that would move the cursor or change colours: names of files may hold any.
    static func printable(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }
        return String(String.UnicodeScalarView(scalars))
    }
}
