import Foundation
import TestSupport

/// What libFuzzer hands inputs to: the check of the target that `FUZZ_TARGET` names.
enum Fuzzer {
  typealias Check = @Sendable ([UInt8]) throws(Broken) -> Verdict

  static let check: Check = {
    switch ProcessInfo.processInfo.environment["FUZZ_TARGET"] {
    case "reply": { input throws(Broken) in try ReplyCheck.check(input) }
    case "topology": { input throws(Broken) in try TopologyCheck.check(input) }
    case "uri": { input throws(Broken) in try URICheck.check(input) }
    case "rdb": { input throws(Broken) in try DumpCheck.check(input) }
    case "schema": { input throws(Broken) in try SchemaCheck.check(input) }
    default: preconditionFailure("FUZZ_TARGET names no target")
    }
  }()
}

/// libFuzzer's entry. A trap ends the process, and so does an input that breaks what the check promises.
@_cdecl("LLVMFuzzerTestOneInput")
package func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  // Invariant: the bytes live until this returns.
  let input = Array(UnsafeBufferPointer(start: data, count: size))
  do throws(Broken) {
    _ = try Fuzzer.check(input)
    return 0
  } catch {
    FileHandle.standardError.write(Data("broken: \(error.promise)\n".utf8))
    preconditionFailure(error.promise)
  }
}
