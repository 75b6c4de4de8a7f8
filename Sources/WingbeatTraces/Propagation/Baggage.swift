// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

public import Instrumentation
import WingbeatBytes

/// What the services of a request tell those below them, as W3C baggage: pairs of texts, in order.
///
/// ```swift
/// context.baggage["tenant"] = "acme"
/// ```
///
/// Everybody below can read it, other people's services too, so no secrets belong into it. It is kept as the header that
/// came in and read where it is asked for, so that carrying it on costs nothing and changes nothing.
///
/// It has at most ``maximumMembers`` and ``maximumBytes``. Of a header that came in, members without a key that HTTP
/// allows are left out, and those behind the limits; a header of more than ``maximumBytes`` is left out as a whole. What
/// is left out is not counted.
///
/// Source: w3.org/TR/baggage.
public struct Baggage: Hashable, Sendable {
    /// As many members as OpenTelemetry's libraries send; W3C asks that 64 be carried.
    public static let maximumMembers = 180
    /// The longest header in bytes: what W3C asks to be carried.
    public static let maximumBytes = 8192

    /// The value of the header `baggage`; empty when there are no members.
    public private(set) var header: String

    /// No members.
    public init() {
        header = ""
    }

    /// What a header says; where it was sent several times, the values joined with commas.
    public init(header: String) {
        self.header = ""
        guard header.utf8.count <= Self.maximumBytes else { return }
        if Self.isClean(header) {
            self.header = header
        } else {
            write(Self.members(of: header))
        }
    }

    /// True when there are no members.
    public var isEmpty: Bool { header.isEmpty }

    /// The members in their order, with their values decoded.
    public var members: [Member] { Self.members(of: header) }

    /// The value of a key, decoded; of a key that is there twice the last. Nil when there is none.
    ///
    /// Setting it replaces the member or appends one, without properties; nil removes it. What ``update(_:)`` would not
    /// take changes nothing.
    public subscript(key: String) -> String? {
        get { header.withHeaderBytes { Self.value(of: key, in: $0) } }
        set {
            if let newValue { update(Member(key, newValue)) } else { write(members.filter { $0.key != key }) }
        }
    }

    /// Replaces the member with the same key, or appends one.
    ///
    /// - Returns: false, with nothing changed, when a key is not made of the letters, digits and signs that HTTP allows in
    ///   the name of a header, or when there would be more than ``maximumMembers`` or ``maximumBytes``.
    @discardableResult
    public mutating func update(_ member: Member) -> Bool {
        guard member.isValid else { return false }
        var members = members
        let place = members.firstIndex { $0.key == member.key } ?? members.count
        members.removeAll { $0.key == member.key }
        members.insert(member, at: place)
        var changed = Baggage()
        guard changed.write(members) else { return false }
        self = changed
        return true
    }

    /// Writes as many members as there is room for; false when some were left out.
    @discardableResult
    private mutating func write(_ members: [Member]) -> Bool {
        var bytes: [UInt8] = []
        for (index, member) in members.enumerated() {
            let before = bytes.count
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            member.write(to: &bytes)
            guard index < Self.maximumMembers, bytes.count <= Self.maximumBytes else {
                header = String(decoding: bytes[..<before], as: UTF8.self)
                return false
            }
        }
        header = String(decoding: bytes, as: UTF8.self)
        return true
    }
}

extension ServiceContext {
    /// What the services above this one tell it, and it tells those below.
    public var baggage: Baggage {
        get { self[BaggageKey.self] ?? Baggage() }
        set { self[BaggageKey.self] = newValue.isEmpty ? nil : newValue }
    }
}

private enum BaggageKey: ServiceContextKey {
    typealias Value = Baggage
    static var nameOverride: String? { "wingbeat.baggage" }
}
