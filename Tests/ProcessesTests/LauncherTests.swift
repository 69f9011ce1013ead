import Testing

@testable import Processes

@Suite struct LauncherTests {
    @Test func severalProcessesAreSeenInTheirVariables() throws {
        let variables: [(String, String)] = [
            ("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"), ("PMI_SIZE", "PMI_RANK"),
            ("MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_RANK"), ("SLURM_STEP_NUM_TASKS", "SLURM_PROCID"),
        ]
        for (size, rank) in variables {
            let launcher = try #require(Launcher(environment: [size: "4", rank: "3"]))
            #expect((launcher.variable, launcher.count, launcher.rank) == (size, 4, 3))
            #expect(Launcher(environment: [size: "1", rank: "0"]) == nil)
        }
    }

    /// A batch script of a job with several tasks is itself a single process.
    @Test func aBatchScriptIsOneProcess() {
        #expect(Launcher(environment: ["SLURM_NTASKS": "8", "SLURM_PROCID": "0", "SLURM_JOB_ID": "7"]) == nil)
        #expect(Launcher(environment: [:]) == nil)
    }

    @Test func errorsSayWhatToDo() {
        #expect(
            ProcessError.builtWithoutMPI(variable: "OMPI_COMM_WORLD_SIZE", count: 2).description
                == "started as one of 2 processes (OMPI_COMM_WORLD_SIZE), but this program was built without MPI, so "
                + "each would do all of the work; build it with PENUMBRA_MPI=1, or start it once")
        #expect(
            ProcessError.differs(rank: 1, what: "data set", found: "a", expected: "b").description
                == "process 1 has a different data set from process 0: a, not b; start all with the same one")
        let inputs: [ProcessError] = [
            .builtWithoutMPI(variable: "PMI_SIZE", count: 2),
            .cannotShare(command: "plot", variable: "PMI_SIZE", count: 2),
            .tooFewPieces(pieces: 1, processes: 2),
        ]
        for error in inputs { #expect(error.isInput) }
        #expect(!ProcessError.stalled(doing: "gathering features", seconds: 60).isInput)
    }
}
