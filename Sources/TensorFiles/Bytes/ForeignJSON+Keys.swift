extension ForeignJSON {
    /// A key that occurs twice in one object. Foundation keeps one of its values without a word.
    package struct RepeatedKey: Equatable {
        /// The key.
        package let key: String
        /// The keys and places, from 0, that lead to the object; empty for the outermost.
        package let path: [Step]
    }

    /// A key of an object, or a place in a list.
    package struct Step: CodingKey, Equatable {
        package let stringValue: String
        package let intValue: Int?

        package init(stringValue: String) {
            self.stringValue = stringValue
            intValue = nil
        }

        package init(intValue: Int) {
            stringValue = "\(intValue)"
            self.intValue = intValue
        }
    }

    /// An object or list that is not closed yet.
    private struct Level {
        let isObject: Bool
        var keys: Set<String> = []
        var step = Step(intValue: 0)
    }

    /// The first key of valid JSON that its object already has; nil where there is none, or where this is not JSON.
    /// - Complexity: O(number of bytes).
    package static func repeatedKey(in bytes: [UInt8]) -> RepeatedKey? {
        var scanner = JSONScanner(bytes: bytes, path: "", offset: 0)
        var levels: [Level] = []
        var expectsKey = false
        while scanner.position < bytes.count {
            switch bytes[scanner.position] {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                expectsKey = bytes[scanner.position] == UInt8(ascii: "{")
                levels.append(Level(isObject: expectsKey))
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                expectsKey = false
                if levels.popLast() == nil { return nil }
            case UInt8(ascii: ","):
                guard let level = levels.last else { return nil }
                expectsKey = level.isObject
                if let place = level.step.intValue, !level.isObject {
                    levels[levels.count - 1].step = Step(intValue: place + 1)
                }
            case UInt8(ascii: "\"") where expectsKey:
                guard let key = try? scanner.string() else { return nil }
                expectsKey = false
                if !levels[levels.count - 1].keys.insert(key).inserted {
                    return RepeatedKey(key: key, path: levels.dropLast().map(\.step))
                }
                levels[levels.count - 1].step = Step(stringValue: key)
                continue
            case UInt8(ascii: "\""):
                scanner.position = end(ofString: scanner.position, in: bytes)
            default: break
            }
            scanner.position += 1
        }
        return nil
    }

    /// Where the quote is that closes the string that begins at `start`.
    private static func end(ofString start: Int, in bytes: [UInt8]) -> Int {
        var position = start + 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return position
    }
}
