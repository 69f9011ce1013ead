import Foundation
import Parameters
import Testing

@Suite struct ParameterTests {
    enum Colour: String, ParameterValue, CaseIterable { case red, green }

    struct Example: ParameterSet {
        var colour = Colour.red
        var rate = 0.5
        var size: Int?
        var isBold = false
        var isFlat = true

        static let defaults = Example()
        static let parameters: [Parameter<Example>] = [
            Parameter("colour", \.colour, "color", "colour", isRequired: true),
            Parameter("rate", \.rate, "rate", in: .belowOne),
            Parameter("size", \.size, "size", in: .from(1, to: 9)),
            Parameter("isBold", \.isBold, "bold", form: .flag),
            Parameter("isFlat", \.isFlat, "flat", form: .invertedFlag),
        ]
    }

    @Test func jsonHasTheNamesOfTheTable() throws {
        var example = Example()
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var text = String(decoding: try encoder.encode(example), as: UTF8.self)
        #expect(text == #"{"colour":"red","isBold":false,"isFlat":true,"rate":0.5}"#)
        (example.size, example.colour, example.isFlat) = (3, .green, false)
        text = String(decoding: try encoder.encode(example), as: UTF8.self)
        #expect(try JSONDecoder().decode(Example.self, from: Data(text.utf8)) == example)
    }

    @Test func whatAnOlderRecordLacksIsAsByDefault() throws {
        let found = try JSONDecoder().decode(Example.self, from: Data(#"{"colour":"green"}"#.utf8))
        #expect(found.colour == .green && found.rate == 0.5 && found.size == nil && found.isFlat)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Example.self, from: Data("{}".utf8)) }
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Example.self, from: Data(#"{"colour":"blue"}"#.utf8))
        }
    }

    @Test func wordsOfACommandLine() throws {
        var example = Example()
        #expect(example.commandLine == ["--color", "red", "--rate", "0.5"])
        (example.size, example.isBold, example.isFlat) = (3, true, false)
        #expect(
            example.commandLine == ["--color", "red", "--rate", "0.5", "--size", "3", "--bold", "--no-flat"])
        let setting = try ParameterSetting(Example.parameter(\.colour), "green")
        #expect(Example.defaults.with([setting]).colour == .green)
        #expect(throws: ParameterError(option: "--color", found: "'blue'", expected: "red or green")) {
            try ParameterSetting(Example.parameter(\.colour), "blue")
        }
    }

    @Test(arguments: [
        (\Example.rate, 1.0), (\Example.rate, -0.1), (\Example.rate, .nan), (\Example.rate, .infinity),
    ]) func rangesAreChecked(path: WritableKeyPath<Example, Double> & Sendable, value: Double) {
        var example = Example()
        example[keyPath: path] = value
        #expect(
            throws: ParameterError(
                option: "--rate", found: "\(value)", expected: "a number of at least 0 and below 1")
        ) { try example.checkRanges() }
    }

    @Test func aDifferenceIsNamedByItsOption() throws {
        var other = Example()
        other.size = 4
        let difference = try #require(Example().difference(from: other))
        #expect(difference.parameter.phrase(difference.word) == "--size unset")
        #expect(difference.parameter.phrase(difference.otherWord) == "--size 4")
        other = Example()
        (other.isBold, other.isFlat) = (true, false)
        let flag = try #require(other.difference(from: Example()))
        #expect(flag.parameter.phrase(flag.word) == "--bold" && flag.parameter.phrase(flag.otherWord) == "no --bold")
        #expect(Example().difference(from: Example()) == nil)
    }
}
