import Quantities
import RedisClient
import Reporting
import SeedFormat

/// What is left to do, and to say, at the end.
extension WarmRun {
  /// Reads some of the written keys back and compares.
  mutating func verify() throws(ClientError) -> WarmReport.Verification {
    var result = WarmReport.Verification()
    for (_, record) in sample.records {
      let answer =
        if case .dump = record.value {
          try ValueFetcher.finish(record.key, .dump, nil, from: CommandWord.zero, on: channel)
        } else {
          try ValueFetcher.fetch(record.key, on: channel)
        }
      result.compared += 1
      switch answer {
      case .value(let value) where value.isSame(as: record.value): continue
      case .gone: result.gone += 1
      case let other:
        if case .refused(let error) = other {
          unreadable = (count: (unreadable?.count ?? 0) + 1, reason: unreadable?.reason ?? error.shownMessage)
        }
        result.different += 1
        if result.examples.count < 3 { result.examples.append(record.key) }
      }
    }
    return result
  }

  /// What the reader must know.
  var warnings: [String] {
    var warnings = brake.warnings
    if let failures {
      warnings.append(
        "\(NumberText.count(failures.count)) \(failures.count == 1 ? "refusal, at" : "refusals, the first at") line \(NumberText.count(failures.line)): \(failures.reason)"
      )
    }
    if let unreadable {
      warnings.append(
        "\(NumberText.keys(unreadable.count)) could not be read back to be compared, the first because: "
          + unreadable.reason)
    }
    if sample.tooLarge > 0 {
      warnings.append(
        "larger than \(NumberText.bytes(WarmSample.longest)) and not compared: \(NumberText.count(sample.tooLarge)) of the records"
      )
    }
    if expired > 0 {
      warnings.append("records that had expired already and were skipped: \(NumberText.count(expired))")
    }
    if duplicates > 0 {
      warnings.append(
        "records that name a key which an earlier line named: \(NumberText.count(duplicates)); "
          + (request.policy == .overwrite ? "the last one wins" : "the first one is kept, if it was written"))
    }
    if evicted > 0 {
      warnings.append("the server evicted \(NumberText.keys(evicted)) meanwhile: the seed may not fit")
    }
    return warnings
  }
}
