import Synchronization
import Testing

@testable import TerminalProgress

@Suite struct TerminalProgressTests {
    /// A terminal whose clock the test controls.
    final class Screen: Sendable {
        let seconds = Mutex(0.0)
        let texts = Mutex<[String]>([])

        func output(_ style: ProgressOutput.Style, width: Int = 80) -> ProgressOutput {
            ProgressOutput(
                style: style, isUnicode: true, width: { width }, now: { self.seconds.withLock { $0 } },
                write: { text in self.texts.withLock { $0.append(text) } })
        }

        func wait(_ time: Double) { seconds.withLock { $0 += time } }
        var shown: [String] { texts.withLock { $0 } }
    }

    private func state(done: Int, seconds: Double = 10, note: String = "loss 0.51") -> ProgressState {
        ProgressState(
            what: "train soft", unit: "images", total: 9000, done: done, doneBefore: 0, seconds: seconds, note: note)
    }

    @Test func elsewhereOneLineASecondFirstAndLastAlways() {
        let screen = Screen()
        let progress = ProgressDisplay("draw", total: 100, unit: "images", to: screen.output(.lines))
        for done in 1...100 {
            screen.wait(1 / 32)
            progress.update(done)
        }
        progress.end()
        #expect(
            screen.shown == [
                "draw: 0/100 images (0%)\n", "draw: 32/100 images (32%), 32.0/s, 2.1 s left\n",
                "draw: 64/100 images (64%), 32.0/s, 1.1 s left\n",
                "draw: 96/100 images (96%), 32.0/s, 0.1 s left\n", "draw: 100 images in 3.1 s, 32.0/s\n",
            ])
    }

    @Test func onATerminalAtMostTenDrawingsASecondAndACleanLineAtTheEnd() {
        let screen = Screen()
        let progress = ProgressDisplay("draw", total: 1000, unit: "images", to: screen.output(.bar))
        for done in 1...1000 {
            screen.wait(0.001)
            progress.update(done)
        }
        #expect((10...11).contains(screen.shown.count))
        #expect(screen.shown.allSatisfy { $0.hasPrefix("\r") && $0.hasSuffix("\u{1B}[K") && !$0.contains("\n") })
        progress.end()
        #expect(screen.shown.suffix(2) == ["\r\u{1B}[K", "draw: 1000 images in 1.0 s, 1000/s\n"])
        let count = screen.shown.count
        progress.end()
        progress.update(5)
        #expect(screen.shown.count == count)
    }

    @Test func quietShowsNothing() {
        let screen = Screen()
        let progress = ProgressDisplay("draw", total: 10, unit: "images", to: screen.output(.none))
        progress.update(5)
        progress.print("line")
        progress.end()
        #expect(screen.shown.isEmpty)
    }

    @Test func aDisplayThatIsDroppedTakesItsBarWithIt() {
        let screen = Screen()
        do { _ = ProgressDisplay("draw", total: 10, unit: "images", to: screen.output(.bar)) }
        #expect(screen.shown.last == "\r\u{1B}[K")
    }

    @Test func aLineOfItsOwnStandsAboveTheBar() {
        let screen = Screen()
        let progress = ProgressDisplay("draw", total: 10, unit: "images", to: screen.output(.bar))
        progress.print("epoch 1\u{1B}[31m")
        #expect(screen.shown[1...2] == ["\r\u{1B}[K", "epoch 1?[31m\n"])
        #expect(screen.shown.count == 4)
        progress.end("interrupted")
        #expect(screen.shown.last == "draw: 0/10 images in 0.0 s, interrupted\n")
    }

    @Test func workDoneBeforeDoesNotCountAsSpeed() {
        let screen = Screen()
        let progress = ProgressDisplay("train", total: 100, unit: "steps", done: 80, to: screen.output(.lines))
        screen.wait(2)
        progress.update(90, note: "loss 1")
        #expect(screen.shown.last == "train: 90/100 steps (90%), 5.0/s, 2.0 s left, loss 1\n")
    }

    @Test(arguments: [
        (120, "train soft ██████████░░░░░░░░░░░░░░░░░░░░ 33%  3000/9000 images  300/s  20 s left  loss 0.51"),
        (80, "train soft ██████░░░░░░░░░░░░ 33%  3000/9000 images  300/s  20 s left  loss 0.51"),
        (72, "train soft ███▎░░░░░░ 33%  3000/9000 images  300/s  20 s left  loss 0.51"),
        (50, "train soft ██░░░░ 33%  3000/9000 images  20 s left"),
        (40, "train soft ████▋░░░░░░░░░ 33%  20 s left"),
        (24, "train soft ███░░░░░░ 33%"),
        (12, "33% train so"), (0, ""),
    ])
    func aNarrowTerminalLosesTheLeastImportantFirst(width: Int, bar: String) {
        let text = state(done: 3000).bar(width: width, isUnicode: true)
        #expect(text.count <= width)
        #expect(text == bar)
    }

    @Test func everyWidthHoldsItsBar() {
        for width in 0...200 {
            for done in [0, 1, 4567, 8999, 9000] {
                for isUnicode in [true, false] {
                    #expect(state(done: done).bar(width: width, isUnicode: isUnicode).count <= width)
                }
            }
        }
        #expect(state(done: 9000).bar(width: 60, isUnicode: false).hasPrefix("train soft [######]"))
    }

    @Test func onlyAllIsAHundredPercent() {
        #expect(state(done: 8999).percent == "99%")
        #expect(state(done: 9000).percent == "100%")
        #expect(ProgressState(what: "", unit: "", total: 0, done: 0, doneBefore: 0, seconds: 0, note: "").share == 1)
    }

    @Test(arguments: [
        (0.04, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1:00 min"), (3599, "59:59 min"),
        (3600, "1:00 h"), (90_000, "25:00 h"), (.infinity, "long"),
    ])
    func times(seconds: Double, text: String) {
        #expect(ProgressState.time(seconds) == text)
    }

    @Test(arguments: [(0.123, "0.12"), (9.876, "9.88"), (12.34, "12.3"), (336.4, "336")])
    func rates(value: Double, text: String) {
        #expect(ProgressState.rate(value) == text)
    }

    @Test func threadsMayCallAtOnce() async {
        let screen = Screen()
        let progress = ProgressDisplay("draw", total: 4000, unit: "images", to: screen.output(.lines))
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<4 {
                group.addTask {
                    for step in 0..<1000 {
                        screen.wait(0.01)
                        progress.update(task * 1000 + step)
                    }
                }
            }
        }
        progress.end()
        #expect(screen.shown.allSatisfy { $0.hasPrefix("draw: ") && $0.hasSuffix("\n") })
    }
}
