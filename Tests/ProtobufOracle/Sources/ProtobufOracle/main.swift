// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTLPMessages
import SwiftProtobuf

// Reads a request of OTLP from standard input with the generated code, and writes what it understood: as protocol buffers
// again, unknown fields left out, or as JSON with `json`.

let input = FileHandle.standardInput.readDataToEndOfFile()
var options = BinaryDecodingOptions()
options.discardUnknownFields = true
let request = try Opentelemetry_Proto_Collector_Trace_V1_ExportTraceServiceRequest(
    serializedBytes: input,
    options: options
)
let output: Data =
    CommandLine.arguments.contains("json") ? try request.jsonUTF8Data() : try request.serializedData()
FileHandle.standardOutput.write(output)
