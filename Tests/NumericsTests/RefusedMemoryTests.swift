import Testing

@testable import Numerics

@Suite struct RefusedMemoryTests {
    @Test func itSaysWhatWasAskedForAndWhatToDo() {
        #expect(
            RefusedMemory(bytes: 3 << 30).description
                == "the system refused 3.0 GiB of memory; free some, raise the address-space limit (ulimit -v), "
                + "or compute less at once (smaller batches, fewer threads)")
    }

    #if compiler(>=6.2)  // Exit tests need Swift 6.2.
        /// No machine can address this much; the program's handler decides the exit code.
        @Test func aBufferThatCannotBeHadEndsTheProcessAsTheProgramSays() async {
            await #expect(processExitsWith: .exitCode(7)) {
                RefusedMemory.report { error in error.bytes == 1 << 60 ? 7 : 8 }
                _ = AlignedBuffer<UInt8>(count: 1 << 60)
            }
            await #expect(processExitsWith: .exitCode(1)) { _ = AlignedBuffer<UInt8>(count: 1 << 60) }
        }

        @Test func withoutRoomTheProcessEnds() async {
            await #expect(processExitsWith: .exitCode(9)) {
                RefusedMemory.report { error in error.bytes == 1 << 60 ? 9 : 8 }
                RefusedMemory.endUnlessThereIsRoom(for: 1 << 20)
                RefusedMemory.endUnlessThereIsRoom(for: 1 << 60)
            }
        }
    #endif
}
