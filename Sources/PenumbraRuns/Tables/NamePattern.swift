/// A shell pattern for names: `*` matches any characters, `?` exactly one.
struct NamePattern {
    private let pattern: [Character]

    init(_ pattern: String) { self.pattern = Array(pattern) }

    /// - Complexity: O(length of the name × length of the pattern).
    func matches(_ name: String) -> Bool {
        let name = Array(name)
        var (place, next) = (0, 0)
        var star: (place: Int, next: Int)?
        while place < name.count {
            if next < pattern.count, pattern[next] == "*" {
                star = (place, next)
                next += 1
            } else if next < pattern.count, pattern[next] == "?" || pattern[next] == name[place] {
                (place, next) = (place + 1, next + 1)
            } else if let last = star {
                star = (last.place + 1, last.next)
                (place, next) = (last.place + 1, last.next + 1)
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == "*" }
    }
}
