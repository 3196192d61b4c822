import Bytes
import Reporting

extension HelpTopic {
  /// What the members of reports in JSON mean.
  static let jsonText = """
    JSON
      --json prints one object. Its first members are the same for every command:
        schema tool_version target started_at duration_seconds complete warnings
      "complete": false says that something is missing; the exit code is never 0 then.
      Numbers are integers, seconds, bytes, and ratios from 0 to 1. What the server does not report is null.
      A name that is valid UTF-8 is that string. Where a name in an object is not, all its names are in base64, and
      "encoding": "base64" stands beside them; in an array such a key is {"key", "encoding"}. CSV has a column for it.

      scan adds coverage, groups, totals, recognised[{framework,prefixes,versions}] and findings. A group:
        namespace version entity template db keys share without_ttl without_ttl_error unmeasured
        expiring_fields
        ttl_seconds{min,p50,p99,max} memory_bytes memory_error avg_bytes types superseded role examples
      unmeasured keys could not be measured: they are in keys and in no other figure, and without_ttl and the counts of
      types add up with them. avg_bytes is that of a measured key.
      expiring_fields are hashes without a TTL whose fields expire, or may where they are large; without_ttl leaves them
      out.
      memory_error is half the width of a 95 % interval relative to the bytes, and null where keys are unmeasured;
      without_ttl_error is the same in keys. Both are 0 where every key was measured exactly.
      coverage.quantile_error says within which share of itself a p50 or p99 is exact; min and max are exact.
      Of the servers, scan has used_memory_bytes, maxmemory_bytes, maxmemory_policy, database_keys and
      evicted_keys_per_second, which counts while it runs and is null for fewer than ten keys; filtered says that only
      some keys were chosen. --big adds big_keys[{key,db,type,memory_bytes}], --hot adds
      hot_keys{by,doubts,keys[{key,db,frequency or idle_seconds}]}: by says which, doubts why it cannot be believed.
      With --by segment:N a group has segment, null where its keys have no such segment.
      ttl adds coverage, groups and totals. A group:
        namespace version entity template db keys without_ttl without_ttl_error unmeasured
        expiring_fields vanished
        buckets[{le_seconds,keys}] p50_seconds p99_seconds waves[{at,window_seconds,keys,share}] policy
      A bucket holds the keys above the edge before it, and those on its own edge; the last has no edge (null). The
      buckets, without_ttl, expiring_fields and unmeasured add up to keys; vanished keys are not among them.
      --format jsonl prints the same as one object a line, each with a "record" member.

      stats adds nodes, totals, counters_reset, subtracted_lookups and findings, and unread[{address,slots,reason}]
      where parts of a cluster cannot be read: the totals are those of the other nodes then. The totals, and each of
      the nodes:
        lifetime and, where two readings exist, interval, each with
          hits misses hit_ratio hit_ratio_min hit_ratio_max evicted_keys expired_keys commands inspection_lookups
          refused_writes flushes seconds
        used_memory_bytes maxmemory_bytes maxmemory_policy memory_ratio fragmentation_ratio connected_clients
        maxclients rejected_connections blocked_clients ops_per_second keys keys_with_ttl latency_p50_seconds
        latency_p95_seconds latency_p99_seconds latency_source replication_lag_seconds uptime_seconds
        lazyfree_pending_objects
      Ratios of the totals come from summed counters; seconds is null where the nodes' windows differ in length.
      inspection_lookups are those of PTTL, TYPE, OBJECT and the like, which hits and misses leave out. The server does
      not say which of them found their key, so the ratio lies between hit_ratio_min and hit_ratio_max; where these are
      more than 0.001 apart, hits, misses and hit_ratio are null. subtracted_lookups{lookups,hits,misses} are those left
      out of the interval, else of the lifetime; hits and misses are null where their split is not known.
      refused_writes are errors OOM, MISCONF and NOREPLICAS.
      A cluster has worst{field:{value,node}}, the worst node by some fields, and limits_differ.
      maxmemory_bytes is 0 where there is no limit. latency_source is interval_histogram, histogram or latencystats (an
      approximation).

      hits adds seconds, coverage, groups, totals, others, findings and, where asked for, top_keys[{key,misses,error}]. A
      group:
        namespace version entity template db reads hits misses hit_ratio hit_ratio_error
        misses_by_cause{expired,evicted,deleted,unseen,error} keys used_share used_share_at_least memory_bytes
        memory_error hits_per_second_per_mib
      misses are counted, reads and hits estimated; hit_ratio_error is half the width of a 95 % interval of hit_ratio. What
      was not listened for is null. totals (reads hits misses hit_ratio hit_ratio_min hit_ratio_max inspection_lookups)
      are those of INFO; others holds the keys of other databases (elsewhere) and those that were not chosen (unchosen).
      coverage:
        misses misses_seen misses_counted followed_names method refill_seconds windows window_seconds ops_inside_windows
        ops_outside_windows
      coverage.misses is the share of INFO's misses that is in the groups, and null where none is known. method says how:
      events, or inferred from keys that are filled in within refill_seconds; hits and misses are estimates then. Where
      nobody is monitored a sample of the keys that are there says which were used lately: use{measure,within_seconds,
      caveats}; used_share_at_least is the lower end of a 95 % interval. method is sampled where nothing else is known.

      doctor adds seconds, keys_seen, findings, checked, rules and not_checked[{rule,node,reason,right}]. A finding:
        rule severity node group{namespace,version,template,db} message why evidence command
      evidence holds the figures by name; node is null where the finding is about all of them. checked is the number of
      rules that were, and rules their names. right is what an access rule would have to allow.

      inspect adds keys, each with
        key state type encoding length memory_bytes ttl_seconds expires_at idle_seconds frequency slot node
        name{namespace,version,template,role} tags value findings
      state is present, absent or forbidden. length is bytes of a string, elements of a collection. ttl_seconds is -1
      where the key never expires. tags is null without --tag-key, value null without --value.

      invalidate adds
        dry_run action matched removed absent kept failed unknown batches stopped bytes_estimate
        groups[{namespace,version,matched,removed,absent,kept,failed,unknown,bytes_estimate}] samples
        and, where they apply, expire_within_seconds pruned refused[{key,reason}] earlier command
        verification{keys,samples,complete}
      matched is the sum of removed (acknowledged), absent (gone before), kept (expire sooner already), failed (refused),
      unknown (sent and never answered) and, where nothing was written, the keys that would be. With --resume it holds
      earlier, the counts of the runs before; groups are of this run. stopped is null or says why the run ended early.
      --bump has action "INCR" and bump{key,from,to}.

      warm adds
        dry_run records written skipped rejected failed unknown ttl_seconds{min,p50,max} line stopped
        rejections[{line,column,reason}]
        and, where they apply, refused[{line,key,reason}] planned replaced retyped saved memberships command undo earlier
        verification{compared,gone,different,examples}
      records is the sum of written (acknowledged), skipped (there already, lives long enough, or expired in the seed),
      rejected (cannot be loaded), failed (refused), unknown (sent and never answered) and planned (where nothing was
      written). replaced counts the planned keys that are there, retyped those of them that would change their type; both
      are null where the server does not say. saved counts the keys in the backup; undo brings them back. memberships
      counts places in tags that a backup has brought back. With
      --resume it holds earlier, the counts of the runs before. ttl_seconds tells of the keys that this run wrote and
      that expire. line is the last one dealt with; rejections are the first five,
      refused the first 100 records that the server did not take (as of invalidate the keys).
      export --json, beside the seed of -o FILE, adds
        records gone not_exported unread[{key,reason}] dumped{…} file
      gone keys went before they were read; unread names all keys that could not be exported, with the reason. dumped
      counts the keys written as dumps because natural form would lose field_ttls, stream_state, empty_stream or type,
      because they were changing all the time, or because it is unknown. file is null where no file was written.

    """
}
