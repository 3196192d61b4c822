import Bytes

extension HelpTopic {
  /// The access rules that suffice.
  static let accessText =
    """
    ACCESS RULES
      The least that each command needs, for the prompt of redis-cli. Write a name for NAME, a password for (the password)
      and your keys for app:*; a server refuses a line that still holds its placeholder. Put behind a line what the
      options that you use add to it.


    """ + ACLRule.all.map(\.text).joined(separator: "\n") + """

        BETTER WITH
          +info                what the server is, how far a run has come, and whether replicas lag behind removals;
                             --read-from replica cannot do without it
          +time                the server's own clock: times of expiry are right although clocks differ
          +client|setname      CLIENT LIST shows rediscache
          +client|no-touch     Redis 7.2 and Valkey: reading leaves LRU and LFU alone. Others refuse a line that holds it.
          +latency|histogram   stats: latencies of the interval
          +memory|usage        invalidate: how many bytes go
          +config|get          hits: whether the server sends events, and what to set where it does not
          +command             hits: where the commands of modules have their keys
          +dump                export: keys that natural form cannot hold, such as streams with consumer groups
          +hpttl               Redis 7.4 and Valkey 9: export of hashes; without it they are exported as dumps only

        LARGE COLLECTIONS
          Of more than 1,000 elements. An export, or a warming that verifies, reads them with
          +hlen +llen +scard +zcard, and where they change meanwhile +zscan +hgetall +smembers

        IN A CLUSTER
          Nodes do not share their users: make each on all of them. Before Redis 7 it is +cluster|slots.

      """ + rows(ACLRule.cluster) + """

        THROUGH SENTINEL

      """ + rows(ACLRule.watched) + ACLRule.sentinel.text + """

        Redis 6 knows neither %R~ nor %W~: write ~. It takes any word behind the bar of +command|word.
        SCAN names all keys, whatever the patterns allow; keys that may not be measured make a report incomplete.

      """

  private static func rows(_ additions: [ACLRule.Addition]) -> String {
    additions.map { ACLRule.row($0.what, $0.words) }.joined()
  }
}
