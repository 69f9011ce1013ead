/// NumPy's fixed-length texts, padded with NUL: `U` in UTF-32, `S` in bytes, which are decoded as UTF-8.
///
/// A text is at most `partSize` long, so none takes more memory than is read at once.
struct NPYText: Equatable, Sendable {
    /// The size of one text in bytes; positive.
    let size: Int
    private let isWide: Bool
    private let isBigEndian: Bool
    /// The number of bytes read at once.
    private static let partSize = 1 << 20

    /// The texts that `descr` names, such as `<U12` or `|S8`, or nil if it names none.
    init?(descr: String) {
        guard let order = descr.first, "<>=|".contains(order), let kind = descr.dropFirst().first,
            kind == "U" || kind == "S", let length = Int(descr.dropFirst(2)),
            (1...Self.partSize / (kind == "U" ? 4 : 1)).contains(length)
        else { return nil }
        isWide = kind == "U"
        isBigEndian = order == ">"
        size = isWide ? 4 * length : length
    }

    /// The next `count` texts of `stream`, read in parts. The caller has checked them against the stream's size. Throws
    /// `NPYError.invalidText` or what the stream throws.
    func read(_ count: Int, from stream: some ByteStream) throws -> [String] {
        var texts: [String] = []
        let partCount = Self.partSize / size
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
            var value: UInt32 = 0
            for byte in isBigEndian ? Array(character) : character.reversed() { value = value << 8 | UInt32(byte) }
            guard let scalar = Unicode.Scalar(value) else { return nil }
            text.unicodeScalars.append(scalar)
        }
        return text
    }
}
