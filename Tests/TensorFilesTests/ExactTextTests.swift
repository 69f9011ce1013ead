import Testing
import TestSupport

@testable import TensorFiles

@Suite struct ExactTextTests {
    @Test func spellingsOfOneCharacterAreTwoTexts() {
        let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
        #expect(composed == decomposed)
        #expect(ExactText(composed) != ExactText(decomposed))
        #expect(ExactText(composed) == ExactText("caf\u{E9}"))
        #expect(Set([composed, decomposed, composed].map(ExactText.init)).count == 2)
        #expect(!ExactText.areSame([composed], [decomposed]) && ExactText.areSame([composed], [composed]))
        #expect(!ExactText.areSame(["a"], ["a", "b"]))
    }

    @Test func longNamesAreShortened() {
        let name = String(repeating: "x", count: 1_000_000)
        #expect(name.displayed == String(repeating: "x", count: 40) + "…")
        #expect(name.displayed(atMost: 200).count == 201)
        #expect("a\u{1B}[1m".displayed == "a\u{FFFD}[1m")
        #expect("forty characters, which is the most: 1234".displayed.hasSuffix("…"))
        #expect("forty characters, which is the most: 123".displayed.hasSuffix("123"))
    }
}
