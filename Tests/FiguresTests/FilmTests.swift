import Foundation
import TensorFiles
import Testing

@testable import Figures

@Suite struct FilmTests {
    /// A figure of one map with a caption of `lines` lines.
    private static func figure(_ index: Int, lines: Int = 1) throws -> Figure {
        let points = try ScatterPoints(
            coordinates: [Float(index), 0, 0, 1], colours: [Colour(hex: 0xFF0000), Colour(hex: 0x0000FF)])
        var figure = Figure([ScatterPanel(points)])
        figure.style.dotsPerInch = 36
        figure.caption = Array(repeating: "Iteration \(index).", count: lines).joined(separator: "\n")
        return figure
    }

    /// Parsed WebP chunks (RIFF): canvas, loop count, and the frames' positions, sizes and durations.
    private struct Container {
        var canvas = (0, 0)
        var loops = -1
        var frames: [(x: Int, y: Int, width: Int, height: Int, milliseconds: Int)] = []

        init(_ data: Data) throws {
            let bytes = Array(data)
            func number(_ at: Int, _ count: Int) -> Int {
                (0..<count).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) }
            }
            try #require(bytes.starts(with: Array("RIFF".utf8)) && Array(bytes[8..<12]) == Array("WEBP".utf8))
            try #require(number(4, 4) + 8 == bytes.count)
            var at = 12
            while at < bytes.count {
                let (name, size) = (String(decoding: bytes[at..<at + 4], as: UTF8.self), number(at + 4, 4))
                let body = at + 8
                switch name {
                case "VP8X": canvas = (number(body + 4, 3) + 1, number(body + 7, 3) + 1)
                case "ANIM": loops = number(body + 4, 2)
                case "ANMF":
                    frames.append(
                        (
                            2 * number(body, 3), 2 * number(body + 3, 3), number(body + 6, 3) + 1,
                            number(body + 9, 3) + 1, number(body + 12, 3)
                        ))
                default: break
                }
                at = body + size + size % 2
            }
        }
    }

    @Test func everyFigureIsShownInItsTime() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let url = folder.appendingPathComponent("film.webp")
        var film = Film(count: 5)
        (film.seconds, film.secondsAtEnd) = (2, 1.5)
        // The third frame is taller than the last, the second shorter; all get the last one's size.
        let lines = [2, 1, 4, 2, 2]
        try film.write(to: url) { try Self.figure($0, lines: lines[$0]) }
        let found = try Container(Data(contentsOf: url))
        let size = try DecodedPNG(Self.figure(4, lines: 2).data(as: .png))
        #expect(found.canvas == (size.width, size.height) && found.loops == 0)
        #expect(found.frames.map(\.milliseconds) == [500, 500, 500, 500, 1500])
        #expect(found.frames[0].width == size.width && found.frames[0].height == size.height)
        #expect(found.frames.allSatisfy { $0.x + $0.width <= size.width && $0.y + $0.height <= size.height })
        let first = try Data(contentsOf: url)
        try film.write(to: url) { try Self.figure($0, lines: lines[$0]) }
        let isSame = try Data(contentsOf: url) == first
        #expect(isSame)
    }

    @Test func oneFigureIsAFilm() throws {
        #expect(Film(count: 1).timestamps == [0, 2000])
        #expect(Film(count: 3).timestamps == [0, 4000, 8000, 10_000])
    }

    @Test func whatCannotBeWritten() throws {
        let film = Film(count: 1)
        let gif = URL(fileURLWithPath: "/tmp/film.gif")
        let error = FigureError.unknownFilmExtension(file: "/tmp/film.gif", found: "gif")
        #expect(throws: error) { try film.write(to: gif) { try Self.figure($0) } }
        #expect(
            error.description
                == "/tmp/film.gif: a film's format follows from its extension; found the extension .gif; expected .webp"
        )
        let nowhere = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString)/a.webp")
        #expect(throws: FileWriteError.self) { try film.write(to: nowhere) { try Self.figure($0) } }
    }
}
