import TestSupport

/// Suites that call `penumbra reproduce` with little work.
protocol QuickReproduction {}

extension QuickReproduction {
    /// Reproduces the quick preset with 60 images and one epoch, into `run` in the folder.
    func reproduce(_ folder: TemporaryFolder, _ more: String...) -> CommandRun {
        CommandRun(
            arguments: [
                "reproduce", "--preset", "quick", "--out", folder.path("run"), "--count", "60", "--image-size", "32",
                "--epochs", "1", "--batch-size", "12", "--max-iter", "60", "--perplexity", "3", "--threads", "1",
                "--backbone", "resnet20_cifar",
            ] + more)
    }
}
