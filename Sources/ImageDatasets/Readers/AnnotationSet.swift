/// The labels that one annotator gave, or that were given in one session: an entry of `annotations.json` in the raw layout of
/// the DCIC benchmark.
struct AnnotationSet: Codable {
    struct Annotation: Codable {
        let imagePath: String
        /// Nil if the image was skipped.
        let classLabel: String?

        enum CodingKeys: String, CodingKey {
            case imagePath = "image_path"
            case classLabel = "class_label"
        }
    }

    let name: String?
    let datasetName: String?
    let annotations: [Annotation]
    /// Not part of the format: the parameters of a simulated set.
    let generator: FibresParameters?

    enum CodingKeys: String, CodingKey {
        case name, annotations, generator
        case datasetName = "dataset_name"
    }
}
