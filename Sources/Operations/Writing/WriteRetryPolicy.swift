import RedisClient

/// Which refusals a run that writes waits out.
struct WriteRetryPolicy {
  /// True where a step that failed is tried again.
  var isEnabled: Bool
  /// True where a server that has become a replica can be asked who took over.
  var looksUpPrimary: Bool
  /// True where a walk of the database meets keys that have moved at the node that has them now.
  var meetsMoved = false

  /// True for a refusal that will pass.
  func retries(after error: ServerError) -> Bool {
    isEnabled && (error.isTransient || looksUpPrimary && error.code == "READONLY")
  }
}

extension WalkTarget {
  /// Which refusals a run that writes here waits out.
  func writeRetryPolicy(isCluster: Bool) -> WriteRetryPolicy {
    WriteRetryPolicy(
      isEnabled: reading.retryFor > .zero, looksUpPrimary: isCluster || identity.isBehindSentinels,
      meetsMoved: isCluster)
  }
}
