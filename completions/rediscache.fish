function __rediscache_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __rediscache_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __rediscache_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __rediscache_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __rediscache_parse_tokens -S
    set -l unparsed_tokens (__rediscache_tokens -pc)
    switch $unparsed_tokens[1]
    case 'rediscache'
        __rediscache_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'scan'
            __rediscache_parse_subcommand 1 'by=' 'top=' 'max-groups=' 'depth=' 'exact' 'sample=' 'all-dbs' 'sort=' 'idle' 'big=' 'hot=' 'list' 'print0' 'checkpoint=' 'fail-on=' 'all-findings' 'ignore=+' 'limit=+' 'format=' 'json' 'exclude=+' 'namespace=+' 'key-version=' 'type=' 'template=+' 'role=+' 'segment=' 'superseded' 'no-ttl' 'ttl-below=' 'ttl-above=' 'expires-after=' 'expires-before=' 'larger-than=' 'samples=' 'idle-above=' 'separator=' 'version-pattern=' 'schema=+' 'pace=' 'rate=' 'count=' 'state=' 'o/output=' 'color=' 'q/quiet' 'v/verbose' 'no-progress' 'no-input' 'rdb=+' 'as-of=' 'no-checksum' 'u/uri=' 'H/host=' 'p/port=' 's/socket=' 'n/db=' 'user=' 'password-file=' 'password-command=' 'askpass' 'sentinel-user=' 'sentinel-password-file=' 'tls' 'cacert=' 'cacertdir=' 'cert=' 'key=' 'sni=' 'insecure' 'node-only' 'read-from=' 'max-connections=' 'P/profile=' 'connect-timeout=' 'timeout=' 'retry-for=' 'max-runtime=' 'version' 'h/help'
        case 'ttl'
            __rediscache_parse_subcommand 1 'by=' 'top=' 'max-groups=' 'depth=' 'exact' 'sample=' 'all-dbs' 'buckets=' 'wave-window=' 'horizon=' 'format=' 'json' 'exclude=+' 'namespace=+' 'key-version=' 'type=' 'template=+' 'role=+' 'segment=' 'superseded' 'no-ttl' 'ttl-below=' 'ttl-above=' 'expires-after=' 'expires-before=' 'larger-than=' 'samples=' 'idle-above=' 'separator=' 'version-pattern=' 'schema=+' 'pace=' 'rate=' 'count=' 'state=' 'o/output=' 'color=' 'q/quiet' 'v/verbose' 'no-progress' 'no-input' 'rdb=+' 'as-of=' 'no-checksum' 'u/uri=' 'H/host=' 'p/port=' 's/socket=' 'n/db=' 'user=' 'password-file=' 'password-command=' 'askpass' 'sentinel-user=' 'sentinel-password-file=' 'tls' 'cacert=' 'cacertdir=' 'cert=' 'key=' 'sni=' 'insecure' 'node-only' 'read-from=' 'max-connections=' 'P/profile=' 'connect-timeout=' 'timeout=' 'retry-for=' 'max-runtime=' 'version' 'h/help'
        case 'stats'
            __rediscache_parse_subcommand 0 'interval=' 'watch' 'state=' 'fail-if=+' 'warning=+' 'critical=+' 'format=' 'json' 'o/output=' 'color=' 'q/quiet' 'v/verbose' 'no-progress' 'no-input' 'u/uri=' 'H/host=' 'p/port=' 's/socket=' 'n/db=' 'user=' 'password-file=' 'password-command=' 'askpass' 'sentinel-user=' 'sentinel-password-file=' 'tls' 'cacert=' 'cacertdir=' 'cert=' 'key=' 'sni=' 'insecure' 'node-only' 'read-from=' 'max-connections=' 'P/profile=' 'connect-timeout=' 'timeout=' 'retry-for=' 'max-runtime=' 'version' 'h/help'
        case 'hits'
            __rediscache_parse_subcommand 1 'for=' 'watch' 'state=' 'enable-notifications' 'no-memory' 'no-monitor' 'duty=' 'max-ops=' 'refill=' 'force' 'by=' 'top=' 'max-groups=' 'top-keys=' 'fail-if=+' 'format=' 'json' 'exclude=+' 'namespace=+' 'key-version=' 'separator=' 'version-pattern=' 'schema=+' 'o/output=' 'color=' 'q/quiet' 'v/verbose' 'no-progress' 'no-input' 'u/uri=' 'H/host=' 'p/port=' 's/socket=' 'n/db=' 'user=' 'password-file=' 'password-command=' 'askpass' 'sentinel-user=' 'sentinel-password-file=' 'tls' 'cacert=' 'cacertdir=' 'cert=' 'key=' 'sni=' 'insecure' 'node-only' 'read-from=' 'max-connections=' 'P/profile=' 'connect-timeout=' 'timeout=' 'retry-for=' 'max-runtime=' 'version' 'h/help'
        case 'doctor'
            __rediscache_parse_subcommand 0 'quick' 'interval=' 'state=' 'only=+' 'disable=+' 'threshold=+' 'fail-on=' 'format=' 'json' 'separator=' 'version-pattern=' 'schema=+' 'pace=' 'rate=' 'o/output=' 'color=' 'q/quiet' 'v/verbose' 'no-progress' 'no-input' 'u/uri=' 'H/host=' 'p/port=' 's/socket=' 'n/db=' 'user=' 'password-file=' 'password-command=' 'askpass' 'sentinel-user=' 'sentinel-password-file=' 'tls' 'cacert=' 'cacertdir=' 'cert=' 'key=' 'sni=' 'insecure' 'node-only' 'read-from=' 'max-connections=' 'P/profile=' 'connect-timeout=' 'timeout=' 'retry-for=' 'max-runtime=' 'version' 'h/help'
        case 'inspect'
            __rediscache_parse_subcommand -r 1 'value' 'tag-key=' 'format=' 'json' 'separator=' 'version-pattern=' 'schema=+' 'o/output=' 'color=' 'q/quiet' 'v/verbose' 'no-progress' 'no-input' 'u/uri=' 'H/host=' 'p/port=' 's/socket=' 'n/db=' 'user=' 'password-file=' 'password-command=' 'askpass' 'sentinel-user=' 'sentinel-password-file=' 'tls' 'cacert=' 'cacertdir=' 'cert=' 'key=' 'sni=' 'insecure' 'node-only' 'read-from=' 'max-connections=' 'P/profile=' 'connect-timeout=' 'timeout=' 'retry-for=' 'max-runtime=' 'version' 'h/help'
        case 'invalidate'
            __rediscache_parse_subcommand 1 'batch=' 'delete' 'expire-within=' 'all' 'max-keys=' 'expect=' 'backup=' 'journal=' 'resume=' 'verify' 'dry-run' 'yes' 'confirm=' 'format=' 'json' 'tag=+' 'tag-key=' 'member-key=' 'prune' 'keys-from=' 'bump=' 'exclude=+' 'namespace=+' 'key-version=' 'type=' 'template=+' 'role=+' 'segment=' 'superseded' 'no-ttl' 'ttl-below=' 'ttl-above=' 'expires-after=' 'expires-before=' 'larger-than=' 'samples=' 'idle-above=' 'separator=' 'version-pattern=' 'schema=+' 'pace=' 'rate=' 'count=' 'o/output=' 'color=' 'q/quiet' 'v/verbose' 'no-progress' 'no-input' 'u/uri=' 'H/host=' 'p/port=' 's/socket=' 'n/db=' 'user=' 'password-file=' 'password-command=' 'askpass' 'sentinel-user=' 'sentinel-password-file=' 'tls' 'cacert=' 'cacertdir=' 'cert=' 'key=' 'sni=' 'insecure' 'node-only' 'read-from=' 'max-connections=' 'P/profile=' 'connect-timeout=' 'timeout=' 'retry-for=' 'max-runtime=' 'version' 'h/help'
        case 'warm'
            __rediscache_parse_subcommand 1 'input-format=' 'ttl=' 'jitter=' 'all-dbs' 'ignore-db' 'if-missing' 'refresh-below=' 'tag=+' 'tag-key=' 'envelope' 'stale=' 'batch=' 'rejects=' 'strict' 'stop-on-eviction' 'max-keys=' 'expect=' 'backup=' 'journal=' 'resume=' 'verify' 'dry-run' 'yes' 'confirm=' 'format=' 'json' 'pace=' 'rate=' 'o/output=' 'color=' 'q/quiet' 'v/verbose' 'no-progress' 'no-input' 'u/uri=' 'H/host=' 'p/port=' 's/socket=' 'n/db=' 'user=' 'password-file=' 'password-command=' 'askpass' 'sentinel-user=' 'sentinel-password-file=' 'tls' 'cacert=' 'cacertdir=' 'cert=' 'key=' 'sni=' 'insecure' 'node-only' 'read-from=' 'max-connections=' 'P/profile=' 'connect-timeout=' 'timeout=' 'retry-for=' 'max-runtime=' 'version' 'h/help'
        case 'export'
            __rediscache_parse_subcommand 1 'hot=' 'min-ttl=' 'dump' 'partial' 'json' 'exclude=+' 'namespace=+' 'key-version=' 'type=' 'template=+' 'role=+' 'segment=' 'superseded' 'no-ttl' 'ttl-below=' 'ttl-above=' 'expires-after=' 'expires-before=' 'larger-than=' 'samples=' 'idle-above=' 'separator=' 'version-pattern=' 'schema=+' 'pace=' 'rate=' 'count=' 'o/output=' 'color=' 'q/quiet' 'v/verbose' 'no-progress' 'no-input' 'rdb=+' 'as-of=' 'no-checksum' 'u/uri=' 'H/host=' 'p/port=' 's/socket=' 'n/db=' 'user=' 'password-file=' 'password-command=' 'askpass' 'sentinel-user=' 'sentinel-password-file=' 'tls' 'cacert=' 'cacertdir=' 'cert=' 'key=' 'sni=' 'insecure' 'node-only' 'read-from=' 'max-connections=' 'P/profile=' 'connect-timeout=' 'timeout=' 'retry-for=' 'max-runtime=' 'version' 'h/help'
        case 'profile'
            __rediscache_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'list'
                __rediscache_parse_subcommand 0 'version' 'h/help'
            case 'show'
                __rediscache_parse_subcommand 1 'version' 'h/help'
            case 'path'
                __rediscache_parse_subcommand 0 'version' 'h/help'
            end
        case 'help'
            __rediscache_parse_subcommand -r 1 'version'
        end
    end
