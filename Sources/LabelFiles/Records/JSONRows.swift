/// The rows that the records of a JSON file make.
struct JSONRows {
    var records: [JSONRecords.Record] = []
    /// Where each row is in the file, for errors.
    var places: [String] = []
    /// The rows of records whose list of annotations is empty.
    var unlabelled: Set<Int> = []
    var remarks: [String] = []

    /// A row for each record.
    init(_ records: [JSONRecords.Record]) {
        self.records = records
        places = records.indices.map { "record \($0 + 1)" }
    }

    /// No row as yet.
    init() {}

    mutating func append(_ record: JSONRecords.Record, _ place: String) {
        records.append(record)
        places.append(place)
    }
}
