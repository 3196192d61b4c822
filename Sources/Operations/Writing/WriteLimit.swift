import Quantities

/// How many keys a run may remove or write, and why no more.
package struct WriteLimit: Sendable, Equatable {
  /// The most keys.
  package let keys: Int
  /// The keys that were counted before, where their number is the bound; nil where the user has set it.
  package let counted: Int?

  /// The bound that the user has set; nil is none.
  init(maximumKeys: Int?) {
    keys = maximumKeys ?? .max
    counted = nil
  }

  /// The bound after a number of keys was counted and confirmed. It has room for keys that were written meanwhile, but
  /// not for another choice; where nothing was counted, nothing was confirmed.
  init(counted: Int, maximumKeys: Int?) {
    let agreed = counted > 0 ? counted + max(100, counted / 10) : 0
    let most = maximumKeys ?? .max
    keys = min(agreed, most)
    self.counted = agreed <= most ? counted : nil
  }

  /// What ended the run, for people.
  func sentence(_ spell: (MentionedOption) -> String) -> String {
    switch counted {
    case nil: "after \(NumberText.keys(keys)), as many as \(spell(.keyLimit)) allows"
    case 0: "before the first key: none was counted before, and there are some now"
    case let counted?:
      "after \(NumberText.keys(keys)): \(NumberText.count(counted)) were counted before, and there are more now"
    }
  }
}
