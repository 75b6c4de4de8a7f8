// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// A value that many spans have in common, kept once: copying it costs a reference count, and comparing it with itself
/// nothing.
package struct Shared<Value: Hashable & Sendable>: Sendable {
    private final class Box: Sendable {
        let value: Value

        init(_ value: Value) {
            self.value = value
        }
    }

    private let box: Box

    /// A value to share.
    package init(_ value: Value) {
        box = Box(value)
    }

    /// The value.
    package var value: Value { box.value }

    /// Who it is, as long as a copy of it lives: equal for copies of one, and for them only.
    package var identity: ObjectIdentifier { ObjectIdentifier(box) }

    /// True when both are copies of one; false says nothing of their values.
    package func isIdentical(to other: Shared) -> Bool { box === other.box }
}

extension Shared: Hashable {
    /// True when the values are equal.
    package static func == (left: Shared, right: Shared) -> Bool {
        left.box === right.box || left.box.value == right.box.value
    }

    /// The value's hash.
    package func hash(into hasher: inout Hasher) { hasher.combine(box.value) }
}
