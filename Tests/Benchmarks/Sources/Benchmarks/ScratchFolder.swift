// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A new folder for one measurement, beside the current directory's files, so that it lies on a real disk.
struct ScratchFolder {
    let path: String

    init() throws {
        let url = URL(fileURLWithPath: ".build-bench/scratch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
