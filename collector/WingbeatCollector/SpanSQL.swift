// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// Answers questions about spans in SQL.
public protocol SpanSQL: Sendable {
    /// Runs one statement that reads; docs/guides/sql.md says of which tables.
    ///
    /// - Throws: ``SQLMistake`` for a statement that cannot be run, ``SpanStoreError/timeout`` for one that takes longer
    ///   than a query may, `CancellationError` when the task is cancelled.
    func answer(to statement: String, limits: SQLLimits) async throws -> SQLAnswer
}

/// How large an answer may become.
public struct SQLLimits: Hashable, Sendable {
    /// The most rows; further ones are left out, and the answer says so.
    public var rows = 1000
    /// About how many bytes of values; further rows are left out, and the answer says so.
    public var bytes = 16 << 20

    /// The defaults.
    public init() {}
}

/// What a statement found.
public struct SQLAnswer: Hashable, Sendable {
    /// The names of the columns.
    public var columns: [String]
    /// The rows, each with a value for every column.
    public var rows: [[SQLValue]]
    /// True when there are more rows than the limits allow.
    public var isTruncated: Bool

    /// An answer.
    public init(columns: [String], rows: [[SQLValue]], isTruncated: Bool = false) {
        self.columns = columns
        self.rows = rows
        self.isTruncated = isTruncated
    }
}

/// A value of SQLite's.
public enum SQLValue: Hashable, Sendable {
    /// Nothing.
    case null
    /// A whole number.
    case integer(Int64)
    /// A floating-point number.
    case real(Double)
    /// Text.
    case text(String)
    /// Bytes that are no text.
    case blob([UInt8])
}

/// A statement that cannot be run.
public struct SQLMistake: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, in SQLite's words.
    public let message: String
    /// Where, in bytes from the statement's start; nil when that is not known.
    public let position: Int?

    /// A mistake.
    public init(_ message: String, at position: Int? = nil) {
        self.message = message
        self.position = position
    }

    /// What is wrong, and where.
    public var description: String { position.map { "\(message) (at byte \($0))" } ?? message }
}
