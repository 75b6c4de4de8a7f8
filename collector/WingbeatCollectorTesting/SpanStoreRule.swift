// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

/// What every store must do; the rules of ``SpanStoreContract``.
public enum SpanStoreRule: String, CaseIterable, Sendable {
    // Searches

    /// An empty store finds nothing, whatever the search.
    case emptyStore
    /// A span of which only the ids are known disturbs no search.
    case idsOnly
    /// Spans of two traces that arrive in turns come back trace by trace.
    case interleaved
    /// Trace ids that share their lower 64 bits are different traces.
    case strictTraceIDs
    /// The newest traces come first; the limit and the window choose among them.
    case limitAndWindow
    /// Names of services and of the other side match whole, and are not confused by a trace with the same lower bits.
    case serviceNames
    /// Names of spans match with and without a service.
    case spanNames
    /// A trace is found by all tags of one of its spans together, and not by one that it lacks.
    case allTags
    /// The least and the largest duration belong to what is searched.
    case durationBounds
    /// A duration that arrives later counts, and both fragments come back as they came.
    case lateDuration
    /// An `error` without a text is found by its key only, and comes back without a text.
    case emptyTag
    /// A long value of a tag comes back whole.
    case longTag
    /// Names that look like JSON, and keys of which one begins with the other, are kept and told apart.
    case oddNames
    /// Durations are those of spans of the service that is searched.
    case durationOfService
    /// A trace without a start is found by its id only, until a fragment brings the start.
    case lateStart
    /// A debug flag on one side of a span and a shared flag on the other stay on theirs.
    case flags
    /// Texts of annotations, and tags, are found by service.
    case words
    /// What is joined by `and` must all be there, but not on one span.
    case conjunction
    /// Only what the searched service recorded counts, and the whole trace comes back.
    case recordedByService
    /// With a limit of one the trace nearest to the end of the window comes.
    case newestOne
    /// Both ends of the window belong to it, to the millisecond.
    case windowEnds
    /// Names in a search are found in any case.
    case anyCase
    /// A trace that begins in the window and ends after it comes whole.
    case endsLater
    /// A limit counts traces, not spans, and a thousand traces come where a thousand are asked for.
    case manyTraces
    /// A search does not read on when it has found as many spans as an answer may hold; the newest traces are there.
    case boundedAnswer
    /// What a store says in short of traces is what their spans say.
    case summaries

    // Searches in the language of searches

    /// Exactly the traces that meet an expression are found, newest first.
    case searches
    /// Both ends of the window belong to it.
    case searchWindows
    /// A search ends when it is told to, or after as many spans as it may look at, and says so.
    case searchEnds

    // Traces by id

    /// A trace that nobody has is empty; the lower 64 bits of another one are not its id.
    case unknownTrace
    /// Of several ids those that are known come, each trace once.
    case severalTraces
    /// The very same span, posted again, is there once.
    case duplicates
    /// All that a span can say comes back: types, nanoseconds, events, links, flags, resource and scope.
    case everythingKept
    /// With ids that need not be strict, a search by either side finds the whole trace of both widths.
    case lenientSearch
    /// With ids that need not be strict, each id of the trace leads to all its spans.
    case lenientTrace
    /// With ids that need not be strict, a trace comes once, by whichever of its ids.
    case lenientTraces

    // Names and values

    /// Services are those that recorded spans.
    case localServices
    /// All other sides of a service are listed, each once.
    case remoteServices
    /// All names of a service's spans are listed, each once, and not under the other side.
    case spanNamesByService
    /// Values are listed of those tags only for which the store was told to, each once.
    case tagValues
    /// Where searching is turned off, searches and names are empty, and traces by id are not.
    case searchDisabled

    // Counts

    /// Counts of one minute are added up by name; others stay apart.
    case rollupsAddUp
    /// The minutes that touch a window come, oldest first.
    case rollupWindows

    // State

    /// A store that works says so, and how many spans it holds since when.
    case status

    // Links between services

    /// A request through three services is two links, the failed one with its error.
    case links
    /// A trace whose services disagree on 64 and 128 bits is counted once.
    case linksOfMixedIDs
    /// A trace that is posted again is not counted again.
    case linksOfDuplicates
    /// An empty store has no links.
    case noLinks
    /// Services that record both sides make one link a call.
    case linksOfBothSides
    /// A service that calls itself is linked to itself.
    case linkToItself
    /// A trace without its root has the same links.
    case linksWithoutRoot
    /// A window that ends inside a trace counts it whole; one before or behind it does not.
    case linkWindows
    /// Callers and called services that record nothing are linked by the names that others give them.
    case linksToUninstrumented
    /// Two sides as the roots of a trace are one link, and a broker is linked to both of its sides.
    case linksOfRootsAndBrokers
    /// Where a span is missing between two services, they are linked all the same.
    case linksOverGaps
    /// Days are counted apart and together.
    case linksByDay
    /// A span without a kind that names both sides is a call.
    case linkWithoutKind
    /// A side without a name is not linked.
    case noLinkWithoutName
    /// Work inside a process between two calls is passed over.
    case linksOverLocalSpans
    /// An endpoint that is named on both sides of a split span makes one link.
    case linksOfSplitSpans
    /// One-way calls without durations are linked.
    case linksOfOneWayCalls
    /// An annotation with the text `error` is no error.
    case annotationIsNoError
    /// A broker that records nothing is linked to the consumer.
    case linksOfUninstrumentedBroker
    /// 256 traces with links of their own make 512 links.
    case manyLinks

    /// The rules about links: those that are asked through a `SpanIntake`.
    public static var aboutLinks: [SpanStoreRule] {
        [
            .links, .linksOfMixedIDs, .linksOfDuplicates, .noLinks, .linksOfBothSides, .linkToItself,
            .linksWithoutRoot, .linkWindows, .linksToUninstrumented, .linksOfRootsAndBrokers, .linksOverGaps,
            .linksByDay, .linkWithoutKind, .noLinkWithoutName, .linksOverLocalSpans, .linksOfSplitSpans,
            .linksOfOneWayCalls, .annotationIsNoError, .linksOfUninstrumentedBroker, .manyLinks,
        ]
    }
}
