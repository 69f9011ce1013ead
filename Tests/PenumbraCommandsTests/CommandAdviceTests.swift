import TestSupport
import Testing

@testable import PenumbraCommands

/// Options spelled as in other programs, or mistyped: the error names the option to use.
@Suite struct CommandAdviceTests {
    @Test(arguments: [
        ("project f.npy --out o.csv --random-state 1", "Use '--seed' here."),
        ("project f.npy --out o.csv --random_state 1", "Use '--seed' here."),
        ("project f.npy --out o.csv --n-jobs 2", "Use '--threads' here."),
        ("project f.npy --out o.csv --n_jobs=2", "Use '--threads' here."),
        ("project f.npy --out o.csv --n_components 2", "A map has two axes; --dimensions 1 makes it one."),
        ("project f.npy --out o.csv --n_iter 500", "Use '--max-iter' here."),
        ("project f.npy --out o.csv --learning_rate 200", "Did you mean '--learning-rate'?"),
        ("project f.npy --out o.csv --perplexty 30", "Did you mean '--perplexity'?"),
        ("project f.npy --out o.csv --epochs 30", "'penumbra project' has no such option; reproduce, train have it."),
        ("train d --out r --labels soft --num-epochs 3", "Use '--epochs' here."),
        (
            "train d --out r --labels soft --verbose",
            "Progress is shown unless --quiet is given; 'penumbra --version --verbose' names the libraries."
        ),
        ("train d --out r --labels sofd", "Did you mean 'soft'?"),
        ("trian d --out r", "Did you mean 'train'?"),
        ("embedd", "Did you mean 'embed'?"),
        ("generate shape --out r", "Did you mean 'shapes'?"),
    ])
    func answers(line: String, advice: String) {
        let run = CommandRun(arguments: line.split(separator: " ").map(String.init))
        #expect(run.status == .wrongInput)
        #expect(run.errors.split(separator: "\n").contains { $0 == advice }, "\(run.errors)")
        // Our advice replaces the parser's own spelling guess instead of adding to it.
        #expect(run.errors.components(separatedBy: "Did you mean").count <= 2)
    }

    @Test(arguments: ["-1", "-.5", "-1e-3"]) func aNegativeNumberGetsTheRange(word: String) throws {
        let folder = try TemporaryFolder()
        _ = CommandRun("generate", "shapes", "--out", folder.path("set"), "--count", "30", "--size", "32")
        let run = CommandRun(
            "train", folder.path("set/Shapes"), "--out", folder.path("run"), "--labels", "soft", "--lr", word)
        #expect(run.status == .wrongInput)
        #expect(
            run.errors.contains("The value '\(word)' is invalid for '--lr <lr>': expected a number above 0"),
            "\(run.errors)")
    }

    @Test func otherNumbersAreLeftAlone() {
        #expect(CommandAdvice.joiningNegativeNumbers(["project", "-1"]) == ["project", "-1"])
        #expect(
            CommandAdvice.joiningNegativeNumbers(["project", "--quiet", "-1"]) == ["project", "--quiet", "-1"])
        #expect(
            CommandAdvice.joiningNegativeNumbers(["project", "--seed", "-1"]) == ["project", "--seed=-1"])
    }

    /// The parser would keep the last value in silence.
    @Test(arguments: [
        ("train d --out r --labels hard --labels soft", "--labels takes one value; found 'hard' and 'soft'."),
        (
            "train d --out r --labels soft --lr 1 --learning-rate 2",
            "--learning-rate takes one value; found '1' and '2'."
        ),
        ("train d --out r --labels soft --split 1 --split=2", "--split takes one value; found '1' and '2'."),
        ("project f.npy --out a.csv --seed=1 --out b.csv", "--out takes one value; found 'a.csv' and 'b.csv'."),
        ("generate shapes --out d --count 5 --count 6", "--count takes one value; found '5' and '6'."),
    ])
    func anOptionIsGivenOnce(line: String, problem: String) {
        let run = CommandRun(exactly: line.split(separator: " ").map(String.init))
        #expect(run.status == .wrongInput)
        #expect(run.errors.hasPrefix("Error: \(problem)"), "\(run.errors)")
        let command = line.prefix { $0 != "-" }.split(separator: " ").prefix { !["d", "f.npy"].contains($0) }
        #expect(run.errors.contains("\nUsage: penumbra \(command.joined(separator: " ")) "), "\(run.errors)")
        #expect(run.errors.contains("'penumbra \(command.joined(separator: " ")) --help'"), "\(run.errors)")
    }

    /// An error of a running command names its own help, as one of parsing does.
    @Test func theHelpIsThatOfTheCommand() throws {
        let folder = try TemporaryFolder()
        let run = CommandRun("reproduce", "--preset", "real", "--out", folder.path("run"))
        #expect(run.status == .wrongInput)
        #expect(run.errors.hasPrefix("Error: Preset real needs --data"), "\(run.errors)")
        #expect(run.errors.contains("\nUsage: penumbra reproduce "), "\(run.errors)")
        #expect(run.errors.hasSuffix("\n  See 'penumbra reproduce --help' for more information.\n"), "\(run.errors)")
    }

    /// Options with several values, flags and words after `--` may be repeated.
    @Test func whatMayBeRepeated() throws {
        let tree = try #require(CommandTree.ofProgram)
        for line in [
            "evaluate r --table a.md --table b.tex", "embed m d --out x.npy --layer a --layer b", "plot a.csv -q -q",
            "project -- --out --out",
        ] {
            #expect(RepeatedOption(in: line.split(separator: " ").map(String.init), of: tree) == nil, "\(line)")
        }
    }

    @Test func theFoldersOfOutputsAreMade() throws {
        let folder = try TemporaryFolder()
        let features = try folder.file("f.csv", "id,f0,f1\n" + (0..<12).map { "s\($0),\($0),\($0 % 5)\n" }.joined())
        let run = CommandRun(
            "project", features, "--out", folder.path("new/deep/map.csv"), "--perplexity", "3", "--max-iter", "20",
            "--quiet")
        #expect(run.status == .done, "\(run.errors)")
        #expect(try folder.text("new/deep/map.csv").hasPrefix("id,x,y\n"))
    }
}
