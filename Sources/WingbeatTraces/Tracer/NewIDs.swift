// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import CWingbeatSpans
import WingbeatModel

/// New ids of random numbers, from a generator of the calling thread.
enum NewIDs {
    /// A span in a trace that exists.
    @inline(__always)
    static func span() -> SpanID {
        wingbeat_ids_prepare()
        return SpanID(random: wingbeat_ids_next())
    }

    /// The root of a new trace.
    @inline(__always)
    static func root() -> (TraceID, SpanID) {
        wingbeat_ids_prepare()
        let traceID = TraceID(random: wingbeat_ids_next(), wingbeat_ids_next())
        return (traceID, SpanID(random: wingbeat_ids_next()))
    }
}
