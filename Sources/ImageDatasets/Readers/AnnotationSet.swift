/// What one annotator, or one session, said of images: an entry of `annotations.json` in the raw layout of the DCIC benchmark.
struct AnnotationSet: Codable {
    struct Annotation: Codable {
        let imagePath: String
        /// Nil where the image was skipped.
        let classLabel: String?

        enum CodingKeys: String, CodingKey {
            case imagePath = "image_path"
            case classLabel = "class_label"
        }
    }

    let name: String?
    let datasetName: String?
    let annotations: [Annotation]
    /// Not part of the format: what a simulated set was made with.
    let generator: FibresParameters?

    enum CodingKeys: String, CodingKey {
        case name, annotations, generator
        case datasetName = "dataset_name"
    }
}
