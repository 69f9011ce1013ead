/// The dictionary at the head of a `.npy` file, such as
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
///
/// Only this form of Python literal is parsed; nothing is evaluated.
struct NPYHeader: Equatable {
    var descr: String
    var fortranOrder: Bool
    var shape: [Int]

    /// Parses `bytes`, which begin at `offset` in the file. Throws `NPYError`.
    init(_ bytes: [UInt8], path: String, offset: Int) throws(NPYError) {
        var parser = Parser(bytes: bytes, path: path, offset: offset)
        var descr: String?
        var fortranOrder: Bool?
        var shape: [Int]?
        try parser.expect("{")
        while !parser.skip("}") {
            let key = try parser.shortString()
            try parser.expect(":")
            switch key {
            case "descr" where descr == nil: descr = try parser.descr()
            case "fortran_order" where fortranOrder == nil: fortranOrder = try parser.bool()
            case "shape" where shape == nil: shape = try parser.tuple()
            case "descr", "fortran_order", "shape": throw .duplicateKey(path: path, key: key)
            default: throw .unknownKey(path: path, key: key)
            }
            if !parser.skip(",") {
                try parser.expect("}")
                break
            }
        }
        try parser.end()
        guard let descr else { throw .missingKey(path: path, key: "descr") }
        guard let fortranOrder else { throw .missingKey(path: path, key: "fortran_order") }
        guard let shape else { throw .missingKey(path: path, key: "shape") }
        self.descr = descr
        self.fortranOrder = fortranOrder
        self.shape = shape
    }

    /// The type and byte order that `descr` names, or nil if the type cannot be converted to `Float`.
    var elementType: (type: ElementType, bigEndian: Bool)? {
        guard let order = descr.first, "<>=|".contains(order) else { return nil }
        let type: ElementType? =
            switch descr.dropFirst() {
            case "b1": .bool
            case "i1": .int8
            case "i2": .int16
            case "i4": .int32
            case "i8": .int64
            case "u1": .uint8
            case "u2": .uint16
            case "u4": .uint32
            case "u8": .uint64
            case "f2": .float16
            case "f4": .float32
            case "f8": .float64
            default: nil
            }
        guard let type, order != "|" || type.size == 1 else { return nil }
        return (type, order == ">")
    }

    private struct Parser {
        let bytes: [UInt8]
        let path: String
        let offset: Int
        var position = 0

        func malformed(_ expected: String) -> NPYError {
            .malformedHeader(path: path, position: offset + position, expected: expected)
        }

        mutating func skipSpaces() {
            while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
        }

        mutating func skip(_ character: Character) -> Bool {
            skipSpaces()
            guard position < bytes.count, bytes[position] == character.asciiValue else { return false }
            position += 1
            return true
        }

        mutating func expect(_ character: Character) throws(NPYError) {
            if !skip(character) { throw malformed("'\(character)'") }
        }

        mutating func end() throws(NPYError) {
            skipSpaces()
            if position != bytes.count { throw malformed("the header's end") }
        }

        mutating func string() throws(NPYError) -> String {
            skipSpaces()
            guard position < bytes.count, bytes[position] == 0x27 || bytes[position] == 0x22 else {
                throw malformed("a string")
            }
            let quote = bytes[position]
            let start = position + 1
            guard let end = bytes[start...].firstIndex(of: quote), !bytes[start..<end].contains(0x5C) else {
                throw malformed("a string without escapes")
            }
            position = end + 1
            return String(decoding: bytes[start..<end], as: UTF8.self)
        }

        /// A key or a type: short and printable, since error messages show it and an archive's reader keeps it.
        mutating func shortString() throws(NPYError) -> String {
            let text = try string()
            guard text.utf8.count <= 64, text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
                throw malformed("a string of at most 64 ASCII characters")
            }
            return text
        }

        /// A record's `descr` is a list of fields and not a number; the list is not examined.
        mutating func descr() throws(NPYError) -> String {
            guard skip("[") else { return try shortString() }
            var depth = 1
            while depth > 0 {
                skipSpaces()
                guard position < bytes.count else { throw malformed("']'") }
                switch bytes[position] {
                case 0x22, 0x27: _ = try string()
                case 0x5B: (depth, position) = (depth + 1, position + 1)
                case 0x5D: (depth, position) = (depth - 1, position + 1)
                default: position += 1
                }
            }
            return "a record of fields"
        }

        mutating func bool() throws(NPYError) -> Bool {
            skipSpaces()
            for (word, value) in [("True", true), ("False", false)] where bytes[position...].starts(with: word.utf8) {
                position += word.utf8.count
                return value
            }
            throw malformed("True or False")
        }

        mutating func tuple() throws(NPYError) -> [Int] {
            try expect("(")
            var extents: [Int] = []
            while !skip(")") {
                // NumPy itself allows 64.
                if extents.count == 64 { throw malformed("at most 64 dimensions") }
                extents.append(try extent())
                if !skip(",") {
                    try expect(")")
                    break
                }
            }
            return extents
        }

        mutating func extent() throws(NPYError) -> Int {
            skipSpaces()
            let digits = bytes[position...].prefix { (0x30...0x39).contains($0) }
            guard let value = Int(String(decoding: digits, as: UTF8.self)) else {
                throw malformed("a non-negative whole number")
            }
            position += digits.count
            let isLong = position < bytes.count && bytes[position] == 0x4C  // Python 2 writes 3L.
            if isLong { position += 1 }
            return value
        }
    }
}
