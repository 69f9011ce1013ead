import TensorFiles

/// Names that columns of label files have, as `plain` spells them: those of this program and of pandas, Label
/// Studio, crowd-kit, Toloka, cleanlab, Kaggle, FER+ and the DCIC benchmark.
enum ColumnNames {
    /// Of the samples. The first that is there counts, before all others one that holds names of images.
    static let ids = [
        "id", "image_id", "image", "image_name", "image_path", "filename", "file_name", "file", "path", "img", "img_id",
        "img_name", "img_path", "image_file", "image_url", "input:image", "input:image_url", "sample_id", "sample",
        "task",
        "imgid", "imageid", "imgname", "imagename", "imagepath", "fileid",
        "task_id", "item", "item_id", "example_id", "name", "uid", "key", "object_id", "url", "id_code",
    ]
    static let labels = [
        "label", "class_label", "class", "choice", "annotation", "category", "answer", "response", "rating",
        "output:label", "output:class", "output:category", "output:result", "class_name", "label_name", "target",
        "cluster",
        "level", "grade", "diagnosis", "species", "emotion",
    ]
    /// Those of `labels` that say nothing but that they hold labels; beside each other, none is more one than the others.
    static let plainLabels: Set = ["label", "class_label", "class", "class_name", "label_name", "target"]
    static let annotators = [
        "annotator", "annotator_id", "annotator_name", "worker", "worker_id", "workerid", "rater", "rater_id", "user",
        "user_id", "performer", "performer_id", "completed_by", "labeler", "labeller", "expert", "coder", "judge",
        "reviewer", "annotated_by", "assignment:worker_id", "participant", "participant_id", "respondent",
        "respondent_id", "grader", "grader_id", "turker", "turker_id", "_worker_id", "_annotator_id", "_session_id",
    ]
    static let splits = ["split", "usage", "subset", "partition"]
    static let folds = ["fold"]

    /// Skipped unless the user says otherwise: annotators use these names to say that they cannot label the image.
    static let nonClasses: Set = [
        "unknown", "nf", "not_a_face", "non_face", "no_face", "unsure", "not_sure", "dont_know", "don't_know", "idk",
        "cant_tell", "can't_tell", "cannot_tell", "skip", "skipped", "unlabeled", "unlabelled",
    ]

    /// What columns before a number are called where each belongs to an annotator: `annotator_1`, `random_label1`, `rater2`.
    static let annotatorStems: Set = [
        "annotator", "annotation", "rater", "rating", "worker", "label", "random_label", "user", "expert", "coder",
        "judge",
        "performer", "labeler", "labeller", "reviewer", "reader", "vote", "observer", "pathologist", "radiologist",
        "participant", "respondent", "grader", "doctor", "ann", "annot",
    ]
    /// Of these stems, those that may also stand before the names of classes.
    static let classStems: Set = ["annotation", "rating", "label", "random_label", "vote"]

    /// Words in the names of columns that hold what a model says, and what is right.
    private static let predictionWords: Set = ["predicted", "prediction", "predictions", "predict", "pred", "preds"]
    private static let truthWords: Set = [
        "true", "truth", "groundtruth", "gt", "gold", "golden", "actual", "expected", "consensus", "majority", "final",
        "adjudicated", "aggregated", "argmax", "aggregate", "mode", "mv", "agreed", "dawid", "reference",
    ]
    /// Words for the one label that an image has in the end.
    private static let ofOneImage: Set = [
        "gt", "truth", "groundtruth", "consensus", "majority", "adjudicated", "aggregated", "argmax", "labels",
        "target",
        "targets",
    ]
    /// Words beside `class` in the name of a column of classes, rather than in that of one class.
    private static let besideClass: Set = [
        "idx", "index", "id", "no", "number", "code", "name", "true", "gold", "final", "hard", "expert",
    ]
    private static let amountWords: Set = [
        "n", "nb", "num", "number", "count", "counts", "cnt", "votes", "nvotes", "total", "sum", "size", "weight",
        "weights",
        "p", "prob", "probs", "probability", "share", "proportion", "percent", "percentage", "pct", "frac", "fraction",
        "freq", "frequency", "0",
    ]

    static func isPrediction(_ name: String) -> Bool { words(name).contains(where: predictionWords.contains) }

    static func isTruth(_ name: String) -> Bool { words(name).contains(where: truthWords.contains) }

    /// Whether a column of that name holds the label of an image rather than the votes for a class: `true_label`, `gt`,
    /// `class_idx`, `consensus`.
    static func isLabel(_ name: String) -> Bool {
        let words = words(name)
        if words.count == 1 { return labels.contains(words[0]) || ofOneImage.contains(words[0]) }
        if words.count > 3 { return false }
        return words.contains { ofOneImage.contains($0) || $0 == "label" || $0 == "labels" || $0 == "target" }
            || words.contains("class") && words.contains(where: besideClass.contains)
    }

    /// Whether a column of that name may say how many annotations a row stands for, or which share of them.
    static func isAmount(_ name: String) -> Bool { words(name).contains(where: amountWords.contains) }

    /// Whether a column of that name holds the votes for one class: `malignant_votes`, `num_positive`.
    static func speaksOfVotes(_ name: String) -> Bool {
        let words = words(name)
        return !isLabel(name) && words.count > 1
            && (["n", "nb", "num", "number"].contains(words[0])
                || words.contains { ["vote", "votes", "nvotes", "count", "counts", "cnt"].contains($0) })
    }

