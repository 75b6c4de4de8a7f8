// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Testing
import WingbeatCollector
import WingbeatCollectorTesting

@Suite("The contract of stores finds what stores do wrong")
struct ContractFaultTests {
    private static let expectations: [(FaultyStore.Fault, SpanStoreRule)] = [
        (.ignoresCriteria, .serviceNames), (.ignoresEnd, .windowEnds), (.ignoresStart, .limitAndWindow),
        (.ignoresLimit, .limitAndWindow), (.ignoresService, .recordedByService), (.oldestFirst, .newestOne),
        (.keepsDuplicates, .duplicates), (.mergesFragments, .lateDuration), (.limitsSpans, .manyTraces),
        (.cutsTags, .longTag), (.comparesCase, .spanNamesByService), (.matchesPrefixes, .serviceNames),
        (.matchesTagsOfOthers, .recordedByService), (.durationOfTrace, .durationOfService),
        (.durationOfFirstFragment, .lateDuration), (.excludesEnds, .windowEnds),
        (.groupsByLowerBits, .strictTraceIDs), (.groupsByLowerBits, .unknownTrace), (.alwaysStrict, .lenientSearch),
        (.alwaysStrict, .lenientTrace), (.alwaysStrict, .lenientTraces),
        (.filesNamesUnderRemote, .spanNamesByService), (.forgetsRemotes, .remoteServices),
        (.listsRemotesAsServices, .localServices), (.listsAnyTag, .tagValues),
        (.searchesWhenDisabled, .searchDisabled), (.hidesTracesWhenDisabled, .searchDisabled),
        (.forgetsSharedFlag, .flags), (.roundsToMicroseconds, .everythingKept), (.replacesRollups, .rollupsAddUp),
        (.roundsRollupWindows, .rollupWindows), (.countsNothing, .status), (.tracesTwice, .interleaved),
        (.neverFull, .boundedAnswer), (.findsStartless, .lateStart), (.matchesOneSpan, .conjunction),
        (.searchesBackwards, .searches), (.searchesOn, .searchEnds), (.searchesWithoutNegation, .searches),
    ]

    @Test("a fault breaks the rule that forbids it", arguments: expectations)
    func fault(_ fault: FaultyStore.Fault, _ rule: SpanStoreRule) async throws {
        let violation = await #expect(throws: SpanStoreViolation.self, "\(fault)") {
            try await SpanStoreContract { FaultyStore(fault, $0) }.verify(rule)
        }
        #expect(violation?.rule == rule)
        #expect(violation?.expected != violation?.found)
    }

    @Test("every fault is tried")
    func all() {
        #expect(Set(Self.expectations.map(\.0)).union([.none]) == Set(FaultyStore.Fault.allCases))
    }

    @Test("without a fault the same store breaks no rule")
    func none() async throws {
        for rule in SpanStoreRule.allCases where !SpanStoreRule.aboutLinks.contains(rule) {
            try await SpanStoreContract { FaultyStore(.none, $0) }.verify(rule)
        }
    }

    @Test("a store that throws breaks the rule with what it threw; rules that are taken out are not checked")
    func throwing() async throws {
        var contract = SpanStoreContract { _ in throw SpanStoreError.unavailable("no disk") }
        await #expect(throws: SpanStoreError.unavailable("no disk")) { try await contract.verify() }
        contract.rules = []
        try await contract.verify()
    }
}
