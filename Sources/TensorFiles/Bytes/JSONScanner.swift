/// The parts of JSON that occur in a safetensors header.
struct JSONScanner {
    let bytes: [UInt8]
    let path: String
    let offset: Int
    var position = 0

    init(bytes: [UInt8], path: String, offset: Int) {
        self.bytes = bytes
        self.path = path
        self.offset = offset
    }

    func malformed(_ expected: String) -> SafetensorsError {
        .malformedHeader(path: path, position: offset + position, expected: expected)
    }

    private mutating func skipSpaces() {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
    }

    private mutating func skip(_ character: Character) -> Bool {
        skipSpaces()
        guard position < bytes.count, bytes[position] == character.asciiValue else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Character) throws(SafetensorsError) {
        if !skip(character) { throw malformed("'\(character)'") }
    }

    mutating func end() throws(SafetensorsError) {
        skipSpaces()
        if position != bytes.count { throw malformed("the header's end") }
    }

    /// Calls `member` after each key; `member` must consume the value.
    mutating func object(
        _ member: (inout JSONScanner, String) throws(SafetensorsError) -> Void
    ) throws(SafetensorsError) {
        try expect("{")
        if skip("}") { return }
        repeat {
            let key = try string()
            try expect(":")
            try member(&self, key)
        } while skip(",")
        try expect("}")
    }

    mutating func integers() throws(SafetensorsError) -> [Int] {
        try expect("[")
        var values: [Int] = []
        if skip("]") { return values }
        repeat {
            skipSpaces()
            let digits = bytes[position...].prefix { (0x30...0x39).contains($0) }
            guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
                throw malformed("a non-negative whole number")
            }
            position += digits.count
            values.append(value)
        } while skip(",")
        try expect("]")
        return values
    }

    mutating func string() throws(SafetensorsError) -> String {
        if !skip("\"") { throw malformed("a string") }
        var text: [UInt8] = []
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            let byte = bytes[position]
            if byte < 0x20 { throw malformed("no control character within a string") }
            position += 1
            if byte == UInt8(ascii: "\\") {
                text.append(contentsOf: String(try escape()).utf8)
            } else {
                text.append(byte)
            }
        }
        guard position < bytes.count else { throw malformed("the end of a string") }
        guard let string = String(validating: text, as: UTF8.self) else { throw malformed("UTF-8 in a string") }
        position += 1
        return string
    }

    private mutating func escape() throws(SafetensorsError) -> Unicode.Scalar {
        guard position < bytes.count else { throw malformed("the rest of an escape") }
        position += 1
        switch bytes[position - 1] {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let first = try hexadecimal()
            if let scalar = Unicode.Scalar(first) { return scalar }
            if first < 0xDC00, bytes[position...].starts(with: "\\u".utf8) {
                position += 2
                let second = try hexadecimal()
                if (0xDC00...0xDFFF).contains(second),
                    let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
                {
                    return scalar
                }
            }
            throw malformed("the second half of a surrogate pair")
        default:
            position -= 1
            throw malformed("a valid JSON escape")
        }
    }

    private mutating func hexadecimal() throws(SafetensorsError) -> UInt32 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw malformed("four hexadecimal digits") }
        position += 4
        return value
    }
}
