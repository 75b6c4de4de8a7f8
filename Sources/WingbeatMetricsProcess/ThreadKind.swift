// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// What a thread is for, as far as its name tells.
enum ThreadKind: String, CaseIterable {
    /// Runs an event loop of SwiftNIO.
    case eventLoop = "nio_event_loop"
    /// Does blocking work for SwiftNIO, such as reading files.
    case blockingPool = "nio_thread_pool"
    /// Works for the global queues of libdispatch; on Linux Swift's tasks run on these.
    case dispatch
    /// Works for the other queues of libdispatch, and for its timers.
    case dispatchOvercommit = "dispatch_overcommit"
    /// Anything else: the main thread, and threads of other libraries.
    case other

    /// Linux keeps 15 bytes of a name. SwiftNIO's are like `NIO-ELT-0-#3` (a group), `NIO-SGLTN-0-#3` (the shared
    /// group), `TP-#3` and `NIO-SGLTN-TP-#3`. libdispatch calls a thread by the end of the name of the queue that it
    /// served last, such as `com.apple.root.default-qos` and `com.apple.root.default-qos.overcommit`, and until then
    /// `DispatchWorker`.
    init(threadName name: some StringProtocol) {
        if name.hasPrefix("NIO-SGLTN-TP-") || name.hasPrefix("TP-#") {
            self = .blockingPool
        } else if name.hasPrefix("NIO-") {
            self = .eventLoop
        } else if name.hasSuffix("-qos.overcommit") {
            self = .dispatchOvercommit
        } else if name.hasSuffix("-qos") || name.hasSuffix("qos.cooperative") || name == "DispatchWorker" {
            self = .dispatch
        } else {
            self = .other
        }
    }

    /// How many threads of each kind this process has; nil where that cannot be had.
    ///
    /// - Parameter limit: how many names are read at most; further threads count as ``other``.
    static func count(readingAtMost limit: Int = 512) -> [ThreadKind: Int]? {
        var counts = Dictionary(uniqueKeysWithValues: allCases.map { ($0, 0) })
        var total = 0
        let isRead = forEachEntry(of: "/proc/self/task") { thread in
            total += 1
            counts[total <= limit ? kind(ofThread: thread) : .other, default: 0] += 1
        }
        return isRead ? counts : nil
    }

    private static func kind(ofThread thread: String) -> ThreadKind {
        let name = contentsOfSmallFile("/proc/self/task/\(thread)/comm", atMost: 64) ?? []
        return ThreadKind(threadName: String(decoding: name.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}