    /// Whether whatever is in a column of that name says that the annotation was rejected: MTurk's `Reject` and
    /// `RejectionTime`, Appen's `_tainted`.
    static func marksRejection(_ name: String) -> Bool {
        let words = words(name)
        return words.count < 3 && words.contains { ["reject", "rejected", "rejection", "tainted"].contains($0) }
    }

    /// Whether a column of that name holds a number of things, or whether something is so: `n_faces`, `is_test`.
    static func isNumberOrFlag(_ name: String) -> Bool {
        let words = words(name)
        return words.count > 1 && ["n", "nb", "num", "number", "is", "has"].contains(words[0])
    }

    /// Whether a column of that name says of each image whether something is so, such as that it belongs to a subset.
    static func isFlag(_ name: String) -> Bool {
        let words = words(name)
        return words.count > 1 && ["is", "has"].contains(words[0])
            || words.count == 1
                && ["train", "training", "val", "valid", "validation", "dev", "test"].contains(words[0])
    }

    /// Whether the name of a column speaks of annotators: `rater_a`, `coder1_label`.
    static func speaksOfAnnotators(_ name: String) -> Bool {
        words(name).contains { word in
            let stem = String(word.reversed().drop { ("0"..."9").contains($0) }.reversed())
            return annotatorStems.contains(stem) && !classStems.contains(stem)
        }
    }

    static func words(_ name: String) -> [String] {
        plain(name).split { $0 == "_" || $0 == "." }.map(String.init)
    }

    static let rowNumbers: Set = ["", "index", "idx", "row", "row_number", "row_id", "level_0"]
    private static let totals: Set = [
        "total", "sum", "count", "n", "n_votes", "num_votes", "total_votes", "votes", "n_annotators", "num_annotators",
        "annotators", "n_annotations", "num_annotations", "n_raters", "num_raters", "raters", "responses",
        "n_responses", "annotator_count", "nr_annotators", "total_count", "votes_total", "sum_votes",
        "grand_total", "row_total", "row_totals", "summe", "gesamt", "gesamtergebnis",
    ]
    private static let measures: Set = [
        "width", "height", "depth", "channels", "image_width", "image_height", "img_width", "img_height", "xmin",
        "ymin",
        "xmax", "ymax", "x_min", "y_min", "x_max", "y_max", "bbox", "area", "size", "file_size", "filesize", "bytes",
    ]
    private static let times: Set = [
        "lead_time", "time", "timestamp", "date", "created_at", "updated_at", "seconds", "duration", "annotation_time",
    ]
    /// Of what is in the image, or of how it was taken or shown. Such a column may hold the labels, but is no class.
    private static let attributes: Set = [
        "age", "sex", "gender", "year", "month", "latitude", "longitude", "lat", "lon", "lng", "altitude",
        "temperature", "price", "cost", "score", "difficulty", "brightness", "contrast", "saturation", "sharpness",
        "iso", "magnification", "batch", "cohort", "seed",
    ]
    private static let derived: Set = ["entropy", "agreement", "confidence", "majority", "annotation_id"]
    /// What `generate` and `train` know of a sample beside its label.
    static let appearances: Set = [
        "hue", "ellipse_share", "center_x", "center_y", "minor_radius", "major_radius", "rotation", "simulation",
    ]

    /// Those for which a column is skipped, whatever it holds.
    static let namesToSkip = totals.union(measures).union(times).union(attributes).union(derived).union(appearances)

    /// Names that only a header holds.
    static let header: Set = Set(ids + labels + annotators + splits + folds)
        .subtracting(["name", "key", "expert", "user", "species", "emotion", "sample", "item"])

    static func isAttribute(_ name: String) -> Bool { attributes.contains(ColumnNames.plain(name)) }

    static let numberOfVotes = "a number of votes"

    /// Whether a header names the edges of a box.
    static func hasBox(_ header: [String]) -> Bool {
        let names = Set(header.map(ColumnNames.plain))
        return names.isSuperset(of: ["left", "top"])
            && (names.isSuperset(of: ["right", "bottom"]) || names.isSuperset(of: ["width", "height"]))
    }

    /// Why a column of numbers with that name is skipped; nil if it may be a class.
    static func reasonToSkip(_ name: String) -> String? {
        let plain = ColumnNames.plain(name)
        if rowNumbers.contains(plain) || plain.hasPrefix("unnamed:") { return "row numbers" }
        if totals.contains(plain) { return numberOfVotes }
        if measures.contains(plain) || plain.hasPrefix("bbox_") { return "a measure of the image" }
        if times.contains(plain) { return "a time" }
        if derived.contains(plain) { return LabelInterpretation.Skipped.notAClass }
        if appearances.contains(plain) { return "the object's form" }
        if ids.contains(plain) || plain.hasSuffix("_id") { return "another id" }
        return nil
    }

    /// The name without the number at its end and what joins it; nil where there is no number.
    static func stem(_ name: String) -> String? {
        let plain = ColumnNames.plain(name)
        let stem = plain.reversed().drop { ("0"..."9").contains($0) }
        if stem.count == plain.count || stem.isEmpty { return nil }
        return String(String(stem.drop { $0 == "_" || $0 == "." || $0 == "#" }.reversed()))
    }
}