end

function __rediscache_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __rediscache_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __rediscache_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __rediscache_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__rediscache_tokens -p)
    if test -z "$(__rediscache_tokens -t)"
        set -l index (count (__rediscache_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'rediscache' -f
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache" version' -l 'version' -d 'Show the version.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_positional "rediscache" -eq 1' -fa 'scan' -d 'Audit keys by namespace and version: counts, TTLs, memory, findings.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_positional "rediscache" -eq 1' -fa 'ttl' -d 'Histogram of remaining TTLs, expiry waves, keys that never expire.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_positional "rediscache" -eq 1' -fa 'stats' -d 'Hit ratio, evictions, expirations, memory, clients and latency from INFO.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_positional "rediscache" -eq 1' -fa 'hits' -d 'Hit ratio per namespace from live traffic, and why keys are missing.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_positional "rediscache" -eq 1' -fa 'doctor' -d 'The problems of a cache, the worst first.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_positional "rediscache" -eq 1' -fa 'inspect' -d 'All about single keys: type, size, TTL, use, place, name, tags.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_positional "rediscache" -eq 1' -fa 'invalidate' -d 'Remove or soon expire keys by pattern, namespace and version, tag or list, in safe batches.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_positional "rediscache" -eq 1' -fa 'warm' -d 'Load keys from a seed file.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_positional "rediscache" -eq 1' -fa 'export' -d 'Write live keys to a seed file.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_positional "rediscache" -eq 1' -fa 'profile' -d 'List and check the profiles of the configuration file.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_positional "rediscache" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" by' -l 'by' -d 'What the groups are (default version; the table of scan then shows namespaces with a fifth of the keys by entity).' -rfka 'namespace version entity template type role node db segment:1 segment:2'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" top' -l 'top' -d 'Rows of the table; the rest is one row (default 40). With scan --list: the most keys to list.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" max-groups' -l 'max-groups' -d 'Groups held in memory (default 10000); keys beyond share one group.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" depth' -l 'depth' -d 'Group by the first N segments of the template.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" exact' -l 'exact' -d 'Measure every key.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" sample' -l 'sample' -d 'Keys measured of each template (default 2500; all of them up to 200,000 keys).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" all-dbs' -l 'all-dbs' -d 'Every database of the server that has keys.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" sort' -l 'sort' -d 'Order of the groups; ttl puts the soonest to expire first. With --list and --top: memory, ttl or name.' -rfka 'keys memory ttl name'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" idle' -l 'idle' -d 'Also ask how long keys have not been used.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" big' -l 'big' -d 'List the N largest keys; measures every key.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" hot' -l 'hot' -d 'List the N keys that are used most, by how often or how lately; asks every key.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" list' -l 'list' -d 'List the chosen keys instead of grouping them.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" print0' -l 'print0' -d 'With --list: keys as they are, each followed by a NUL.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" checkpoint' -l 'checkpoint' -d 'Save the state here every few seconds; the same command resumes from it.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" fail-on' -l 'fail-on' -d 'Exit with 2 where a finding is at least this severe; with --format nagios, what counts (default warning).' -rfka 'info warning critical'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" all-findings' -l 'all-findings' -d 'Show every finding, not only the worst.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan"' -l 'ignore' -d 'Leave out findings of a kind, or those about a namespace or template; may be repeated.' -rfka 'memory-full superseded-version lock-without-ttl counter-without-ttl session-without-ttl unversioned no-namespace mixed-ttl-policy expiry-wave unbounded-key low-reuse no-ttl big-key schema-mismatch'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan"' -l 'limit' -d 'Leave out findings of a kind that concern at most this share of the keys: no-ttl=1%; may be repeated.' -rfka 'superseded-version=1% lock-without-ttl=1% counter-without-ttl=1% session-without-ttl=1% unversioned=1% no-namespace=1% mixed-ttl-policy=1% expiry-wave=1% unbounded-key=1% low-reuse=1% no-ttl=1% schema-mismatch=1%'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" format' -l 'format' -d 'Form of the output; --list takes csv and jsonl.' -rfka 'table json jsonl csv prometheus nagios'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" json' -l 'json' -d 'Short for --format json.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan"' -l 'exclude' -d 'Leave out the keys that match; may be repeated.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan"' -l 'namespace' -d 'Only keys of this namespace; \'*\' stands for one segment, none for keys without one; may be repeated.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" key-version' -l 'key-version' -d 'Only keys of these versions: v3, \'<v3\', \'<=v3\', \'>v3\', \'>=v3\', none.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" type' -l 'type' -d 'Only keys of this type: string list set zset hash stream vectorset, or a module\'s type.' -rfka 'string list set zset hash stream vectorset'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan"' -l 'template' -d 'Only keys of this template, as scan --by template shows it; reads all names first; may be repeated.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan"' -l 'role' -d 'Only keys for this, as scan --by role shows it; reads all names first; may be repeated.' -rfka 'entry session lock counter queue tag index'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" segment' -l 'segment' -d 'Only keys whose N-th segment is this, as scan --by segment:N shows it; none for keys without it.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" superseded' -l 'superseded' -d 'Only versions that are not the newest live one of their namespace.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" no-ttl' -l 'no-ttl' -d 'Only keys that never expire.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" ttl-below' -l 'ttl-below' -d 'Only keys that expire within this time.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" ttl-above' -l 'ttl-above' -d 'Only keys that expire after this time.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" expires-after' -l 'expires-after' -d 'Only keys that expire at this moment or later: 2026-01-31T05:32:00Z or 05:32Z.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" expires-before' -l 'expires-before' -d 'Only keys that expire before this moment.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" larger-than' -l 'larger-than' -d 'Only keys that take more bytes.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" samples' -l 'samples' -d 'Elements by which MEMORY USAGE sizes a collection (default 5; 0 for all).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" idle-above' -l 'idle-above' -d 'Only keys unused for longer.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" separator' -l 'separator' -d 'What separates the segments of a key (default: the first of :: : | # ~ -> in it, else its first separator).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" version-pattern' -l 'version-pattern' -d 'A segment that matches wholly is a version (default v<digits>).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan"' -l 'schema' -d 'Read keys by position: \'{namespace}:{version}:{entity}:{id}\', {namespace+}, {rest}, {_}, or django laravel rails spring; may be repeated.' -rfka 'django laravel spring rails'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" pace' -l 'pace' -d 'auto holds the server about 0.3 ms at a time; gentle also rests 3/4 of the time; full takes all (default auto).' -rfka 'auto gentle full'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" rate' -l 'rate' -d 'No more than this many keys a second.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" count' -l 'count' -d 'COUNT of each SCAN, 1 to 100,000 (default: chosen by the pace).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" state' -l 'state' -d 'Note this run\'s own lookups in the file of stats --state, which then subtracts them.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" o output' -s 'o' -l 'output' -d 'Write to a file instead, which is replaced in one step; - is standard output.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" color' -l 'color' -d 'Colours: auto, always or never.' -rfka 'auto always never'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" q quiet' -s 'q' -l 'quiet' -d 'No progress, no summary, no warnings.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" v verbose' -s 'v' -l 'verbose' -d 'Say more about the connection and the run.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" no-progress' -l 'no-progress' -d 'No progress.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" no-input' -l 'no-input' -d 'Never ask anything.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan"' -l 'rdb' -d 'Read this dump file in place of a server, gzip or not; - is standard input. May be repeated.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" as-of' -l 'as-of' -d 'Count TTLs from when the dump was written, or from now (default written).' -rfka 'written now'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" no-checksum' -l 'no-checksum' -d 'Do not check the checksum of a dump.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" u uri' -s 'u' -l 'uri' -d 'Where to connect: redis:// rediss:// valkey:// valkeys:// unix:///path?db=0 redis-sentinel://.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" H host' -s 'H' -l 'host' -d 'Host name or address (default 127.0.0.1).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" p port' -s 'p' -l 'port' -d 'Port (default 6379).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" s socket' -s 's' -l 'socket' -d 'Unix socket.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" db n' -s 'n' -l 'db' -d 'Database number.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" user' -l 'user' -d 'ACL user.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" password-file' -l 'password-file' -d 'File whose first line is the password.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" password-command' -l 'password-command' -d 'Command whose first line of output is the password; run again where the server refuses it.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" askpass' -l 'askpass' -d 'Ask for the password on the terminal.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" sentinel-user' -l 'sentinel-user' -d 'ACL user of the sentinels.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" sentinel-password-file' -l 'sentinel-password-file' -d 'File whose first line is the sentinels\' password.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" tls' -l 'tls' -d 'Speak TLS; certificate and host name are verified.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" cacert' -l 'cacert' -d 'Trusted authorities, a PEM file.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" cacertdir' -l 'cacertdir' -d 'Trusted authorities, a folder of PEM files.' -rfa '(__rediscache_complete_directories)'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" cert' -l 'cert' -d 'Client certificate, PEM.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" key' -l 'key' -d 'Client private key, PEM.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" sni' -l 'sni' -d 'Server name to send and verify, where it is not the host.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" insecure' -l 'insecure' -d 'Accept any certificate. Anyone in between can read and change everything.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" node-only' -l 'node-only' -d 'Look at this server only, although it is part of a cluster.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" read-from' -l 'read-from' -d 'Read from the primary or a replica (default primary).' -rfka 'primary replica'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" max-connections' -l 'max-connections' -d 'Nodes of a cluster walked at the same time (default 16).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" P profile' -s 'P' -l 'profile' -d 'Profile of the configuration file.' -rfka '(__rediscache_custom_completion ---completion scan -- --profile (count (__rediscache_tokens -pc)) (__rediscache_tokens -tC))'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" connect-timeout' -l 'connect-timeout' -d 'Bound on connecting (default 5s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" timeout' -l 'timeout' -d 'Bound on each wait for replies (default 10s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" retry-for' -l 'retry-for' -d 'How long to retry what failed, 0s for never (default 30s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" max-runtime' -l 'max-runtime' -d 'Bound on the whole run.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" version' -l 'version' -d 'Show the version.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache scan" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" by' -l 'by' -d 'What the groups are (default version; the table of scan then shows namespaces with a fifth of the keys by entity).' -rfka 'namespace version entity template type role node db segment:1 segment:2'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" top' -l 'top' -d 'Rows of the table; the rest is one row (default 40). With scan --list: the most keys to list.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" max-groups' -l 'max-groups' -d 'Groups held in memory (default 10000); keys beyond share one group.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" depth' -l 'depth' -d 'Group by the first N segments of the template.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" exact' -l 'exact' -d 'Measure every key.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" sample' -l 'sample' -d 'Keys measured of each template (default 2500; all of them up to 200,000 keys).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" all-dbs' -l 'all-dbs' -d 'Every database of the server that has keys.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" buckets' -l 'buckets' -d 'Upper edges of the bars, such as 1m,10m,1h (default: fitted to the data).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" wave-window' -l 'wave-window' -d 'Length of the windows in which waves are looked for (default 60s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" horizon' -l 'horizon' -d 'How far ahead waves are looked for (default 24h).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" format' -l 'format' -d 'Form of the output.' -rfka 'table json csv prometheus'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" json' -l 'json' -d 'Short for --format json.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl"' -l 'exclude' -d 'Leave out the keys that match; may be repeated.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl"' -l 'namespace' -d 'Only keys of this namespace; \'*\' stands for one segment, none for keys without one; may be repeated.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" key-version' -l 'key-version' -d 'Only keys of these versions: v3, \'<v3\', \'<=v3\', \'>v3\', \'>=v3\', none.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" type' -l 'type' -d 'Only keys of this type: string list set zset hash stream vectorset, or a module\'s type.' -rfka 'string list set zset hash stream vectorset'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl"' -l 'template' -d 'Only keys of this template, as scan --by template shows it; reads all names first; may be repeated.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl"' -l 'role' -d 'Only keys for this, as scan --by role shows it; reads all names first; may be repeated.' -rfka 'entry session lock counter queue tag index'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" segment' -l 'segment' -d 'Only keys whose N-th segment is this, as scan --by segment:N shows it; none for keys without it.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" superseded' -l 'superseded' -d 'Only versions that are not the newest live one of their namespace.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" no-ttl' -l 'no-ttl' -d 'Only keys that never expire.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" ttl-below' -l 'ttl-below' -d 'Only keys that expire within this time.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" ttl-above' -l 'ttl-above' -d 'Only keys that expire after this time.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" expires-after' -l 'expires-after' -d 'Only keys that expire at this moment or later: 2026-01-31T05:32:00Z or 05:32Z.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" expires-before' -l 'expires-before' -d 'Only keys that expire before this moment.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" larger-than' -l 'larger-than' -d 'Only keys that take more bytes.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" samples' -l 'samples' -d 'Elements by which MEMORY USAGE sizes a collection (default 5; 0 for all).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" idle-above' -l 'idle-above' -d 'Only keys unused for longer.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" separator' -l 'separator' -d 'What separates the segments of a key (default: the first of :: : | # ~ -> in it, else its first separator).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" version-pattern' -l 'version-pattern' -d 'A segment that matches wholly is a version (default v<digits>).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl"' -l 'schema' -d 'Read keys by position: \'{namespace}:{version}:{entity}:{id}\', {namespace+}, {rest}, {_}, or django laravel rails spring; may be repeated.' -rfka 'django laravel spring rails'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" pace' -l 'pace' -d 'auto holds the server about 0.3 ms at a time; gentle also rests 3/4 of the time; full takes all (default auto).' -rfka 'auto gentle full'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" rate' -l 'rate' -d 'No more than this many keys a second.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" count' -l 'count' -d 'COUNT of each SCAN, 1 to 100,000 (default: chosen by the pace).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" state' -l 'state' -d 'Note this run\'s own lookups in the file of stats --state, which then subtracts them.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" o output' -s 'o' -l 'output' -d 'Write to a file instead, which is replaced in one step; - is standard output.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" color' -l 'color' -d 'Colours: auto, always or never.' -rfka 'auto always never'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" q quiet' -s 'q' -l 'quiet' -d 'No progress, no summary, no warnings.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" v verbose' -s 'v' -l 'verbose' -d 'Say more about the connection and the run.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" no-progress' -l 'no-progress' -d 'No progress.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" no-input' -l 'no-input' -d 'Never ask anything.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl"' -l 'rdb' -d 'Read this dump file in place of a server, gzip or not; - is standard input. May be repeated.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" as-of' -l 'as-of' -d 'Count TTLs from when the dump was written, or from now (default written).' -rfka 'written now'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" no-checksum' -l 'no-checksum' -d 'Do not check the checksum of a dump.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" u uri' -s 'u' -l 'uri' -d 'Where to connect: redis:// rediss:// valkey:// valkeys:// unix:///path?db=0 redis-sentinel://.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" H host' -s 'H' -l 'host' -d 'Host name or address (default 127.0.0.1).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" p port' -s 'p' -l 'port' -d 'Port (default 6379).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" s socket' -s 's' -l 'socket' -d 'Unix socket.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" db n' -s 'n' -l 'db' -d 'Database number.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" user' -l 'user' -d 'ACL user.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" password-file' -l 'password-file' -d 'File whose first line is the password.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" password-command' -l 'password-command' -d 'Command whose first line of output is the password; run again where the server refuses it.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" askpass' -l 'askpass' -d 'Ask for the password on the terminal.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" sentinel-user' -l 'sentinel-user' -d 'ACL user of the sentinels.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" sentinel-password-file' -l 'sentinel-password-file' -d 'File whose first line is the sentinels\' password.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" tls' -l 'tls' -d 'Speak TLS; certificate and host name are verified.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" cacert' -l 'cacert' -d 'Trusted authorities, a PEM file.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" cacertdir' -l 'cacertdir' -d 'Trusted authorities, a folder of PEM files.' -rfa '(__rediscache_complete_directories)'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" cert' -l 'cert' -d 'Client certificate, PEM.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" key' -l 'key' -d 'Client private key, PEM.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" sni' -l 'sni' -d 'Server name to send and verify, where it is not the host.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" insecure' -l 'insecure' -d 'Accept any certificate. Anyone in between can read and change everything.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" node-only' -l 'node-only' -d 'Look at this server only, although it is part of a cluster.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" read-from' -l 'read-from' -d 'Read from the primary or a replica (default primary).' -rfka 'primary replica'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" max-connections' -l 'max-connections' -d 'Nodes of a cluster walked at the same time (default 16).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" P profile' -s 'P' -l 'profile' -d 'Profile of the configuration file.' -rfka '(__rediscache_custom_completion ---completion ttl -- --profile (count (__rediscache_tokens -pc)) (__rediscache_tokens -tC))'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" connect-timeout' -l 'connect-timeout' -d 'Bound on connecting (default 5s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" timeout' -l 'timeout' -d 'Bound on each wait for replies (default 10s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" retry-for' -l 'retry-for' -d 'How long to retry what failed, 0s for never (default 30s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" max-runtime' -l 'max-runtime' -d 'Bound on the whole run.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" version' -l 'version' -d 'Show the version.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache ttl" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" interval' -l 'interval' -d 'Read twice, this far apart (default 1s), and report what happened in between; with --watch the time between rows (default 2s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" watch' -l 'watch' -d 'A row an interval until Ctrl-C, then a summary.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" state' -l 'state' -d 'Report what happened since this file was last written, and write it.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats"' -l 'fail-if' -d 'Exit with 2 where this holds, such as \'hit_ratio < 80% or evicted_keys > 100/s\' (repeatable).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats"' -l 'warning' -d 'With --format nagios: WARNING where this holds (repeatable).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats"' -l 'critical' -d 'With --format nagios: CRITICAL where this holds (repeatable).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" format' -l 'format' -d 'table, json, jsonl, csv, prometheus or nagios; with --watch: table, jsonl or csv.' -rfka 'table json jsonl csv prometheus nagios'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" json' -l 'json' -d 'Short for --format json.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" o output' -s 'o' -l 'output' -d 'Write to a file instead, which is replaced in one step; - is standard output.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" color' -l 'color' -d 'Colours: auto, always or never.' -rfka 'auto always never'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" q quiet' -s 'q' -l 'quiet' -d 'No progress, no summary, no warnings.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" v verbose' -s 'v' -l 'verbose' -d 'Say more about the connection and the run.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" no-progress' -l 'no-progress' -d 'No progress.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" no-input' -l 'no-input' -d 'Never ask anything.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" u uri' -s 'u' -l 'uri' -d 'Where to connect: redis:// rediss:// valkey:// valkeys:// unix:///path?db=0 redis-sentinel://.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" H host' -s 'H' -l 'host' -d 'Host name or address (default 127.0.0.1).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" p port' -s 'p' -l 'port' -d 'Port (default 6379).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" s socket' -s 's' -l 'socket' -d 'Unix socket.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" db n' -s 'n' -l 'db' -d 'Database number.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" user' -l 'user' -d 'ACL user.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" password-file' -l 'password-file' -d 'File whose first line is the password.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" password-command' -l 'password-command' -d 'Command whose first line of output is the password; run again where the server refuses it.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" askpass' -l 'askpass' -d 'Ask for the password on the terminal.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" sentinel-user' -l 'sentinel-user' -d 'ACL user of the sentinels.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" sentinel-password-file' -l 'sentinel-password-file' -d 'File whose first line is the sentinels\' password.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" tls' -l 'tls' -d 'Speak TLS; certificate and host name are verified.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" cacert' -l 'cacert' -d 'Trusted authorities, a PEM file.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" cacertdir' -l 'cacertdir' -d 'Trusted authorities, a folder of PEM files.' -rfa '(__rediscache_complete_directories)'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" cert' -l 'cert' -d 'Client certificate, PEM.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" key' -l 'key' -d 'Client private key, PEM.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" sni' -l 'sni' -d 'Server name to send and verify, where it is not the host.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" insecure' -l 'insecure' -d 'Accept any certificate. Anyone in between can read and change everything.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" node-only' -l 'node-only' -d 'Look at this server only, although it is part of a cluster.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" read-from' -l 'read-from' -d 'Read from the primary or a replica (default primary).' -rfka 'primary replica'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" max-connections' -l 'max-connections' -d 'Nodes of a cluster walked at the same time (default 16).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" P profile' -s 'P' -l 'profile' -d 'Profile of the configuration file.' -rfka '(__rediscache_custom_completion ---completion stats -- --profile (count (__rediscache_tokens -pc)) (__rediscache_tokens -tC))'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" connect-timeout' -l 'connect-timeout' -d 'Bound on connecting (default 5s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" timeout' -l 'timeout' -d 'Bound on each wait for replies (default 10s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" retry-for' -l 'retry-for' -d 'How long to retry what failed, 0s for never (default 30s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" max-runtime' -l 'max-runtime' -d 'Bound on the whole run.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" version' -l 'version' -d 'Show the version.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache stats" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" for' -l 'for' -d 'How long to listen (default 60s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" watch' -l 'watch' -d 'Report each --for (default 10s here) until Ctrl-C.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" state' -l 'state' -d 'Do not listen: hits and misses since this file was last written, by INFO, and which keys were used lately (for cron).' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" enable-notifications' -l 'enable-notifications' -d 'Make the servers send the events that are missing (CONFIG SET), and set them back afterwards.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" no-memory' -l 'no-memory' -d 'Do not measure what the keys take: no SCAN before listening.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" no-monitor' -l 'no-monitor' -d 'Do not estimate reads: MONITOR is never sent.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" duty' -l 'duty' -d 'The part of the time in which a server is monitored, in windows of up to 200ms (default 5%).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" max-ops' -l 'max-ops' -d 'Monitor no server that runs more commands a second (default 100000).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" refill' -l 'refill' -d 'Infer misses from MONITOR where no events are sent: a read that a write of its key follows within this time (default: as far as the windows reach, at most 2s); a longer time needs longer windows.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" force' -l 'force' -d 'Monitor whatever speaks against it: too many commands a second, or too much that is written.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" by' -l 'by' -d 'What the groups are (default version).' -rfka 'namespace version entity template'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" top' -l 'top' -d 'Rows of the table; the rest is one row (default 40).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" max-groups' -l 'max-groups' -d 'Groups held in memory (default 10000); keys beyond share one group.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" top-keys' -l 'top-keys' -d 'List the N keys that miss most.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits"' -l 'fail-if' -d 'Exit with 2 where this holds: \'hit_ratio < 80%\', or of one group \'product:v7: hit_ratio < 90%\' (repeatable).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" format' -l 'format' -d 'table, json, jsonl, csv or prometheus; with --watch: table, jsonl or csv.' -rfka 'table json jsonl csv prometheus'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" json' -l 'json' -d 'Short for --format json.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits"' -l 'exclude' -d 'Leave out the keys that match; may be repeated.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits"' -l 'namespace' -d 'Only keys of this namespace; \'*\' stands for one segment, none for keys without one; may be repeated.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" key-version' -l 'key-version' -d 'Only keys of these versions: v3, \'<v3\', \'<=v3\', \'>v3\', \'>=v3\', none.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" separator' -l 'separator' -d 'What separates the segments of a key (default: the first of :: : | # ~ -> in it, else its first separator).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" version-pattern' -l 'version-pattern' -d 'A segment that matches wholly is a version (default v<digits>).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits"' -l 'schema' -d 'Read keys by position: \'{namespace}:{version}:{entity}:{id}\', {namespace+}, {rest}, {_}, or django laravel rails spring; may be repeated.' -rfka 'django laravel spring rails'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" o output' -s 'o' -l 'output' -d 'Write to a file instead, which is replaced in one step; - is standard output.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" color' -l 'color' -d 'Colours: auto, always or never.' -rfka 'auto always never'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" q quiet' -s 'q' -l 'quiet' -d 'No progress, no summary, no warnings.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" v verbose' -s 'v' -l 'verbose' -d 'Say more about the connection and the run.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" no-progress' -l 'no-progress' -d 'No progress.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" no-input' -l 'no-input' -d 'Never ask anything.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" u uri' -s 'u' -l 'uri' -d 'Where to connect: redis:// rediss:// valkey:// valkeys:// unix:///path?db=0 redis-sentinel://.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" H host' -s 'H' -l 'host' -d 'Host name or address (default 127.0.0.1).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" p port' -s 'p' -l 'port' -d 'Port (default 6379).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" s socket' -s 's' -l 'socket' -d 'Unix socket.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" db n' -s 'n' -l 'db' -d 'Database number.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" user' -l 'user' -d 'ACL user.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" password-file' -l 'password-file' -d 'File whose first line is the password.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" password-command' -l 'password-command' -d 'Command whose first line of output is the password; run again where the server refuses it.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" askpass' -l 'askpass' -d 'Ask for the password on the terminal.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" sentinel-user' -l 'sentinel-user' -d 'ACL user of the sentinels.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" sentinel-password-file' -l 'sentinel-password-file' -d 'File whose first line is the sentinels\' password.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" tls' -l 'tls' -d 'Speak TLS; certificate and host name are verified.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" cacert' -l 'cacert' -d 'Trusted authorities, a PEM file.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" cacertdir' -l 'cacertdir' -d 'Trusted authorities, a folder of PEM files.' -rfa '(__rediscache_complete_directories)'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" cert' -l 'cert' -d 'Client certificate, PEM.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" key' -l 'key' -d 'Client private key, PEM.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" sni' -l 'sni' -d 'Server name to send and verify, where it is not the host.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" insecure' -l 'insecure' -d 'Accept any certificate. Anyone in between can read and change everything.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" node-only' -l 'node-only' -d 'Look at this server only, although it is part of a cluster.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" read-from' -l 'read-from' -d 'Read from the primary or a replica (default primary).' -rfka 'primary replica'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" max-connections' -l 'max-connections' -d 'Nodes of a cluster walked at the same time (default 16).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" P profile' -s 'P' -l 'profile' -d 'Profile of the configuration file.' -rfka '(__rediscache_custom_completion ---completion hits -- --profile (count (__rediscache_tokens -pc)) (__rediscache_tokens -tC))'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" connect-timeout' -l 'connect-timeout' -d 'Bound on connecting (default 5s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" timeout' -l 'timeout' -d 'Bound on each wait for replies (default 10s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" retry-for' -l 'retry-for' -d 'How long to retry what failed, 0s for never (default 30s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" max-runtime' -l 'max-runtime' -d 'Bound on the whole run.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" version' -l 'version' -d 'Show the version.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache hits" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" quick' -l 'quick' -d 'Do not look at the keys.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" interval' -l 'interval' -d 'Read twice, this far apart (default 1s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" state' -l 'state' -d 'Judge hits, evictions and the like since this file was last written, and write it.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor"' -l 'only' -d 'Apply this rule and no others; may be repeated.' -rfka 'refuses-writes cluster-gaps last-save-failed replica-link replication-lag no-password volatile-policy-without-ttl memory-high connections keys-command heavy-commands thrashing evicting hit-ratio poor-node latency slow-commands latency-events connection-churn errors monitor client-buffers replica-buffers no-maxmemory noeviction fragmentation persistence-off shard-balance expiry-lag cached-scripts idle-clients persistence-on-cache peak big-instance databases notifications no-tls old-version superseded-version lock-without-ttl counter-without-ttl session-without-ttl unversioned no-namespace mixed-ttl-policy expiry-wave unbounded-key low-reuse no-ttl big-key schema-mismatch'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor"' -l 'disable' -d 'Leave out a rule; may be repeated.' -rfka 'refuses-writes cluster-gaps last-save-failed replica-link replication-lag no-password volatile-policy-without-ttl memory-high connections keys-command heavy-commands thrashing evicting hit-ratio poor-node latency slow-commands latency-events connection-churn errors monitor client-buffers replica-buffers no-maxmemory noeviction fragmentation persistence-off shard-balance expiry-lag cached-scripts idle-clients persistence-on-cache peak big-instance databases notifications no-tls old-version superseded-version lock-without-ttl counter-without-ttl session-without-ttl unversioned no-namespace mixed-ttl-policy expiry-wave unbounded-key low-reuse no-ttl big-key schema-mismatch'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor"' -l 'threshold' -d 'Set a threshold of rediscache help rules: hit-ratio.warning=70%; may be repeated.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" fail-on' -l 'fail-on' -d 'Exit with 2 where a finding is at least this severe; with --format nagios, what counts (default warning).' -rfka 'info warning critical'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" format' -l 'format' -d 'Form of the output.' -rfka 'table json prometheus nagios'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" json' -l 'json' -d 'Short for --format json.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" separator' -l 'separator' -d 'What separates the segments of a key (default: the first of :: : | # ~ -> in it, else its first separator).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" version-pattern' -l 'version-pattern' -d 'A segment that matches wholly is a version (default v<digits>).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor"' -l 'schema' -d 'Read keys by position: \'{namespace}:{version}:{entity}:{id}\', {namespace+}, {rest}, {_}, or django laravel rails spring; may be repeated.' -rfka 'django laravel spring rails'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" pace' -l 'pace' -d 'auto holds the server about 0.3 ms at a time; gentle also rests 3/4 of the time; full takes all (default auto).' -rfka 'auto gentle full'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" rate' -l 'rate' -d 'No more than this many keys a second.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" o output' -s 'o' -l 'output' -d 'Write to a file instead, which is replaced in one step; - is standard output.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" color' -l 'color' -d 'Colours: auto, always or never.' -rfka 'auto always never'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" q quiet' -s 'q' -l 'quiet' -d 'No progress, no summary, no warnings.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" v verbose' -s 'v' -l 'verbose' -d 'Say more about the connection and the run.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" no-progress' -l 'no-progress' -d 'No progress.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" no-input' -l 'no-input' -d 'Never ask anything.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" u uri' -s 'u' -l 'uri' -d 'Where to connect: redis:// rediss:// valkey:// valkeys:// unix:///path?db=0 redis-sentinel://.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" H host' -s 'H' -l 'host' -d 'Host name or address (default 127.0.0.1).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" p port' -s 'p' -l 'port' -d 'Port (default 6379).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" s socket' -s 's' -l 'socket' -d 'Unix socket.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" db n' -s 'n' -l 'db' -d 'Database number.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" user' -l 'user' -d 'ACL user.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" password-file' -l 'password-file' -d 'File whose first line is the password.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" password-command' -l 'password-command' -d 'Command whose first line of output is the password; run again where the server refuses it.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" askpass' -l 'askpass' -d 'Ask for the password on the terminal.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" sentinel-user' -l 'sentinel-user' -d 'ACL user of the sentinels.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" sentinel-password-file' -l 'sentinel-password-file' -d 'File whose first line is the sentinels\' password.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" tls' -l 'tls' -d 'Speak TLS; certificate and host name are verified.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" cacert' -l 'cacert' -d 'Trusted authorities, a PEM file.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" cacertdir' -l 'cacertdir' -d 'Trusted authorities, a folder of PEM files.' -rfa '(__rediscache_complete_directories)'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" cert' -l 'cert' -d 'Client certificate, PEM.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" key' -l 'key' -d 'Client private key, PEM.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" sni' -l 'sni' -d 'Server name to send and verify, where it is not the host.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" insecure' -l 'insecure' -d 'Accept any certificate. Anyone in between can read and change everything.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" node-only' -l 'node-only' -d 'Look at this server only, although it is part of a cluster.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" read-from' -l 'read-from' -d 'Read from the primary or a replica (default primary).' -rfka 'primary replica'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" max-connections' -l 'max-connections' -d 'Nodes of a cluster walked at the same time (default 16).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" P profile' -s 'P' -l 'profile' -d 'Profile of the configuration file.' -rfka '(__rediscache_custom_completion ---completion doctor -- --profile (count (__rediscache_tokens -pc)) (__rediscache_tokens -tC))'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" connect-timeout' -l 'connect-timeout' -d 'Bound on connecting (default 5s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" timeout' -l 'timeout' -d 'Bound on each wait for replies (default 10s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" retry-for' -l 'retry-for' -d 'How long to retry what failed, 0s for never (default 30s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" max-runtime' -l 'max-runtime' -d 'Bound on the whole run.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" version' -l 'version' -d 'Show the version.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache doctor" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" value' -l 'value' -d 'Show what the keys hold: the beginning of a string, some elements of a collection.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" tag-key' -l 'tag-key' -d 'Also look for the tags that name the keys: sets called so, such as \'tag:{tag}\'. Walks over all tags.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" format' -l 'format' -d 'Form of the output.' -rfka 'table json'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" json' -l 'json' -d 'Short for --format json.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" separator' -l 'separator' -d 'What separates the segments of a key (default: the first of :: : | # ~ -> in it, else its first separator).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" version-pattern' -l 'version-pattern' -d 'A segment that matches wholly is a version (default v<digits>).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect"' -l 'schema' -d 'Read keys by position: \'{namespace}:{version}:{entity}:{id}\', {namespace+}, {rest}, {_}, or django laravel rails spring; may be repeated.' -rfka 'django laravel spring rails'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" o output' -s 'o' -l 'output' -d 'Write to a file instead, which is replaced in one step; - is standard output.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" color' -l 'color' -d 'Colours: auto, always or never.' -rfka 'auto always never'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" q quiet' -s 'q' -l 'quiet' -d 'No progress, no summary, no warnings.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" v verbose' -s 'v' -l 'verbose' -d 'Say more about the connection and the run.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" no-progress' -l 'no-progress' -d 'No progress.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" no-input' -l 'no-input' -d 'Never ask anything.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" u uri' -s 'u' -l 'uri' -d 'Where to connect: redis:// rediss:// valkey:// valkeys:// unix:///path?db=0 redis-sentinel://.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" H host' -s 'H' -l 'host' -d 'Host name or address (default 127.0.0.1).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" p port' -s 'p' -l 'port' -d 'Port (default 6379).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" s socket' -s 's' -l 'socket' -d 'Unix socket.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" db n' -s 'n' -l 'db' -d 'Database number.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" user' -l 'user' -d 'ACL user.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" password-file' -l 'password-file' -d 'File whose first line is the password.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" password-command' -l 'password-command' -d 'Command whose first line of output is the password; run again where the server refuses it.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" askpass' -l 'askpass' -d 'Ask for the password on the terminal.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" sentinel-user' -l 'sentinel-user' -d 'ACL user of the sentinels.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" sentinel-password-file' -l 'sentinel-password-file' -d 'File whose first line is the sentinels\' password.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" tls' -l 'tls' -d 'Speak TLS; certificate and host name are verified.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" cacert' -l 'cacert' -d 'Trusted authorities, a PEM file.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" cacertdir' -l 'cacertdir' -d 'Trusted authorities, a folder of PEM files.' -rfa '(__rediscache_complete_directories)'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" cert' -l 'cert' -d 'Client certificate, PEM.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" key' -l 'key' -d 'Client private key, PEM.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" sni' -l 'sni' -d 'Server name to send and verify, where it is not the host.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" insecure' -l 'insecure' -d 'Accept any certificate. Anyone in between can read and change everything.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" node-only' -l 'node-only' -d 'Look at this server only, although it is part of a cluster.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" read-from' -l 'read-from' -d 'Read from the primary or a replica (default primary).' -rfka 'primary replica'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" max-connections' -l 'max-connections' -d 'Nodes of a cluster walked at the same time (default 16).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" P profile' -s 'P' -l 'profile' -d 'Profile of the configuration file.' -rfka '(__rediscache_custom_completion ---completion inspect -- --profile (count (__rediscache_tokens -pc)) (__rediscache_tokens -tC))'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" connect-timeout' -l 'connect-timeout' -d 'Bound on connecting (default 5s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" timeout' -l 'timeout' -d 'Bound on each wait for replies (default 10s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" retry-for' -l 'retry-for' -d 'How long to retry what failed, 0s for never (default 30s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" max-runtime' -l 'max-runtime' -d 'Bound on the whole run.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" version' -l 'version' -d 'Show the version.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache inspect" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" batch' -l 'batch' -d 'Most keys in a batch, 1 to 10,000 (default 500; 1,000 at full pace).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" delete' -l 'delete' -d 'Use DEL instead of UNLINK: values are freed at once, while all clients wait.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" expire-within' -l 'expire-within' -d 'Remove nothing, but let each key expire at a random moment within this time; never lengthens a TTL.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" all' -l 'all' -d 'Allow a choice that includes every key.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" max-keys' -l 'max-keys' -d 'Most keys that may be removed, \'none\' for no bound; 0 removes nothing (default 1,000,000).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" expect' -l 'expect' -d 'Count first, and remove nothing if the count differs: 40902, \'40902±2%\'.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" backup' -l 'backup' -d 'Save the values to this file first, as a seed that \'warm\' restores.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" journal' -l 'journal' -d 'Record what is done in this new file, for --resume.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" resume' -l 'resume' -d 'Resume the run of this journal.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" verify' -l 'verify' -d 'Look for the keys again afterwards.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" dry-run' -l 'dry-run' -d 'Do everything but the writing; may be added to a complete command.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" yes' -l 'yes' -d 'Do not ask.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" confirm' -l 'confirm' -d 'The target\'s name, where its profile is protected.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" format' -l 'format' -d 'Form of the output.' -rfka 'table json'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" json' -l 'json' -d 'Short for --format json.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate"' -l 'tag' -d 'The members of this tag; may be repeated. \\xHH stands for a byte.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" tag-key' -l 'tag-key' -d 'Where tags are kept (default \'tag:{tag}\'): sets of keys, or Laravel\'s sorted sets.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" member-key' -l 'member-key' -d 'How a member becomes the name of its key, where it is not the name itself: \'page:{member}\'.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" prune' -l 'prune' -d 'Also take members whose keys are gone out of the tags.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" keys-from' -l 'keys-from' -d 'The keys of this file, one a line, each ended by NUL, or as JSON lines; \'-\' reads standard input.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" bump' -l 'bump' -d 'Count up this generation key with INCR, and remove nothing.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate"' -l 'exclude' -d 'Leave out the keys that match; may be repeated.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate"' -l 'namespace' -d 'Only keys of this namespace; \'*\' stands for one segment, none for keys without one; may be repeated.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" key-version' -l 'key-version' -d 'Only keys of these versions: v3, \'<v3\', \'<=v3\', \'>v3\', \'>=v3\', none.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" type' -l 'type' -d 'Only keys of this type: string list set zset hash stream vectorset, or a module\'s type.' -rfka 'string list set zset hash stream vectorset'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate"' -l 'template' -d 'Only keys of this template, as scan --by template shows it; reads all names first; may be repeated.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate"' -l 'role' -d 'Only keys for this, as scan --by role shows it; reads all names first; may be repeated.' -rfka 'entry session lock counter queue tag index'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" segment' -l 'segment' -d 'Only keys whose N-th segment is this, as scan --by segment:N shows it; none for keys without it.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" superseded' -l 'superseded' -d 'Only versions that are not the newest live one of their namespace.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" no-ttl' -l 'no-ttl' -d 'Only keys that never expire.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" ttl-below' -l 'ttl-below' -d 'Only keys that expire within this time.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" ttl-above' -l 'ttl-above' -d 'Only keys that expire after this time.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" expires-after' -l 'expires-after' -d 'Only keys that expire at this moment or later: 2026-01-31T05:32:00Z or 05:32Z.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" expires-before' -l 'expires-before' -d 'Only keys that expire before this moment.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" larger-than' -l 'larger-than' -d 'Only keys that take more bytes.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" samples' -l 'samples' -d 'Elements by which MEMORY USAGE sizes a collection (default 5; 0 for all).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" idle-above' -l 'idle-above' -d 'Only keys unused for longer.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" separator' -l 'separator' -d 'What separates the segments of a key (default: the first of :: : | # ~ -> in it, else its first separator).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" version-pattern' -l 'version-pattern' -d 'A segment that matches wholly is a version (default v<digits>).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate"' -l 'schema' -d 'Read keys by position: \'{namespace}:{version}:{entity}:{id}\', {namespace+}, {rest}, {_}, or django laravel rails spring; may be repeated.' -rfka 'django laravel spring rails'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" pace' -l 'pace' -d 'auto holds the server about 0.3 ms at a time; gentle also rests 3/4 of the time; full takes all (default auto).' -rfka 'auto gentle full'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" rate' -l 'rate' -d 'No more than this many keys a second.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" count' -l 'count' -d 'COUNT of each SCAN, 1 to 100,000 (default: chosen by the pace).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" o output' -s 'o' -l 'output' -d 'Write to a file instead, which is replaced in one step; - is standard output.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" color' -l 'color' -d 'Colours: auto, always or never.' -rfka 'auto always never'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" q quiet' -s 'q' -l 'quiet' -d 'No progress, no summary, no warnings.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" v verbose' -s 'v' -l 'verbose' -d 'Say more about the connection and the run.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" no-progress' -l 'no-progress' -d 'No progress.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" no-input' -l 'no-input' -d 'Never ask anything.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" u uri' -s 'u' -l 'uri' -d 'Where to connect: redis:// rediss:// valkey:// valkeys:// unix:///path?db=0 redis-sentinel://.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" H host' -s 'H' -l 'host' -d 'Host name or address (default 127.0.0.1).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" p port' -s 'p' -l 'port' -d 'Port (default 6379).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" s socket' -s 's' -l 'socket' -d 'Unix socket.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" db n' -s 'n' -l 'db' -d 'Database number.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" user' -l 'user' -d 'ACL user.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" password-file' -l 'password-file' -d 'File whose first line is the password.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" password-command' -l 'password-command' -d 'Command whose first line of output is the password; run again where the server refuses it.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" askpass' -l 'askpass' -d 'Ask for the password on the terminal.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" sentinel-user' -l 'sentinel-user' -d 'ACL user of the sentinels.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" sentinel-password-file' -l 'sentinel-password-file' -d 'File whose first line is the sentinels\' password.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" tls' -l 'tls' -d 'Speak TLS; certificate and host name are verified.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" cacert' -l 'cacert' -d 'Trusted authorities, a PEM file.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" cacertdir' -l 'cacertdir' -d 'Trusted authorities, a folder of PEM files.' -rfa '(__rediscache_complete_directories)'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" cert' -l 'cert' -d 'Client certificate, PEM.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" key' -l 'key' -d 'Client private key, PEM.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" sni' -l 'sni' -d 'Server name to send and verify, where it is not the host.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" insecure' -l 'insecure' -d 'Accept any certificate. Anyone in between can read and change everything.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" node-only' -l 'node-only' -d 'Look at this server only, although it is part of a cluster.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" read-from' -l 'read-from' -d 'Read from the primary or a replica (default primary).' -rfka 'primary replica'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" max-connections' -l 'max-connections' -d 'Nodes of a cluster walked at the same time (default 16).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" P profile' -s 'P' -l 'profile' -d 'Profile of the configuration file.' -rfka '(__rediscache_custom_completion ---completion invalidate -- --profile (count (__rediscache_tokens -pc)) (__rediscache_tokens -tC))'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" connect-timeout' -l 'connect-timeout' -d 'Bound on connecting (default 5s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" timeout' -l 'timeout' -d 'Bound on each wait for replies (default 10s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" retry-for' -l 'retry-for' -d 'How long to retry what failed, 0s for never (default 30s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" max-runtime' -l 'max-runtime' -d 'Bound on the whole run.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" version' -l 'version' -d 'Show the version.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache invalidate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_positional "rediscache warm" -eq 1' -F
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" input-format' -l 'input-format' -d 'Format of the seed (default: by its content).' -rfka 'jsonl csv resp redis-dump'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" ttl' -l 'ttl' -d 'TTL of records that name none (default: they never expire).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" jitter' -l 'jitter' -d 'Make each TTL longer or shorter by up to this much, always the same for a key: 10%.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" all-dbs' -l 'all-dbs' -d 'Load each record into the database that it names, not only those of --db.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" ignore-db' -l 'ignore-db' -d 'Load every record into the database of --db, whichever it names.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" if-missing' -l 'if-missing' -d 'Leave keys alone that are there already.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" refresh-below' -l 'refresh-below' -d 'Rewrite keys that are there only where less than this share of the seed\'s TTL remains: 20%.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm"' -l 'tag' -d 'Make every key a member of this tag; may be repeated.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" tag-key' -l 'tag-key' -d 'Where tags are kept (default \'tag:{tag}\').' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" envelope' -l 'envelope' -d 'Wrap strings as {"value":…,"cachedAt":ms,"expiresAt":ms}.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" stale' -l 'stale' -d 'How long a key lives on after its envelope\'s expiresAt.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" batch' -l 'batch' -d 'Most records in a batch, 1 to 10,000 (default: chosen by the pace).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" rejects' -l 'rejects' -d 'Write the records that cannot be loaded to this new file.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" strict' -l 'strict' -d 'Stop at the first record that cannot be loaded.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" stop-on-eviction' -l 'stop-on-eviction' -d 'Stop once the server evicts keys.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" max-keys' -l 'max-keys' -d 'Most keys that may be written, \'none\' for no bound; 0 writes nothing (default 1,000,000).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" expect' -l 'expect' -d 'Count first, and write nothing if the count differs: 40902, \'40902±2%\'.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" backup' -l 'backup' -d 'Save what is replaced to this file first, as a seed that \'warm\' restores.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" journal' -l 'journal' -d 'Record what is done in this new file, for --resume.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" resume' -l 'resume' -d 'Resume the run of this journal.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" verify' -l 'verify' -d 'Read some keys back afterwards and compare.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" dry-run' -l 'dry-run' -d 'Do everything but the writing; may be added to a complete command.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" yes' -l 'yes' -d 'Do not ask.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" confirm' -l 'confirm' -d 'The target\'s name, where its profile is protected.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" format' -l 'format' -d 'Form of the output.' -rfka 'table json'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" json' -l 'json' -d 'Short for --format json.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" pace' -l 'pace' -d 'auto holds the server about 0.3 ms at a time; gentle also rests 3/4 of the time; full takes all (default auto).' -rfka 'auto gentle full'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" rate' -l 'rate' -d 'No more than this many keys a second.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" o output' -s 'o' -l 'output' -d 'Write to a file instead, which is replaced in one step; - is standard output.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" color' -l 'color' -d 'Colours: auto, always or never.' -rfka 'auto always never'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" q quiet' -s 'q' -l 'quiet' -d 'No progress, no summary, no warnings.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" v verbose' -s 'v' -l 'verbose' -d 'Say more about the connection and the run.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" no-progress' -l 'no-progress' -d 'No progress.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" no-input' -l 'no-input' -d 'Never ask anything.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" u uri' -s 'u' -l 'uri' -d 'Where to connect: redis:// rediss:// valkey:// valkeys:// unix:///path?db=0 redis-sentinel://.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" H host' -s 'H' -l 'host' -d 'Host name or address (default 127.0.0.1).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" p port' -s 'p' -l 'port' -d 'Port (default 6379).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" s socket' -s 's' -l 'socket' -d 'Unix socket.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" db n' -s 'n' -l 'db' -d 'Database number.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" user' -l 'user' -d 'ACL user.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" password-file' -l 'password-file' -d 'File whose first line is the password.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" password-command' -l 'password-command' -d 'Command whose first line of output is the password; run again where the server refuses it.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" askpass' -l 'askpass' -d 'Ask for the password on the terminal.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" sentinel-user' -l 'sentinel-user' -d 'ACL user of the sentinels.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" sentinel-password-file' -l 'sentinel-password-file' -d 'File whose first line is the sentinels\' password.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" tls' -l 'tls' -d 'Speak TLS; certificate and host name are verified.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" cacert' -l 'cacert' -d 'Trusted authorities, a PEM file.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" cacertdir' -l 'cacertdir' -d 'Trusted authorities, a folder of PEM files.' -rfa '(__rediscache_complete_directories)'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" cert' -l 'cert' -d 'Client certificate, PEM.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" key' -l 'key' -d 'Client private key, PEM.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" sni' -l 'sni' -d 'Server name to send and verify, where it is not the host.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" insecure' -l 'insecure' -d 'Accept any certificate. Anyone in between can read and change everything.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" node-only' -l 'node-only' -d 'Look at this server only, although it is part of a cluster.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" read-from' -l 'read-from' -d 'Read from the primary or a replica (default primary).' -rfka 'primary replica'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" max-connections' -l 'max-connections' -d 'Nodes of a cluster walked at the same time (default 16).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" P profile' -s 'P' -l 'profile' -d 'Profile of the configuration file.' -rfka '(__rediscache_custom_completion ---completion warm -- --profile (count (__rediscache_tokens -pc)) (__rediscache_tokens -tC))'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" connect-timeout' -l 'connect-timeout' -d 'Bound on connecting (default 5s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" timeout' -l 'timeout' -d 'Bound on each wait for replies (default 10s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" retry-for' -l 'retry-for' -d 'How long to retry what failed, 0s for never (default 30s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" max-runtime' -l 'max-runtime' -d 'Bound on the whole run.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" version' -l 'version' -d 'Show the version.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache warm" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" hot' -l 'hot' -d 'Only this many keys, the most used first: by OBJECT FREQ under an LFU policy, else by OBJECT IDLETIME.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" min-ttl' -l 'min-ttl' -d 'Only keys that live at least this much longer, or never expire.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" dump' -l 'dump' -d 'Write values as DUMP gives them: every type, byte for byte, for servers of the same kind.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" partial' -l 'partial' -d 'Replace the file even if the seed lacks keys; else an incomplete seed goes to FILE.partial.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" json' -l 'json' -d 'Print a report as JSON on standard output; needs -o FILE.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export"' -l 'exclude' -d 'Leave out the keys that match; may be repeated.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export"' -l 'namespace' -d 'Only keys of this namespace; \'*\' stands for one segment, none for keys without one; may be repeated.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" key-version' -l 'key-version' -d 'Only keys of these versions: v3, \'<v3\', \'<=v3\', \'>v3\', \'>=v3\', none.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" type' -l 'type' -d 'Only keys of this type: string list set zset hash stream vectorset, or a module\'s type.' -rfka 'string list set zset hash stream vectorset'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export"' -l 'template' -d 'Only keys of this template, as scan --by template shows it; reads all names first; may be repeated.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export"' -l 'role' -d 'Only keys for this, as scan --by role shows it; reads all names first; may be repeated.' -rfka 'entry session lock counter queue tag index'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" segment' -l 'segment' -d 'Only keys whose N-th segment is this, as scan --by segment:N shows it; none for keys without it.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" superseded' -l 'superseded' -d 'Only versions that are not the newest live one of their namespace.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" no-ttl' -l 'no-ttl' -d 'Only keys that never expire.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" ttl-below' -l 'ttl-below' -d 'Only keys that expire within this time.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" ttl-above' -l 'ttl-above' -d 'Only keys that expire after this time.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" expires-after' -l 'expires-after' -d 'Only keys that expire at this moment or later: 2026-01-31T05:32:00Z or 05:32Z.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" expires-before' -l 'expires-before' -d 'Only keys that expire before this moment.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" larger-than' -l 'larger-than' -d 'Only keys that take more bytes.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" samples' -l 'samples' -d 'Elements by which MEMORY USAGE sizes a collection (default 5; 0 for all).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" idle-above' -l 'idle-above' -d 'Only keys unused for longer.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" separator' -l 'separator' -d 'What separates the segments of a key (default: the first of :: : | # ~ -> in it, else its first separator).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" version-pattern' -l 'version-pattern' -d 'A segment that matches wholly is a version (default v<digits>).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export"' -l 'schema' -d 'Read keys by position: \'{namespace}:{version}:{entity}:{id}\', {namespace+}, {rest}, {_}, or django laravel rails spring; may be repeated.' -rfka 'django laravel spring rails'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" pace' -l 'pace' -d 'auto holds the server about 0.3 ms at a time; gentle also rests 3/4 of the time; full takes all (default auto).' -rfka 'auto gentle full'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" rate' -l 'rate' -d 'No more than this many keys a second.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" count' -l 'count' -d 'COUNT of each SCAN, 1 to 100,000 (default: chosen by the pace).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" o output' -s 'o' -l 'output' -d 'Write to a file instead, which is replaced in one step; - is standard output.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" color' -l 'color' -d 'Colours: auto, always or never.' -rfka 'auto always never'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" q quiet' -s 'q' -l 'quiet' -d 'No progress, no summary, no warnings.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" v verbose' -s 'v' -l 'verbose' -d 'Say more about the connection and the run.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" no-progress' -l 'no-progress' -d 'No progress.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" no-input' -l 'no-input' -d 'Never ask anything.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export"' -l 'rdb' -d 'Read this dump file in place of a server, gzip or not; - is standard input. May be repeated.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" as-of' -l 'as-of' -d 'Count TTLs from when the dump was written, or from now (default written).' -rfka 'written now'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" no-checksum' -l 'no-checksum' -d 'Do not check the checksum of a dump.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" u uri' -s 'u' -l 'uri' -d 'Where to connect: redis:// rediss:// valkey:// valkeys:// unix:///path?db=0 redis-sentinel://.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" H host' -s 'H' -l 'host' -d 'Host name or address (default 127.0.0.1).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" p port' -s 'p' -l 'port' -d 'Port (default 6379).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" s socket' -s 's' -l 'socket' -d 'Unix socket.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" db n' -s 'n' -l 'db' -d 'Database number.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" user' -l 'user' -d 'ACL user.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" password-file' -l 'password-file' -d 'File whose first line is the password.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" password-command' -l 'password-command' -d 'Command whose first line of output is the password; run again where the server refuses it.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" askpass' -l 'askpass' -d 'Ask for the password on the terminal.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" sentinel-user' -l 'sentinel-user' -d 'ACL user of the sentinels.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" sentinel-password-file' -l 'sentinel-password-file' -d 'File whose first line is the sentinels\' password.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" tls' -l 'tls' -d 'Speak TLS; certificate and host name are verified.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" cacert' -l 'cacert' -d 'Trusted authorities, a PEM file.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" cacertdir' -l 'cacertdir' -d 'Trusted authorities, a folder of PEM files.' -rfa '(__rediscache_complete_directories)'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" cert' -l 'cert' -d 'Client certificate, PEM.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" key' -l 'key' -d 'Client private key, PEM.' -rF
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" sni' -l 'sni' -d 'Server name to send and verify, where it is not the host.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" insecure' -l 'insecure' -d 'Accept any certificate. Anyone in between can read and change everything.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" node-only' -l 'node-only' -d 'Look at this server only, although it is part of a cluster.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" read-from' -l 'read-from' -d 'Read from the primary or a replica (default primary).' -rfka 'primary replica'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" max-connections' -l 'max-connections' -d 'Nodes of a cluster walked at the same time (default 16).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" P profile' -s 'P' -l 'profile' -d 'Profile of the configuration file.' -rfka '(__rediscache_custom_completion ---completion export -- --profile (count (__rediscache_tokens -pc)) (__rediscache_tokens -tC))'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" connect-timeout' -l 'connect-timeout' -d 'Bound on connecting (default 5s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" timeout' -l 'timeout' -d 'Bound on each wait for replies (default 10s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" retry-for' -l 'retry-for' -d 'How long to retry what failed, 0s for never (default 30s).' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" max-runtime' -l 'max-runtime' -d 'Bound on the whole run.' -rfka ''
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" version' -l 'version' -d 'Show the version.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache export" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache profile" version' -l 'version' -d 'Show the version.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache profile" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_positional "rediscache profile" -eq 1' -fa 'list' -d 'Print the name of each profile and its address.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_positional "rediscache profile" -eq 1' -fa 'show' -d 'Print the settings of a profile, and what is wrong with them.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_positional "rediscache profile" -eq 1' -fa 'path' -d 'Print the path of the configuration file, which need not be there.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache profile list" version' -l 'version' -d 'Show the version.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache profile list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_positional "rediscache profile show" -eq 1' -fka '(__rediscache_custom_completion ---completion profile show -- positional@0 (count (__rediscache_tokens -pc)) (__rediscache_tokens -tC))'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache profile show" version' -l 'version' -d 'Show the version.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache profile show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache profile path" version' -l 'version' -d 'Show the version.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache profile path" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_flags_or_options "rediscache help" version' -l 'version' -d 'Show the version.'
complete -c 'rediscache' -n '__rediscache_should_offer_completions_for_positional "rediscache help" -eq 1' -fa 'scan ttl stats hits doctor inspect invalidate warm export profile exit-codes patterns seed-format json environment rules acl'
