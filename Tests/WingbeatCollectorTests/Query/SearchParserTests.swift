// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import WingbeatCollector
import WingbeatModel

@Suite("The language of searches")
struct SearchParserTests {
    /// What is written, and what it means in the language's own words.
    static let meanings: [(String, String)] = [
        ("", ""), (" \t\n", ""),
        // Words
        ("cart", "cart"), ("Cart*", "cart"), ("error", "error"), ("ERROR", "error"), (#""error""#, #""error""#),
        ("errors", "errors"), ("/pay", "/pay"), ("größe", "größe"), ("hello!", #""hello!""#), ("a-b", "a-b"),
        (#""get /pay""#, #""get /pay""#), (#""a \"b\" \\c""#, #""a \"b\" \\c""#),
        ("463ac35c9f6413ad", "trace:463ac35c9f6413ad"), ("463AC35C9F6413AD", "trace:463ac35c9f6413ad"),
        ("0000000000000000463ac35c9f6413ad", "trace:463ac35c9f6413ad"),
        ("0000000000000000", #""0000000000000000""#), ("463ac35c9f6413a", "463ac35c9f6413a"),
        // Fields
        ("service:cart", "service:cart"), ("service=Cart", "service:cart"), ("service.name:cart", "service:cart"),
        ("service:cart*", "service:cart*"), ("service!=cart", "service!=cart"), ("service!=cart*", "service!=cart*"),
        ("service:*", "service:*"), ("has:service", "service:*"), ("name:\"GET /pay\"", "name:\"get /pay\""),
        (#"name:"a*""#, #"name:"a*""#), (#"name:"a b"*"#, #"name:"a b"*"#), ("remote:db", "remote:db"),
        ("kind:SERVER", "kind:server"), ("kind!=client", "kind!=client"), ("kind:s*", "kind:s*"),
        ("status:error", "status:error"), ("trace:A", "trace:000000000000000a"), ("trace:a*", "trace:a*"),
        ("id:b", "id:000000000000000b"), ("event:retry", "event:retry"), ("event:\"Retry now\"", "event:\"Retry now\""),
        ("error:true", "error"), ("error=false", "error:false"), ("error!=true", "error!=true"),
        ("error:timeout*", #""error":timeout*"#), ("error:*", "error:*"), ("has:error", "error:*"),
        ("root.service:web", "root.service:web"), ("root.name:get*", "root.name:get*"),
        // Numbers and durations
        ("duration>200ms", "duration>200000000ns"), ("duration >= 1.5s", "duration>=1500000000ns"),
        ("duration<1m30s", "duration<90000000000ns"), ("duration:5us", "duration=5000ns"),
        ("duration<=0", "duration<=0ns"), ("duration:*", "duration:*"), ("duration!=1ns", "duration!=1ns"),
        ("trace.duration>1s", "trace.duration>1000000000ns"), ("trace.spans>=100", "trace.spans>=100.0"),
        ("trace.errors=0", "trace.errors=0.0"), ("http.status_code>=500", "http.status_code>=500.0"),
        ("load<-1.5e3", "load<-1500.0"),
        // Attributes
        (#"http.route="/pay""#, "http.route:/pay"), ("http.route:/pay*", "http.route:/pay*"),
        ("http.url=http://x/?a=b&c", #"http.url:"http://x/?a=b&c""#), ("a!=b", "a!=b"), ("a:b:c", #"a:"b:c""#),
        ("has:http.route", "http.route:*"), (#"has:"a b""#, #""a b":*"#), (#""a:b"=c"#, #""a:b":c"#),
        (#""service":cart"#, #""service":cart"#), (#""has":x"#, #""has":x"#), (#"a="""#, #"a:"""#),
        ("Service:Cart", "Service:Cart"), ("a = b", "a:b"), ("a : b c", "a:b c"), ("a!b=c", #""a!b":c"#),
        ("a=-5", #"a:"-5""#), ("or:x", "or:x"), ("not=x", "not:x"),
        // Together
        ("a b", "a b"), ("a AND b", "a b"), ("a and b", "a b"), ("a OR b", "a OR b"), ("a or b c", "a OR (b c)"),
        ("a b OR c d", "(a b) OR (c d)"), ("(a OR b) c", "(a OR b) c"), ("((a))", "a"), ("-a", "-a"),
        ("- a", "-a"), ("NOT a", "-a"), ("not not a", "--a"), ("-(a b)", "-(a b)"), ("-a b", "-a b"),
        ("a -b OR c", "(a -b) OR c"), ("{a b}", "{ a b }"), ("{ a } { b } c", "{ a } { b } c"),
        ("-{a OR b}", "-{ a OR b }"), ("{{a}}", "{ { a } }"), ("a(b)c", "a b c"), (#"a"b"c"#, "a b c"),
        ("a OR (b OR c)", "a OR (b OR c)"),
        (
            #"service:cart duration>200ms error http.route="/pay" -health"#,
            "service:cart duration>200000000ns error http.route:/pay -health"
        ),
    ]

    @Test("every form means what the guide says", arguments: meanings)
    func meaning(text: String, meaning: String) throws {
        let expression = try SearchExpression(text)
        #expect(expression.description == meaning)
        #expect(try SearchExpression(meaning) == expression)
    }

    @Test("the tree is as the operators bind")
    func tree() throws {
        let a = SearchExpression.condition(SearchCondition(.word, .prefix("a")))
        let b = SearchExpression.condition(SearchCondition(.attribute("b"), .equal("B")))
        let c = SearchExpression.condition(SearchCondition(.duration, .number(.greater, 1e9)))
        #expect(try SearchExpression("A b=B OR -{duration>1s}") == .any([.all([a, b]), .not(.some(c))]))
        #expect(try SearchExpression("") == .everything)
    }

    /// What is written, where it makes no sense, and why.
    static let mistakes: [(String, Int, String)] = [
        ("service:", 8, "expected a value for service, found the end"),
        ("service: )", 9, "expected a value for service, found ')'"),
        ("a=b c>", 6, "expected a value for c, found the end"),
        (":x", 0, "expected a key before the ="), ("a OR", 4, "expected a term such as service:cart, found the end"),
        ("OR a", 0, "expected a term such as service:cart, found 'OR'"),
        ("a OR OR b", 5, "expected a term such as service:cart, found 'OR'"),
        ("a AND", 5, "expected a term such as service:cart, found the end"),
        ("-", 1, "expected a term such as service:cart, found the end"),
        ("*", 0, "expected a term such as service:cart, found '*'"),
        (#""""#, 0, #"expected a term such as service:cart, found '"'"#),
        ("()", 1, "expected a term such as service:cart, found ')'"),
        ("a (b", 2, "expected ) for the bracket here, found the end"),
        ("{a)", 0, "expected } for the bracket here, found ')'"),
        ("a)", 1, "nothing was opened that ')' could close"),
        (#"a "b"#, 2, "this quote is not closed"), (#""a\n""#, 2, #"expected \" or \\ here"#),
        ("duration>5", 9, "expected a duration such as 200ms or 1.5s, found '5'"),
        ("duration>fast", 9, "expected a duration such as 200ms or 1.5s, found 'fast'"),
        ("duration:2*", 9, "expected a duration such as 200ms or 1.5s, found '2*'"),
        ("trace.spans>many", 12, "expected a number, found 'many'"),
        ("a>b", 2, "expected a number, found 'b'"), ("a>nan", 2, "expected a number, found 'nan'"),
        ("kind:waiter", 5, "expected one of client, server, producer, consumer, internal, unspecified, found 'waiter'"),
        ("status:500", 7, "expected one of ok, error, unset, found '500'"),
        ("trace:xyz", 6, "expected an id in hexadecimal digits, found 'xyz'"),
        ("id:0", 3, "expected an id in hexadecimal digits, found '0'"),
        ("service>cart", 8, "service is a text, which can be compared with : = and != only"),
        ("a!=*", 3, "expected a value; -has:a finds what has none"), ("has>a", 4, "expected has: and a key"),
        // Positions are those of JavaScript: the smiley has two units.
        ("😀 ü a>b", 7, "expected a number, found 'b'"),
    ]

    @Test("a mistake says where it is and what was expected", arguments: mistakes)
    func mistake(text: String, position: Int, message: String) {
        #expect(throws: SearchMistake(message, at: position)) { try SearchExpression(text) }
    }

    @Test("a search is bounded in length, terms and depth")
    func bounds() throws {
        let many = Array(repeating: "a", count: SearchParser.maximumTerms).joined(separator: " ")
        #expect(try SearchExpression(many).description == many)
        #expect(throws: SearchMistake("a search may have 200 terms", at: 400)) { try SearchExpression(many + " a") }
        let long = String(repeating: "a", count: SearchParser.maximumBytes)
        #expect(try SearchExpression(long).description == long)
        #expect(throws: SearchMistake("a search may have 8192 bytes", at: 0)) { try SearchExpression(long + "a") }
        for bracket in ["(", "{", "-", "not ", "-("] {
            let deep = String(repeating: bracket, count: 8000 / bracket.utf8.count)
            let mistake = #expect(throws: SearchMistake.self) { try SearchExpression(deep) }
            #expect(mistake?.message == "brackets and negations may be nested 50 deep")
        }
    }

    @Test("whatever is written is read or refused, and what is read reads back as the same", arguments: 0..<20)
    func anything(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let pieces = [
            "a", "service", "duration", ":", "=", "!=", ">", "<=", "(", ")", "{", "}", "\"", "\\", "*", "-", " ",
            " OR ",
            "NOT ", "200ms", "5", "error", "has:", "kind:", "ü", "😀", "\u{0}", "463ac35c9f6413ad", "trace.spans", "!",
        ]
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 0...12, using: &random))
                .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            do throws(SearchMistake) {
                let expression = try SearchExpression(text)
                #expect(try SearchExpression(expression.description) == expression, "\(text)")
            } catch {
                #expect((0...text.utf16.count).contains(error.position), "\(text)")
                #expect(!error.message.isEmpty)
            }
        }
    }
}
