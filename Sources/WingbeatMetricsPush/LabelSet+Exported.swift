// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

package import WingbeatModel

extension LabelSet {
    /// The labels together with an exporter's own; where both have a name these win. Empty names and values, which no
    /// backend tells from labels that are not there, are left out.
    package func exported(with own: LabelSet) -> [Label] {
        let all = own.labels.isEmpty ? self : LabelSet(own.labels + labels)
        return all.labels.filter { !$0.name.isEmpty && !$0.value.isEmpty }
    }
}
