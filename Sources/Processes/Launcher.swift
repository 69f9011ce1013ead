import Foundation

/// The launcher that started this process as one of several: `mpirun`, `srun` or another that sets their variables.
package struct Launcher: Equatable, Sendable {
    /// The variable that said so.
    package let variable: String
    /// How many processes there are.
    package let count: Int
    /// The number of this process, from 0, as reported by the launcher.
    package let rank: Int

    /// Nil where the process was started alone, or is the only one.
    package init?(environment: [String: String] = ProcessInfo.processInfo.environment) {
        // Slurm's are those of a step: SLURM_NTASKS is also set in a batch script, which runs once.
        let variables = [
            ("OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"), ("PMI_SIZE", "PMI_RANK"),
            ("MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_RANK"), ("SLURM_STEP_NUM_TASKS", "SLURM_PROCID"),
        ]
        for (size, rank) in variables {
            guard let count = environment[size].flatMap({ Int($0) }), count > 1 else { continue }
            variable = size
            self.count = count
            self.rank = environment[rank].flatMap { Int($0) } ?? 0
            return
        }
        return nil
    }
}
