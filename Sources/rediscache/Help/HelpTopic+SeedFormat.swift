import Reporting

extension HelpTopic {
  /// What a seed file holds.
  static let seedFormatText = #"""
    SEED FILES
      What warm loads, export writes, and invalidate --backup leaves. One JSON object a line; a key's record replaces all
      that the key held.

        {"key":"app:v2:user:1:profile","value":"…","ttl":3600,"tags":["user:1"]}
        {"key":"cart:v3:7","type":"hash","value":{"sku-1":"2","sku-9":"1"},"ttl":-1}

      key         the name; the one member that is always needed, with value or json
      type        string (the default), hash, list, set, zset, stream or dump
      value         string  "text"
                    hash    {"field": "value", …} or [["field", "value"], …]
                    list    ["head", …, "tail"]
                    set     ["member", …]
                    zset    [["member", 1.5], …]; a score is a number, "inf" or "-inf"
                    stream  [["1700000000000-0", {"field": "value", …}], …], each id larger than the one before
                    dump    what DUMP gave, in base64, for RESTORE
      json        in place of value: anything, stored as its JSON text without white space; a string
      encoding    "base64" where key, tags, memberships and all strings of the value are in base64
      ttl         whole seconds from the moment of writing; -1 is never
      expires_at  in place of ttl: milliseconds since 1970; a record whose time is over is skipped
                  Where neither is there, warm --ttl decides; without it the key never expires.
      db          the database of the record; another than that of the run is rejected, unless warm --all-dbs loads each
                  into its own or --ignore-db all into one
      tags        the key becomes a member of the sets of these tags: tag:{tag}, or as warm --tag-key says
      memberships [{"set": "tag:a", "member": "k", "score": 1.5, "set_expires_at": 1700000000000}, …]: the tags that
                  invalidate --tag --backup has seen the key in, with the score in a sorted set and the expiry of
                  the set; warm puts the key back into them, and --verify compares

    WHAT IS REJECTED
      No JSON, no UTF-8, more or less than an object a line; members that are unknown or there twice; a missing key; a
      value that its type does not allow, such as a number for a string; a collection without content; a ttl that is 0,
      negative (but -1), no integer or out of range; an expires_at in seconds; a score that no double can hold; base64 without its padding; more than 512 MiB; a last line that is
      cut off. A rejected record stops nothing but --strict. warm --rejects FILE keeps each as
      {"line":10442,"column":32,"reason":"…","record":"…"}. A byte order mark, CRLF and blank lines do no harm.
      A file in UTF-16, one JSON array, a CSV header without key and value, and gzip or RESP that breaks off are refused
      from there on: exit code 65.

    OTHER FORMATS
      Told by the content, unless --input-format says it. gzip goes around any of them.
      csv         RFC 4180 in UTF-8; the header names key, value and, where wanted, ttl and type (string or dump)
      resp        what redis-cli --pipe takes: SET SETEX PSETEX HSET HMSET RPUSH LPUSH SADD ZADD XADD RESTORE, and EXPIRE
                  PEXPIRE EXPIREAT PEXPIREAT behind them, as arrays or lines of words; SET with EX, PX, EXAT or PXAT
                  only. Commands on one key are one record, also with up to 64 MiB of others between them; where one
                  cannot be loaded, none is. SELECT names the database. Lines count commands.
      redis-dump  its JSON lines

    """#
}
