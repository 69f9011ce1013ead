/// Examples for each command, for `penumbra help COMMAND` and the man pages. Tests parse all of them.
enum CommandExamples {
    struct Example: Sendable {
        /// What the example does, in a few words.
        let purpose: String
        let line: String

        init(_ purpose: String, _ line: String) { (self.purpose, self.line) = (purpose, line) }
    }

    /// Keyed by the words after `penumbra`.
    static let all: [String: [Example]] = [
        "annotation-budget": [
            Example(
                "How many votes per image are enough",
                "penumbra annotation-budget votes.csv --features soft.npy --out budget")
        ],
        "figure": [
            Example(
                "A figure of a checkpoint's feature space", "penumbra figure model.pth --data images --out figure.pdf"),
            Example(
                "Two feature files as panels that start alike",
                "penumbra figure hard.npy soft.npy --labels labels.csv --out figure.pdf"),
        ],
        "reproduce": [
            Example(
                "The quick version of the paper's figure, from scratch",
                "penumbra reproduce --preset quick --out figures"),
            Example(
                "The paper's table; resumes where it was interrupted",
                "penumbra reproduce --preset table1 --out runs/table1"),
        ],
        "generate shapes": [
            Example(
                "Images between six pure classes, with exact soft labels",
                "penumbra generate shapes --out images --count 3000 --seed 1")
        ],
        "generate fibres": [
            Example(
                "Fibre images with the votes of ten annotators", "penumbra generate fibres --out fibres --annotators 10"
            )
        ],
        "generate mixtures": [
            Example("Mixtures of the images of any data set", "penumbra generate mixtures cifar10h --out mixed")
        ],
        "dataset": [
            Example(
                "What a folder holds, and its most ambiguous images",
                "penumbra dataset cifar10h --contact-sheet ambiguous.png"),
            Example("Images with a table of votes elsewhere", "penumbra dataset images --votes votes.csv --json"),
        ],
        "train": [
            Example(
                "On soft labels, into a run",
                "penumbra train cifar10h --out runs/cifar --labels soft --image-size 32"),
            Example(
                "From pre-trained weights, with another rate",
                "penumbra train images --out runs/mine --labels soft --pretrained densenet121.pth --lr 0.05"),
        ],
        "merge": [
            Example(
                "The features from an array of jobs, each of which did a share",
                "penumbra merge parts")
        ],
        "evaluate": [
            Example("A table of results for a paper", "penumbra evaluate runs/cifar --table table.tex"),
            Example("Predictions from another program", "penumbra evaluate predictions.csv --data images --subset all"),
        ],
        "compare": [
            Example("Which kind of labels orders the space better", "penumbra compare runs/cifar --out comparison"),
            Example(
                "Features from other programs",
                "penumbra compare hard.npy soft.npy --labels soft-samples.csv --out comparison"),
        ],
        "inspect": [Example("What a checkpoint holds", "penumbra inspect model.pth")],
        "embed": [
            Example("Features of all images", "penumbra embed model.pth images --subset all --out features.npy")
        ],
        "project": [
            Example(
                "A map with scikit-learn's usual settings",
                "penumbra project features.npy --out map.csv --perplexity 30"),
            Example(
                "Repeatable, with other settings",
                "penumbra project features.csv --out map.csv --max-iter 5000 --seed 3 --threads 2"),
        ],
        "place": [
            Example(
                "New samples in a map that stays as it is",
                "penumbra place new.npy --into map.csv --reference features.npy --out placed.csv")
        ],
        "explore": [
            Example(
                "A map to search and filter, with its images",
                "penumbra explore map.csv --labels features-samples.csv --data images --out explorer.html")
        ],
        "plot": [
            Example("A figure for a paper", "penumbra plot map.csv --labels features-samples.csv --out figure.pdf"),
            Example(
                "Two maps side by side", "penumbra plot hard.csv soft.csv --labels samples.csv --out figure.png"),
        ],
    ]

    /// The examples of the command with these words, or those of its subcommands if it has none.
    static func of(_ words: [String]) -> [Example] {
        let name = words.joined(separator: " ")
        if let own = all[name] { return own }
        return all.filter { $0.key.hasPrefix(name + " ") }.sorted { $0.key < $1.key }.flatMap(\.value)
    }

    /// The examples as printed in help.
    static func section(_ words: [String]) -> String {
        let examples = of(words)
        if examples.isEmpty { return "" }
        return "\n\nEXAMPLES:\n" + examples.map { "  \($0.purpose):\n    \($0.line)" }.joined(separator: "\n")
    }
}
