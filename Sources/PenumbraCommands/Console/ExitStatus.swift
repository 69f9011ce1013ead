import PenumbraRuns
import Backbones
import Figures
import ImageDatasets
import LabelDistributions
import LabelFiles
import NeighborEmbedding
import NeuralNetwork
import Numerics
import Parameters
import Processes
import RasterImages
import TensorFiles
import Training

/// The meaning of the program's exit code.
///
/// A run stopped by a signal ends with 128 plus the signal's number, as in a shell.
enum ExitStatus: Int32, Equatable {
    /// Everything was done.
    case done = 0
    /// Something failed for which the user's input is not to blame: a full disk, a missing font, a bug.
    case failed = 1
    /// The command line, or a file named there, is wrong.
    case wrongInput = 2
    /// SIGINT (Ctrl-C) requested a stop; what was finished is kept.
    case interrupted = 130
    /// SIGHUP requested a stop, as when a terminal closes; what was finished is kept.
    case hungUp = 129
    /// SIGTERM requested a stop, as from batch systems before they kill a job; what was finished is kept.
    case terminated = 143

    /// The time of `--stop-after` has passed, or another job must be done before this one: the same command can continue later.
    /// The number is that of a temporary failure in sysexits.h.
    case later = 75

    /// Whether a signal or the time limit requested a stop.
    var isInterruption: Bool { [.interrupted, .hungUp, .terminated, .later].contains(self) }

    /// The status for the signal that requested a stop.
    private static var interruption: ExitStatus { ExitStatus(rawValue: Interruption.exitCode) ?? .interrupted }

    /// The status for an error of this program.
    init(of error: any Error) {
        switch error {
        case let interruption as Interruption: self = interruption.isOutOfTime ? .later : .interruption
        case is ReproductionJob.Waiting: self = .later
        case is InputError, is FileReadError, is NPYError, is NPZError, is ZIPError, is CSVError, is SafetensorsError,
            is PyTorchError, is KerasError, is HDF5Error, is TensorFileError, is LabelDistributionError,
            is DatasetError, is SplitError, is ShapesError, is FibresError, is MixturesError, is ImageFileError,
            is CheckpointError, is NetworkMemoryError, is PrecisionError, is ParameterError, is LabelFileError,
            is OutputLock.Held, is AddressSpaceError, is PartError:
            self = .wrongInput
        case let error as ProcessError: self = error.isInput ? .wrongInput : .failed
        case let error as TrainingError: self = error.isInput ? .wrongInput : .failed
        case let error as FigureError:
            switch error {
            case .drawing, .noFont: self = .failed
            case .unknownExtension, .unknownFilmExtension, .countMismatch, .notFinite, .outOfRange, .notADistribution,
                .addressSpace, .noRoom:
                self = .wrongInput
            }
        case let error as TSNEError:
            switch error {
            case .diverged, .noTransformPlan: self = .failed
            case .stoppedBeforeLayout: self = .interruption
            default: self = .wrongInput
            }
        default: self = .failed
        }
    }
}
