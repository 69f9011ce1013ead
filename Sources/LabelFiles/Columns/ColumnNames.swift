import TensorFiles

/// Names that columns of label files have, as `ColumnName.plain` spells them: those of this program and of pandas, Label
/// Studio, crowd-kit, Toloka, cleanlab, Kaggle, FER+ and the DCIC benchmark.
enum ColumnNames {
    /// Of the samples. The first that is there counts, before all others one that holds names of images.
    static let ids = [
        "id", "image_id", "image", "image_name", "image_path", "filename", "file_name", "file", "path", "img", "img_id",
        "img_name", "img_path", "image_file", "image_url", "input:image", "input:image_url", "sample_id", "sample",
        "task",
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
        "reviewer", "annotated_by", "assignment:worker_id",
    ]
    static let splits = ["split", "usage", "subset", "partition"]
    static let folds = ["fold"]

    /// Skipped unless the user says otherwise: annotators use these names to say that they cannot label the image.
    static let nonClasses: Set = [
        "unknown", "nf", "not_a_face", "non_face", "no_face", "unsure", "dont_know", "don't_know",
    ]

    /// What columns before a number are called where each belongs to an annotator: `annotator_1`, `random_label1`, `rater2`.
    static let annotatorStems: Set = [
        "annotator", "annotation", "rater", "rating", "worker", "label", "random_label", "user", "expert", "coder",
        "judge",
        "performer", "labeler", "labeller", "reviewer", "reader", "vote", "observer", "pathologist", "radiologist",
    ]

    /// Words in the names of columns that hold what a model says, and what is right.
    private static let predictionWords: Set = ["predicted", "prediction", "predictions", "predict", "pred", "preds"]
    private static let truthWords: Set = ["true", "truth", "groundtruth", "gt", "gold", "golden", "actual", "expected"]

    static func isPrediction(_ name: String) -> Bool { words(name).contains(where: predictionWords.contains) }

    static func isTruth(_ name: String) -> Bool { words(name).contains(where: truthWords.contains) }

    private static func words(_ name: String) -> [String] {
        ColumnName.plain(name).split(separator: "_").map(String.init)
    }

    static let rowNumbers: Set = ["", "index", "idx", "row", "row_number", "row_id", "level_0"]
    static let totals: Set = [
        "total", "sum", "count", "n", "n_votes", "num_votes", "total_votes", "votes", "n_annotators", "num_annotators",
        "annotators", "n_annotations", "num_annotations", "n_raters",
    ]
    /// Of how many annotations, or of which share of them, a row of a long table may stand for.
    static let weights: Set = [
        "count", "counts", "votes", "n", "number", "n_votes", "num_votes", "weight", "prob", "probability", "share",
        "proportion", "percent", "percentage", "freq", "frequency",
    ]
    private static let measures: Set = [
        "width", "height", "depth", "channels", "image_width", "image_height", "img_width", "img_height", "xmin",
        "ymin",
        "xmax", "ymax", "x_min", "y_min", "x_max", "y_max", "bbox", "left", "top", "right", "bottom", "area", "size",
        "file_size", "filesize", "bytes",
    ]
    private static let times: Set = [
        "lead_time", "time", "timestamp", "date", "created_at", "updated_at", "seconds", "duration", "annotation_time",
    ]
    /// Of what is in the image, or of how it was taken or shown. Such a column may hold the labels, but is no class.
    private static let attributes: Set = [
        "age", "sex", "gender", "year", "month", "day", "hour", "latitude", "longitude", "lat", "lon", "lng",
        "altitude", "temperature", "price", "cost", "score", "difficulty", "brightness", "contrast", "saturation",
        "sharpness", "iso", "exposure", "magnification", "session", "trial", "batch", "cohort", "seed",
    ]
    private static let derived: Set = ["entropy", "agreement", "confidence", "majority", "annotation_id"]
    /// What `generate` and `train` know of a sample beside its label.
    static let appearances: Set = [
        "hue", "ellipse_share", "center_x", "center_y", "minor_radius", "major_radius", "rotation", "simulation",
    ]

    /// Names that only a header holds.
    static let header: Set = Set(ids + labels + annotators + splits + folds)
        .subtracting(["name", "key", "expert", "user", "species", "emotion", "sample", "item"])

    static func isAttribute(_ name: String) -> Bool { attributes.contains(ColumnName.plain(name)) }

    /// Why a column of numbers with that name is skipped; nil if it may be a class.
    static func reasonToSkip(_ name: String) -> String? {
        let plain = ColumnName.plain(name)
        if rowNumbers.contains(plain) || plain.hasPrefix("unnamed:") { return "row numbers" }
        if totals.contains(plain) { return "a number of votes" }
        if measures.contains(plain) || plain.hasPrefix("bbox_") { return "a measure of the image" }
        if times.contains(plain) { return "a time" }
        if derived.contains(plain) { return LabelInterpretation.Skipped.notAClass }
        if appearances.contains(plain) { return "the object's form" }
        if ids.contains(plain) || plain.hasSuffix("_id") { return "another id" }
        return nil
    }

    /// The name without the number at its end and what joins it; nil where there is no number.
    static func stem(_ name: String) -> String? {
        let plain = ColumnName.plain(name)
        let stem = plain.reversed().drop { ("0"..."9").contains($0) }
        if stem.count == plain.count || stem.isEmpty { return nil }
        return String(String(stem.drop { $0 == "_" || $0 == "." || $0 == "#" }.reversed()))
    }
}
