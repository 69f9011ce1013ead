extension JSONRecords {
    /// More digits than a `Double` keeps.
    private static let exactDigits = 15

    /// The same JSON with long whole numbers in quotes. Foundation makes them `Double`s, in which ids such as 20231130123456789
    /// and its neighbours are one.
    /// - Complexity: O(number of bytes).
    static func quotingLongNumbers(_ bytes: [UInt8]) -> [UInt8] {
        func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        func isNumber(_ byte: UInt8) -> Bool { isDigit(byte) || "+-.eE".utf8.contains(byte) }
        var parts: [UInt8] = []
        /// Up to where `bytes` are in `parts`.
        var copied = 0
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
                    position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
                }
                position += 1
                continue
            }
            guard isDigit(byte) || byte == UInt8(ascii: "-") else {
                position += 1
                continue
            }
            let number = bytes[position...].prefix(while: isNumber)
            let digits = number.drop { $0 == UInt8(ascii: "-") }
            if digits.count > exactDigits, digits.allSatisfy(isDigit), digits.first != UInt8(ascii: "0") {
                parts += bytes[copied..<position]
                parts.append(UInt8(ascii: "\""))
                parts += number
                parts.append(UInt8(ascii: "\""))
                copied = number.endIndex
            }
            position = number.endIndex
        }
        return copied == 0 ? bytes : parts + bytes[copied...]
    }
}
