import Keyspace
import Reporting

/// A short time in which far more keys of a group expire than an even spread would give.
struct ExpiryWaveRule: GroupRule {
  let id = "expiry-wave"

  func finding(on group: ScanSummaries.Summary, in scan: ScanEvidence) -> ReportFinding? {
    guard let timeline = group.timeline, let wave = ExpiryWaveDetector.waves(in: timeline).first else {
      return nil
    }
    let load = WaveLoad(wave, in: timeline, expiringKeys: group.estimate.ttl.total)
    guard load.isNoticeable else { return nil }
    let wait = max(0, wave.at - scan.run.timelineStart)
    return finding(
      .warning, on: group.label,
      load.sentence(of: group.title, in: wait, isPart: group.estimate.unmeasured > 0),
      figures: load.figures,
      command: scan.removal(
        of: group, .spreading(wave, in: wait), else: .expiring(in: wave)))
  }
}
