/// NumPy's texts of one length, padded with NUL: `U` in UTF-32, `S` in bytes, which are taken for UTF-8.
struct NPYText: Equatable, Sendable {
    /// Of one text, in bytes; positive.
    let size: Int
    private let isWide: Bool
    private let isBigEndian: Bool

    /// The texts that `descr` names, such as `<U12` or `|S8`, or nil where it names none.
    init?(descr: String) {
        guard let order = descr.first, "<>=|".contains(order), let kind = descr.dropFirst().first,
            kind == "U" || kind == "S", let length = Int(descr.dropFirst(2)), (1...Int(Int32.max)).contains(length)
        else { return nil }
        isWide = kind == "U"
        isBigEndian = order == ">"
        size = isWide ? 4 * length : length
    }

    /// The next `count` texts of `stream`, read a part at a time. The caller has checked them against the stream's size.
    /// Throws `NPYError.invalidText` or what the stream throws.
    func read(_ count: Int, from stream: some ByteStream) throws -> [String] {
        var texts: [String] = []
        let partCount = max(1, (1 << 20) / size)
        while texts.count < count {
            let part = try stream.bytes(min(partCount, count - texts.count) * size)
            for start in stride(from: 0, to: part.count, by: size) {
                guard let text = text(part[start..<start + size]) else {
                    throw NPYError.invalidText(path: stream.path, row: texts.count + 1)
                }
                texts.append(text)
            }
        }
        return texts
    }

    private func text(_ bytes: ArraySlice<UInt8>) -> String? {
        let content = bytes.prefix((bytes.lastIndex { $0 != 0 } ?? bytes.startIndex - 1) + 1 - bytes.startIndex)
        if !isWide { return String(validating: content, as: UTF8.self) }
        var text = ""
        // In little-endian order the last bytes of the last character are often NUL themselves.
        for start in stride(from: content.startIndex, to: content.endIndex, by: 4) {
            let character = bytes[start..<start + 4]
            let value = (isBigEndian ? Array(character) : character.reversed()).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            guard let scalar = Unicode.Scalar(value) else { return nil }
            text.unicodeScalars.append(scalar)
        }
        return text
    }
}
