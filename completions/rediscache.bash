#!/bin/bash

__rediscache_cursor_index_in_current_word() {
    local remaining="${COMP_LINE}"

    local word
    for word in "${COMP_WORDS[@]::COMP_CWORD}"; do
        remaining="${remaining##*([[:space:]])"${word}"*([[:space:]])}"
    done

    local -ir index="$((COMP_POINT - ${#COMP_LINE} + ${#remaining}))"
    if [[ "${index}" -le 0 ]]; then
        printf 0
    else
        printf %s "${index}"
    fi
}

# positional arguments:
#
# - 1: the current (sub)command's count of positional arguments
#
# required variables:
#
# - repeating_flags: the repeating flags that the current (sub)command can accept
# - non_repeating_flags: the non-repeating flags that the current (sub)command can accept
# - repeating_options: the repeating options that the current (sub)command can accept
# - non_repeating_options: the non-repeating options that the current (sub)command can accept
# - positional_number: value ignored
# - unparsed_words: unparsed words from the current command line
#
# modified variables:
#
# - non_repeating_flags: remove flags for this (sub)command that are already on the command line
# - non_repeating_options: remove options for this (sub)command that are already on the command line
# - positional_number: set to the current positional number
# - unparsed_words: remove all flags, options, and option values for this (sub)command
__rediscache_offer_flags_options() {
    local -ir positional_count="${1}"
    positional_number=0

    local was_flag_option_terminator_seen=false
    local is_parsing_option_value=false

    local -ar unparsed_word_indices=("${!unparsed_words[@]}")
    local -i word_index
    for word_index in "${unparsed_word_indices[@]}"; do
        if "${is_parsing_option_value}"; then
            # This word is an option value:
            # Reset marker for next word iff not currently the last word
            [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]] && is_parsing_option_value=false
            unset "unparsed_words[${word_index}]"
            # Do not process this word as a flag or an option
            continue
        fi

        local word="${unparsed_words["${word_index}"]}"
        if ! "${was_flag_option_terminator_seen}"; then
            case "${word}" in
            --)
                unset "unparsed_words[${word_index}]"
                # by itself -- is a flag/option terminator, but if it is the last word, it is the start of a completion
                if [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]]; then
                    was_flag_option_terminator_seen=true
                fi
                continue
                ;;
            -*)
                # ${word} is a flag or an option
                # If ${word} is an option, mark that the next word to be parsed is an option value
                local option
                for option in "${repeating_options[@]}" "${non_repeating_options[@]}"; do
                    [[ "${word}" = "${option}" ]] && is_parsing_option_value=true && break
                done

                # Remove ${word} from ${non_repeating_flags} or ${non_repeating_options} so it isn't offered again
                local not_found=true
                local -i index
                for index in "${!non_repeating_flags[@]}"; do
                    if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                        unset "non_repeating_flags[${index}]"
                        non_repeating_flags=("${non_repeating_flags[@]}")
                        not_found=false
                        break
                    fi
                done
                if "${not_found}"; then
                    for index in "${!non_repeating_flags[@]}"; do
                        if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                            unset "non_repeating_flags[${index}]"
                            non_repeating_flags=("${non_repeating_flags[@]}")
                            break
                        fi
                    done
                fi
                unset "unparsed_words[${word_index}]"
                continue
                ;;
            esac
        fi

        # ${word} is neither a flag, nor an option, nor an option value
        if [[ "${positional_number}" -lt "${positional_count}" || "${positional_count}" -lt 0 ]]; then
            # ${word} is a positional
            ((positional_number++))
            unset "unparsed_words[${word_index}]"
        else
            if [[ -z "${word}" ]]; then
                # Could be completing a flag, option, or subcommand
                positional_number=-1
            else
                # ${word} is a subcommand or invalid, so stop processing this (sub)command
                positional_number=-2
            fi
            break
        fi
    done

    unparsed_words=("${unparsed_words[@]}")

    if\
        ! "${was_flag_option_terminator_seen}"\
        && ! "${is_parsing_option_value}"\
        && [[ ("${cur}" = -* && "${positional_number}" -ge 0) || "${positional_number}" -eq -1 ]]
    then
        COMPREPLY+=($(compgen -W "${repeating_flags[*]} ${non_repeating_flags[*]} ${repeating_options[*]} ${non_repeating_options[*]}" -- "${cur}"))
    fi
}

__rediscache_add_completions() {
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("${completion}")
    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
}

__rediscache_custom_complete() {
    if [[ -n "${cur}" || -z ${COMP_WORDS[${COMP_CWORD}]} || "${COMP_LINE:${COMP_POINT}:1}" != ' ' ]]; then
        local -ar words=("${COMP_WORDS[@]}")
    else
        local -ar words=("${COMP_WORDS[@]::${COMP_CWORD}}" '' "${COMP_WORDS[@]:${COMP_CWORD}}")
    fi

    "${COMP_WORDS[0]}" "${@}" "${words[@]}"
}

_rediscache() {
    local state
    state="$(shopt -p;shopt -po)"
    trap "${state//$'\n'/;}" RETURN
    shopt -s extglob
    set +o history +o posix

    local -xr SAP_SHELL=bash
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(IFS='.';printf %s "${BASH_VERSINFO[*]}")"
    local -r SAP_SHELL_VERSION

    local -r cur="${2}"
    local -r prev="${3}"

    local -i positional_number
    local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")

    local -a repeating_flags=()
    local -a non_repeating_flags=(--version -h --help)
    local -a repeating_options=()
    local -a non_repeating_options=()
    __rediscache_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    scan|ttl|stats|hits|doctor|inspect|invalidate|warm|export|profile|help)
        # Offer subcommand argument completions
        "_rediscache_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'scan ttl stats hits doctor inspect invalidate warm export profile help' -- "${cur}"))
        ;;
    esac
}

_rediscache_scan() {
    repeating_flags=()
    non_repeating_flags=(--exact --all-dbs --idle --list --print0 --all-findings --json --superseded --no-ttl -q --quiet -v --verbose --no-progress --no-input --no-checksum --askpass --tls --insecure --node-only --version -h --help)
    repeating_options=(--ignore --limit --exclude --namespace --template --role --schema --rdb)
    non_repeating_options=(--by --top --max-groups --depth --sample --sort --big --hot --checkpoint --fail-on --format --key-version --type --segment --ttl-below --ttl-above --expires-after --expires-before --larger-than --samples --idle-above --separator --version-pattern --pace --rate --count --state -o --output --color --as-of -u --uri -H --host -p --port -s --socket -n --db --user --password-file --password-command --sentinel-user --sentinel-password-file --cacert --cacertdir --cert --key --sni --read-from --max-connections -P --profile --connect-timeout --timeout --retry-for --max-runtime)
    __rediscache_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--by')
        __rediscache_add_completions -W 'namespace'$'\n''version'$'\n''entity'$'\n''template'$'\n''type'$'\n''role'$'\n''node'$'\n''db'$'\n''segment:1'$'\n''segment:2'
        return
        ;;
    '--top')
        return
        ;;
    '--max-groups')
        return
        ;;
    '--depth')
        return
        ;;
    '--sample')
        return
        ;;
    '--sort')
        __rediscache_add_completions -W 'keys'$'\n''memory'$'\n''ttl'$'\n''name'
        return
        ;;
    '--big')
        return
        ;;
    '--hot')
        return
        ;;
    '--checkpoint')
        __rediscache_add_completions -f
        return
        ;;
    '--fail-on')
        __rediscache_add_completions -W 'info'$'\n''warning'$'\n''critical'
        return
        ;;
    '--ignore')
        __rediscache_add_completions -W 'memory-full'$'\n''superseded-version'$'\n''lock-without-ttl'$'\n''counter-without-ttl'$'\n''session-without-ttl'$'\n''unversioned'$'\n''no-namespace'$'\n''mixed-ttl-policy'$'\n''expiry-wave'$'\n''unbounded-key'$'\n''low-reuse'$'\n''no-ttl'$'\n''big-key'$'\n''schema-mismatch'
        return
        ;;
    '--limit')
        __rediscache_add_completions -W 'superseded-version=1%'$'\n''lock-without-ttl=1%'$'\n''counter-without-ttl=1%'$'\n''session-without-ttl=1%'$'\n''unversioned=1%'$'\n''no-namespace=1%'$'\n''mixed-ttl-policy=1%'$'\n''expiry-wave=1%'$'\n''unbounded-key=1%'$'\n''low-reuse=1%'$'\n''no-ttl=1%'$'\n''schema-mismatch=1%'
        return
        ;;
    '--format')
        __rediscache_add_completions -W 'table'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''prometheus'$'\n''nagios'
        return
        ;;
    '--exclude')
        return
        ;;
    '--namespace')
        return
        ;;
    '--key-version')
        return
        ;;
    '--type')
        __rediscache_add_completions -W 'string'$'\n''list'$'\n''set'$'\n''zset'$'\n''hash'$'\n''stream'$'\n''vectorset'
        return
        ;;
    '--template')
        return
        ;;
    '--role')
        __rediscache_add_completions -W 'entry'$'\n''session'$'\n''lock'$'\n''counter'$'\n''queue'$'\n''tag'$'\n''index'
        return
        ;;
    '--segment')
        return
        ;;
    '--ttl-below')
        return
        ;;
    '--ttl-above')
        return
        ;;
    '--expires-after')
        return
        ;;
    '--expires-before')
        return
        ;;
    '--larger-than')
        return
        ;;
    '--samples')
        return
        ;;
    '--idle-above')
        return
        ;;
    '--separator')
        return
        ;;
    '--version-pattern')
        return
        ;;
    '--schema')
        __rediscache_add_completions -W 'django'$'\n''laravel'$'\n''spring'$'\n''rails'
        return
        ;;
    '--pace')
        __rediscache_add_completions -W 'auto'$'\n''gentle'$'\n''full'
        return
        ;;
    '--rate')
        return
        ;;
    '--count')
        return
        ;;
    '--state')
        __rediscache_add_completions -f
        return
        ;;
    '-o'|'--output')
        __rediscache_add_completions -f
        return
        ;;
    '--color')
        __rediscache_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--rdb')
        __rediscache_add_completions -f
        return
        ;;
    '--as-of')
        __rediscache_add_completions -W 'written'$'\n''now'
        return
        ;;
    '-u'|'--uri')
        return
        ;;
    '-H'|'--host')
        return
        ;;
    '-p'|'--port')
        return
        ;;
    '-s'|'--socket')
        __rediscache_add_completions -f
        return
        ;;
    '-n'|'--db')
        return
        ;;
    '--user')
        return
        ;;
    '--password-file')
        __rediscache_add_completions -f
        return
        ;;
    '--password-command')
        return
        ;;
    '--sentinel-user')
        return
        ;;
    '--sentinel-password-file')
        __rediscache_add_completions -f
        return
        ;;
    '--cacert')
        __rediscache_add_completions -f
        return
        ;;
    '--cacertdir')
        __rediscache_add_completions -d
        return
        ;;
    '--cert')
        __rediscache_add_completions -f
        return
        ;;
    '--key')
        __rediscache_add_completions -f
        return
        ;;
    '--sni')
        return
        ;;
    '--read-from')
        __rediscache_add_completions -W 'primary'$'\n''replica'
        return
        ;;
    '--max-connections')
        return
        ;;
    '-P'|'--profile')
        __rediscache_add_completions -W "$(__rediscache_custom_complete ---completion scan -- --profile "${COMP_CWORD}" "$(__rediscache_cursor_index_in_current_word)")"
        return
        ;;
    '--connect-timeout')
        return
        ;;
    '--timeout')
        return
        ;;
    '--retry-for')
        return
        ;;
    '--max-runtime')
        return
        ;;
    esac
}

_rediscache_ttl() {
    repeating_flags=()
    non_repeating_flags=(--exact --all-dbs --json --superseded --no-ttl -q --quiet -v --verbose --no-progress --no-input --no-checksum --askpass --tls --insecure --node-only --version -h --help)
    repeating_options=(--exclude --namespace --template --role --schema --rdb)
    non_repeating_options=(--by --top --max-groups --depth --sample --buckets --wave-window --horizon --format --key-version --type --segment --ttl-below --ttl-above --expires-after --expires-before --larger-than --samples --idle-above --separator --version-pattern --pace --rate --count --state -o --output --color --as-of -u --uri -H --host -p --port -s --socket -n --db --user --password-file --password-command --sentinel-user --sentinel-password-file --cacert --cacertdir --cert --key --sni --read-from --max-connections -P --profile --connect-timeout --timeout --retry-for --max-runtime)
    __rediscache_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--by')
        __rediscache_add_completions -W 'namespace'$'\n''version'$'\n''entity'$'\n''template'$'\n''type'$'\n''role'$'\n''node'$'\n''db'$'\n''segment:1'$'\n''segment:2'
        return
        ;;
    '--top')
        return
        ;;
    '--max-groups')
        return
        ;;
    '--depth')
        return
        ;;
    '--sample')
        return
        ;;
    '--buckets')
        return
        ;;
    '--wave-window')
        return
        ;;
    '--horizon')
        return
        ;;
    '--format')
        __rediscache_add_completions -W 'table'$'\n''json'$'\n''csv'$'\n''prometheus'
        return
        ;;
    '--exclude')
        return
        ;;
    '--namespace')
        return
        ;;
    '--key-version')
        return
        ;;
    '--type')
        __rediscache_add_completions -W 'string'$'\n''list'$'\n''set'$'\n''zset'$'\n''hash'$'\n''stream'$'\n''vectorset'
        return
        ;;
    '--template')
        return
        ;;
    '--role')
        __rediscache_add_completions -W 'entry'$'\n''session'$'\n''lock'$'\n''counter'$'\n''queue'$'\n''tag'$'\n''index'
        return
        ;;
    '--segment')
        return
        ;;
    '--ttl-below')
        return
        ;;
    '--ttl-above')
        return
        ;;
    '--expires-after')
        return
        ;;
    '--expires-before')
        return
        ;;
    '--larger-than')
        return
        ;;
    '--samples')
        return
        ;;
    '--idle-above')
        return
        ;;
    '--separator')
        return
        ;;
    '--version-pattern')
        return
        ;;
    '--schema')
        __rediscache_add_completions -W 'django'$'\n''laravel'$'\n''spring'$'\n''rails'
        return
        ;;
    '--pace')
        __rediscache_add_completions -W 'auto'$'\n''gentle'$'\n''full'
        return
        ;;
    '--rate')
        return
        ;;
    '--count')
        return
        ;;
    '--state')
        __rediscache_add_completions -f
        return
        ;;
    '-o'|'--output')
        __rediscache_add_completions -f
        return
        ;;
    '--color')
        __rediscache_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--rdb')
        __rediscache_add_completions -f
        return
        ;;
    '--as-of')
        __rediscache_add_completions -W 'written'$'\n''now'
        return
        ;;
    '-u'|'--uri')
        return
        ;;
    '-H'|'--host')
        return
        ;;
    '-p'|'--port')
        return
        ;;
    '-s'|'--socket')
        __rediscache_add_completions -f
        return
        ;;
    '-n'|'--db')
        return
        ;;
    '--user')
        return
        ;;
    '--password-file')
        __rediscache_add_completions -f
        return
        ;;
    '--password-command')
        return
        ;;
    '--sentinel-user')
        return
        ;;
    '--sentinel-password-file')
        __rediscache_add_completions -f
        return
        ;;
    '--cacert')
        __rediscache_add_completions -f
        return
        ;;
    '--cacertdir')
        __rediscache_add_completions -d
        return
        ;;
    '--cert')
        __rediscache_add_completions -f
        return
        ;;
    '--key')
        __rediscache_add_completions -f
        return
        ;;
    '--sni')
        return
        ;;
    '--read-from')
        __rediscache_add_completions -W 'primary'$'\n''replica'
        return
        ;;
    '--max-connections')
        return
        ;;
    '-P'|'--profile')
        __rediscache_add_completions -W "$(__rediscache_custom_complete ---completion ttl -- --profile "${COMP_CWORD}" "$(__rediscache_cursor_index_in_current_word)")"
        return
        ;;
    '--connect-timeout')
        return
        ;;
    '--timeout')
        return
        ;;
    '--retry-for')
        return
        ;;
    '--max-runtime')
        return
        ;;
    esac
}

_rediscache_stats() {
    repeating_flags=()
    non_repeating_flags=(--watch --json -q --quiet -v --verbose --no-progress --no-input --askpass --tls --insecure --node-only --version -h --help)
    repeating_options=(--fail-if --warning --critical)
    non_repeating_options=(--interval --state --format -o --output --color -u --uri -H --host -p --port -s --socket -n --db --user --password-file --password-command --sentinel-user --sentinel-password-file --cacert --cacertdir --cert --key --sni --read-from --max-connections -P --profile --connect-timeout --timeout --retry-for --max-runtime)
    __rediscache_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--interval')
        return
        ;;
    '--state')
        __rediscache_add_completions -f
        return
        ;;
    '--fail-if')
        return
        ;;
    '--warning')
        return
        ;;
    '--critical')
        return
        ;;
    '--format')
        __rediscache_add_completions -W 'table'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''prometheus'$'\n''nagios'
        return
        ;;
    '-o'|'--output')
        __rediscache_add_completions -f
        return
        ;;
    '--color')
        __rediscache_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '-u'|'--uri')
        return
        ;;
    '-H'|'--host')
        return
        ;;
    '-p'|'--port')
        return
        ;;
    '-s'|'--socket')
        __rediscache_add_completions -f
        return
        ;;
    '-n'|'--db')
        return
        ;;
    '--user')
        return
        ;;
    '--password-file')
        __rediscache_add_completions -f
        return
        ;;
    '--password-command')
        return
        ;;
    '--sentinel-user')
        return
        ;;
    '--sentinel-password-file')
        __rediscache_add_completions -f
        return
        ;;
    '--cacert')
        __rediscache_add_completions -f
        return
        ;;
    '--cacertdir')
        __rediscache_add_completions -d
        return
        ;;
    '--cert')
        __rediscache_add_completions -f
        return
        ;;
    '--key')
        __rediscache_add_completions -f
        return
        ;;
    '--sni')
        return
        ;;
    '--read-from')
        __rediscache_add_completions -W 'primary'$'\n''replica'
        return
        ;;
    '--max-connections')
        return
        ;;
    '-P'|'--profile')
        __rediscache_add_completions -W "$(__rediscache_custom_complete ---completion stats -- --profile "${COMP_CWORD}" "$(__rediscache_cursor_index_in_current_word)")"
        return
        ;;
    '--connect-timeout')
        return
        ;;
    '--timeout')
        return
        ;;
    '--retry-for')
        return
        ;;
    '--max-runtime')
        return
        ;;
    esac
}

_rediscache_hits() {
    repeating_flags=()
    non_repeating_flags=(--watch --enable-notifications --no-memory --no-monitor --force --json -q --quiet -v --verbose --no-progress --no-input --askpass --tls --insecure --node-only --version -h --help)
    repeating_options=(--fail-if --exclude --namespace --schema)
    non_repeating_options=(--for --state --duty --max-ops --refill --by --top --max-groups --top-keys --format --key-version --separator --version-pattern -o --output --color -u --uri -H --host -p --port -s --socket -n --db --user --password-file --password-command --sentinel-user --sentinel-password-file --cacert --cacertdir --cert --key --sni --read-from --max-connections -P --profile --connect-timeout --timeout --retry-for --max-runtime)
    __rediscache_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--for')
        return
        ;;
    '--state')
        __rediscache_add_completions -f
        return
        ;;
    '--duty')
        return
        ;;
    '--max-ops')
        return
        ;;
    '--refill')
        return
        ;;
    '--by')
        __rediscache_add_completions -W 'namespace'$'\n''version'$'\n''entity'$'\n''template'
        return
        ;;
    '--top')
        return
        ;;
    '--max-groups')
        return
        ;;
    '--top-keys')
        return
        ;;
    '--fail-if')
        return
        ;;
    '--format')
        __rediscache_add_completions -W 'table'$'\n''json'$'\n''jsonl'$'\n''csv'$'\n''prometheus'
        return
        ;;
    '--exclude')
        return
        ;;
    '--namespace')
        return
        ;;
    '--key-version')
        return
        ;;
    '--separator')
        return
        ;;
    '--version-pattern')
        return
        ;;
    '--schema')
        __rediscache_add_completions -W 'django'$'\n''laravel'$'\n''spring'$'\n''rails'
        return
        ;;
    '-o'|'--output')
        __rediscache_add_completions -f
        return
        ;;
    '--color')
        __rediscache_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '-u'|'--uri')
        return
        ;;
    '-H'|'--host')
        return
        ;;
    '-p'|'--port')
        return
        ;;
    '-s'|'--socket')
        __rediscache_add_completions -f
        return
        ;;
    '-n'|'--db')
        return
        ;;
    '--user')
        return
        ;;
    '--password-file')
        __rediscache_add_completions -f
        return
        ;;
    '--password-command')
        return
        ;;
    '--sentinel-user')
        return
        ;;
    '--sentinel-password-file')
        __rediscache_add_completions -f
        return
        ;;
    '--cacert')
        __rediscache_add_completions -f
        return
        ;;
    '--cacertdir')
        __rediscache_add_completions -d
        return
        ;;
    '--cert')
        __rediscache_add_completions -f
        return
        ;;
    '--key')
        __rediscache_add_completions -f
        return
        ;;
    '--sni')
        return
        ;;
    '--read-from')
        __rediscache_add_completions -W 'primary'$'\n''replica'
        return
        ;;
    '--max-connections')
        return
        ;;
    '-P'|'--profile')
        __rediscache_add_completions -W "$(__rediscache_custom_complete ---completion hits -- --profile "${COMP_CWORD}" "$(__rediscache_cursor_index_in_current_word)")"
        return
        ;;
    '--connect-timeout')
        return
        ;;
    '--timeout')
        return
        ;;
    '--retry-for')
        return
        ;;
    '--max-runtime')
        return
        ;;
    esac
}

_rediscache_doctor() {
    repeating_flags=()
    non_repeating_flags=(--quick --json -q --quiet -v --verbose --no-progress --no-input --askpass --tls --insecure --node-only --version -h --help)
    repeating_options=(--only --disable --threshold --schema)
    non_repeating_options=(--interval --state --fail-on --format --separator --version-pattern --pace --rate -o --output --color -u --uri -H --host -p --port -s --socket -n --db --user --password-file --password-command --sentinel-user --sentinel-password-file --cacert --cacertdir --cert --key --sni --read-from --max-connections -P --profile --connect-timeout --timeout --retry-for --max-runtime)
    __rediscache_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '--interval')
        return
        ;;
    '--state')
        __rediscache_add_completions -f
        return
        ;;
    '--only')
        __rediscache_add_completions -W 'refuses-writes'$'\n''cluster-gaps'$'\n''last-save-failed'$'\n''replica-link'$'\n''replication-lag'$'\n''no-password'$'\n''volatile-policy-without-ttl'$'\n''memory-high'$'\n''connections'$'\n''keys-command'$'\n''heavy-commands'$'\n''thrashing'$'\n''evicting'$'\n''hit-ratio'$'\n''poor-node'$'\n''latency'$'\n''slow-commands'$'\n''latency-events'$'\n''connection-churn'$'\n''errors'$'\n''monitor'$'\n''client-buffers'$'\n''replica-buffers'$'\n''no-maxmemory'$'\n''noeviction'$'\n''fragmentation'$'\n''persistence-off'$'\n''shard-balance'$'\n''expiry-lag'$'\n''cached-scripts'$'\n''idle-clients'$'\n''persistence-on-cache'$'\n''peak'$'\n''big-instance'$'\n''databases'$'\n''notifications'$'\n''no-tls'$'\n''old-version'$'\n''superseded-version'$'\n''lock-without-ttl'$'\n''counter-without-ttl'$'\n''session-without-ttl'$'\n''unversioned'$'\n''no-namespace'$'\n''mixed-ttl-policy'$'\n''expiry-wave'$'\n''unbounded-key'$'\n''low-reuse'$'\n''no-ttl'$'\n''big-key'$'\n''schema-mismatch'
        return
        ;;
    '--disable')
        __rediscache_add_completions -W 'refuses-writes'$'\n''cluster-gaps'$'\n''last-save-failed'$'\n''replica-link'$'\n''replication-lag'$'\n''no-password'$'\n''volatile-policy-without-ttl'$'\n''memory-high'$'\n''connections'$'\n''keys-command'$'\n''heavy-commands'$'\n''thrashing'$'\n''evicting'$'\n''hit-ratio'$'\n''poor-node'$'\n''latency'$'\n''slow-commands'$'\n''latency-events'$'\n''connection-churn'$'\n''errors'$'\n''monitor'$'\n''client-buffers'$'\n''replica-buffers'$'\n''no-maxmemory'$'\n''noeviction'$'\n''fragmentation'$'\n''persistence-off'$'\n''shard-balance'$'\n''expiry-lag'$'\n''cached-scripts'$'\n''idle-clients'$'\n''persistence-on-cache'$'\n''peak'$'\n''big-instance'$'\n''databases'$'\n''notifications'$'\n''no-tls'$'\n''old-version'$'\n''superseded-version'$'\n''lock-without-ttl'$'\n''counter-without-ttl'$'\n''session-without-ttl'$'\n''unversioned'$'\n''no-namespace'$'\n''mixed-ttl-policy'$'\n''expiry-wave'$'\n''unbounded-key'$'\n''low-reuse'$'\n''no-ttl'$'\n''big-key'$'\n''schema-mismatch'
        return
        ;;
    '--threshold')
        return
        ;;
    '--fail-on')
        __rediscache_add_completions -W 'info'$'\n''warning'$'\n''critical'
        return
        ;;
    '--format')
        __rediscache_add_completions -W 'table'$'\n''json'$'\n''prometheus'$'\n''nagios'
        return
        ;;
    '--separator')
        return
        ;;
    '--version-pattern')
        return
        ;;
    '--schema')
        __rediscache_add_completions -W 'django'$'\n''laravel'$'\n''spring'$'\n''rails'
        return
        ;;
    '--pace')
        __rediscache_add_completions -W 'auto'$'\n''gentle'$'\n''full'
        return
        ;;
    '--rate')
        return
        ;;
    '-o'|'--output')
        __rediscache_add_completions -f
        return
        ;;
    '--color')
        __rediscache_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '-u'|'--uri')
        return
        ;;
    '-H'|'--host')
        return
        ;;
    '-p'|'--port')
        return
        ;;
    '-s'|'--socket')
        __rediscache_add_completions -f
        return
        ;;
    '-n'|'--db')
        return
        ;;
    '--user')
        return
        ;;
    '--password-file')
        __rediscache_add_completions -f
        return
        ;;
    '--password-command')
        return
        ;;
    '--sentinel-user')
        return
        ;;
    '--sentinel-password-file')
        __rediscache_add_completions -f
        return
        ;;
    '--cacert')
        __rediscache_add_completions -f
        return
        ;;
    '--cacertdir')
        __rediscache_add_completions -d
        return
        ;;
    '--cert')
        __rediscache_add_completions -f
        return
        ;;
    '--key')
        __rediscache_add_completions -f
        return
        ;;
    '--sni')
        return
        ;;
    '--read-from')
        __rediscache_add_completions -W 'primary'$'\n''replica'
        return
        ;;
    '--max-connections')
        return
        ;;
    '-P'|'--profile')
        __rediscache_add_completions -W "$(__rediscache_custom_complete ---completion doctor -- --profile "${COMP_CWORD}" "$(__rediscache_cursor_index_in_current_word)")"
        return
        ;;
    '--connect-timeout')
        return
        ;;
    '--timeout')
        return
        ;;
    '--retry-for')
        return
        ;;
    '--max-runtime')
        return
        ;;
    esac
}

_rediscache_inspect() {
    repeating_flags=()
    non_repeating_flags=(--value --json -q --quiet -v --verbose --no-progress --no-input --askpass --tls --insecure --node-only --version -h --help)
    repeating_options=(--schema)
    non_repeating_options=(--tag-key --format --separator --version-pattern -o --output --color -u --uri -H --host -p --port -s --socket -n --db --user --password-file --password-command --sentinel-user --sentinel-password-file --cacert --cacertdir --cert --key --sni --read-from --max-connections -P --profile --connect-timeout --timeout --retry-for --max-runtime)
    __rediscache_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--tag-key')
        return
        ;;
    '--format')
        __rediscache_add_completions -W 'table'$'\n''json'
        return
        ;;
    '--separator')
        return
        ;;
    '--version-pattern')
        return
        ;;
    '--schema')
        __rediscache_add_completions -W 'django'$'\n''laravel'$'\n''spring'$'\n''rails'
        return
        ;;
    '-o'|'--output')
        __rediscache_add_completions -f
        return
        ;;
    '--color')
        __rediscache_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '-u'|'--uri')
        return
        ;;
    '-H'|'--host')
        return
        ;;
    '-p'|'--port')
        return
        ;;
    '-s'|'--socket')
        __rediscache_add_completions -f
        return
        ;;
    '-n'|'--db')
        return
        ;;
    '--user')
        return
        ;;
    '--password-file')
        __rediscache_add_completions -f
        return
        ;;
    '--password-command')
        return
        ;;
    '--sentinel-user')
        return
        ;;
    '--sentinel-password-file')
        __rediscache_add_completions -f
        return
        ;;
    '--cacert')
        __rediscache_add_completions -f
        return
        ;;
    '--cacertdir')
        __rediscache_add_completions -d
        return
        ;;
    '--cert')
        __rediscache_add_completions -f
        return
        ;;
    '--key')
        __rediscache_add_completions -f
        return
        ;;
    '--sni')
        return
        ;;
    '--read-from')
        __rediscache_add_completions -W 'primary'$'\n''replica'
        return
        ;;
    '--max-connections')
        return
        ;;
    '-P'|'--profile')
        __rediscache_add_completions -W "$(__rediscache_custom_complete ---completion inspect -- --profile "${COMP_CWORD}" "$(__rediscache_cursor_index_in_current_word)")"
        return
        ;;
    '--connect-timeout')
        return
        ;;
    '--timeout')
        return
        ;;
    '--retry-for')
        return
        ;;
    '--max-runtime')
        return
        ;;
    esac
}

_rediscache_invalidate() {
    repeating_flags=()
    non_repeating_flags=(--delete --all --verify --dry-run --yes --json --prune --superseded --no-ttl -q --quiet -v --verbose --no-progress --no-input --askpass --tls --insecure --node-only --version -h --help)
    repeating_options=(--tag --exclude --namespace --template --role --schema)
    non_repeating_options=(--batch --expire-within --max-keys --expect --backup --journal --resume --confirm --format --tag-key --member-key --keys-from --bump --key-version --type --segment --ttl-below --ttl-above --expires-after --expires-before --larger-than --samples --idle-above --separator --version-pattern --pace --rate --count -o --output --color -u --uri -H --host -p --port -s --socket -n --db --user --password-file --password-command --sentinel-user --sentinel-password-file --cacert --cacertdir --cert --key --sni --read-from --max-connections -P --profile --connect-timeout --timeout --retry-for --max-runtime)
    __rediscache_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--batch')
        return
        ;;
    '--expire-within')
        return
        ;;
    '--max-keys')
        return
        ;;
    '--expect')
        return
        ;;
    '--backup')
        __rediscache_add_completions -f
        return
        ;;
    '--journal')
        __rediscache_add_completions -f
        return
        ;;
    '--resume')
        __rediscache_add_completions -f
        return
        ;;
    '--confirm')
        return
        ;;
    '--format')
        __rediscache_add_completions -W 'table'$'\n''json'
        return
        ;;
    '--tag')
        return
        ;;
    '--tag-key')
        return
        ;;
    '--member-key')
        return
        ;;
    '--keys-from')
        __rediscache_add_completions -f
        return
        ;;
    '--bump')
        return
        ;;
    '--exclude')
        return
        ;;
    '--namespace')
        return
        ;;
    '--key-version')
        return
        ;;
    '--type')
        __rediscache_add_completions -W 'string'$'\n''list'$'\n''set'$'\n''zset'$'\n''hash'$'\n''stream'$'\n''vectorset'
        return
        ;;
    '--template')
        return
        ;;
    '--role')
        __rediscache_add_completions -W 'entry'$'\n''session'$'\n''lock'$'\n''counter'$'\n''queue'$'\n''tag'$'\n''index'
        return
        ;;
    '--segment')
        return
        ;;
    '--ttl-below')
        return
        ;;
    '--ttl-above')
        return
        ;;
    '--expires-after')
        return
        ;;
    '--expires-before')
        return
        ;;
    '--larger-than')
        return
        ;;
    '--samples')
        return
        ;;
    '--idle-above')
        return
        ;;
    '--separator')
        return
        ;;
    '--version-pattern')
        return
        ;;
    '--schema')
        __rediscache_add_completions -W 'django'$'\n''laravel'$'\n''spring'$'\n''rails'
        return
        ;;
    '--pace')
        __rediscache_add_completions -W 'auto'$'\n''gentle'$'\n''full'
        return
        ;;
    '--rate')
        return
        ;;
    '--count')
        return
        ;;
    '-o'|'--output')
        __rediscache_add_completions -f
        return
        ;;
    '--color')
        __rediscache_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '-u'|'--uri')
        return
        ;;
    '-H'|'--host')
        return
        ;;
    '-p'|'--port')
        return
        ;;
    '-s'|'--socket')
        __rediscache_add_completions -f
        return
        ;;
    '-n'|'--db')
        return
        ;;
    '--user')
        return
        ;;
    '--password-file')
        __rediscache_add_completions -f
        return
        ;;
    '--password-command')
        return
        ;;
    '--sentinel-user')
        return
        ;;
    '--sentinel-password-file')
        __rediscache_add_completions -f
        return
        ;;
    '--cacert')
        __rediscache_add_completions -f
        return
        ;;
    '--cacertdir')
        __rediscache_add_completions -d
        return
        ;;
    '--cert')
        __rediscache_add_completions -f
        return
        ;;
    '--key')
        __rediscache_add_completions -f
        return
        ;;
    '--sni')
        return
        ;;
    '--read-from')
        __rediscache_add_completions -W 'primary'$'\n''replica'
        return
        ;;
    '--max-connections')
        return
        ;;
    '-P'|'--profile')
        __rediscache_add_completions -W "$(__rediscache_custom_complete ---completion invalidate -- --profile "${COMP_CWORD}" "$(__rediscache_cursor_index_in_current_word)")"
        return
        ;;
    '--connect-timeout')
        return
        ;;
    '--timeout')
        return
        ;;
    '--retry-for')
        return
        ;;
    '--max-runtime')
        return
        ;;
    esac
}

_rediscache_warm() {
    repeating_flags=()
    non_repeating_flags=(--all-dbs --ignore-db --if-missing --envelope --strict --stop-on-eviction --verify --dry-run --yes --json -q --quiet -v --verbose --no-progress --no-input --askpass --tls --insecure --node-only --version -h --help)
    repeating_options=(--tag)
    non_repeating_options=(--input-format --ttl --jitter --refresh-below --tag-key --stale --batch --rejects --max-keys --expect --backup --journal --resume --confirm --format --pace --rate -o --output --color -u --uri -H --host -p --port -s --socket -n --db --user --password-file --password-command --sentinel-user --sentinel-password-file --cacert --cacertdir --cert --key --sni --read-from --max-connections -P --profile --connect-timeout --timeout --retry-for --max-runtime)
    __rediscache_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--input-format')
        __rediscache_add_completions -W 'jsonl'$'\n''csv'$'\n''resp'$'\n''redis-dump'
        return
        ;;
    '--ttl')
        return
        ;;
    '--jitter')
        return
        ;;
    '--refresh-below')
        return
        ;;
    '--tag')
        return
        ;;
    '--tag-key')
        return
        ;;
    '--stale')
        return
        ;;
    '--batch')
        return
        ;;
    '--rejects')
        __rediscache_add_completions -f
        return
        ;;
    '--max-keys')
        return
        ;;
    '--expect')
        return
        ;;
    '--backup')
        __rediscache_add_completions -f
        return
        ;;
    '--journal')
        __rediscache_add_completions -f
        return
        ;;
    '--resume')
        __rediscache_add_completions -f
        return
        ;;
    '--confirm')
        return
        ;;
    '--format')
        __rediscache_add_completions -W 'table'$'\n''json'
        return
        ;;
    '--pace')
        __rediscache_add_completions -W 'auto'$'\n''gentle'$'\n''full'
        return
        ;;
    '--rate')
        return
        ;;
    '-o'|'--output')
        __rediscache_add_completions -f
        return
        ;;
    '--color')
        __rediscache_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '-u'|'--uri')
        return
        ;;
    '-H'|'--host')
        return
        ;;
    '-p'|'--port')
        return
        ;;
    '-s'|'--socket')
        __rediscache_add_completions -f
        return
        ;;
    '-n'|'--db')
        return
        ;;
    '--user')
        return
        ;;
    '--password-file')
        __rediscache_add_completions -f
        return
        ;;
    '--password-command')
        return
        ;;
    '--sentinel-user')
        return
        ;;
    '--sentinel-password-file')
        __rediscache_add_completions -f
        return
        ;;
    '--cacert')
        __rediscache_add_completions -f
        return
        ;;
    '--cacertdir')
        __rediscache_add_completions -d
        return
        ;;
    '--cert')
        __rediscache_add_completions -f
        return
        ;;
    '--key')
        __rediscache_add_completions -f
        return
        ;;
    '--sni')
        return
        ;;
    '--read-from')
        __rediscache_add_completions -W 'primary'$'\n''replica'
        return
        ;;
    '--max-connections')
        return
        ;;
    '-P'|'--profile')
        __rediscache_add_completions -W "$(__rediscache_custom_complete ---completion warm -- --profile "${COMP_CWORD}" "$(__rediscache_cursor_index_in_current_word)")"
        return
        ;;
    '--connect-timeout')
        return
        ;;
    '--timeout')
        return
        ;;
    '--retry-for')
        return
        ;;
    '--max-runtime')
        return
        ;;
    esac

    # Offer positional completions
    case "${positional_number}" in
    1)
        __rediscache_add_completions -f
        return
        ;;
    esac
}

_rediscache_export() {
    repeating_flags=()
    non_repeating_flags=(--dump --partial --json --superseded --no-ttl -q --quiet -v --verbose --no-progress --no-input --no-checksum --askpass --tls --insecure --node-only --version -h --help)
    repeating_options=(--exclude --namespace --template --role --schema --rdb)
    non_repeating_options=(--hot --min-ttl --key-version --type --segment --ttl-below --ttl-above --expires-after --expires-before --larger-than --samples --idle-above --separator --version-pattern --pace --rate --count -o --output --color --as-of -u --uri -H --host -p --port -s --socket -n --db --user --password-file --password-command --sentinel-user --sentinel-password-file --cacert --cacertdir --cert --key --sni --read-from --max-connections -P --profile --connect-timeout --timeout --retry-for --max-runtime)
    __rediscache_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--hot')
        return
        ;;
    '--min-ttl')
        return
        ;;
    '--exclude')
        return
        ;;
    '--namespace')
        return
        ;;
    '--key-version')
        return
        ;;
    '--type')
        __rediscache_add_completions -W 'string'$'\n''list'$'\n''set'$'\n''zset'$'\n''hash'$'\n''stream'$'\n''vectorset'
        return
        ;;
    '--template')
        return
        ;;
    '--role')
        __rediscache_add_completions -W 'entry'$'\n''session'$'\n''lock'$'\n''counter'$'\n''queue'$'\n''tag'$'\n''index'
        return
        ;;
    '--segment')
        return
        ;;
    '--ttl-below')
        return
        ;;
    '--ttl-above')
        return
        ;;
    '--expires-after')
        return
        ;;
    '--expires-before')
        return
        ;;
    '--larger-than')
        return
        ;;
    '--samples')
        return
        ;;
    '--idle-above')
        return
        ;;
    '--separator')
        return
        ;;
    '--version-pattern')
        return
        ;;
    '--schema')
        __rediscache_add_completions -W 'django'$'\n''laravel'$'\n''spring'$'\n''rails'
        return
        ;;
    '--pace')
        __rediscache_add_completions -W 'auto'$'\n''gentle'$'\n''full'
        return
        ;;
    '--rate')
        return
        ;;
    '--count')
        return
        ;;
    '-o'|'--output')
        __rediscache_add_completions -f
        return
        ;;
    '--color')
        __rediscache_add_completions -W 'auto'$'\n''always'$'\n''never'
        return
        ;;
    '--rdb')
        __rediscache_add_completions -f
        return
        ;;
    '--as-of')
        __rediscache_add_completions -W 'written'$'\n''now'
        return
        ;;
    '-u'|'--uri')
        return
        ;;
    '-H'|'--host')
        return
        ;;
    '-p'|'--port')
        return
        ;;
    '-s'|'--socket')
        __rediscache_add_completions -f
        return
        ;;
    '-n'|'--db')
        return
        ;;
    '--user')
        return
        ;;
    '--password-file')
        __rediscache_add_completions -f
        return
        ;;
    '--password-command')
        return
        ;;
    '--sentinel-user')
        return
        ;;
    '--sentinel-password-file')
        __rediscache_add_completions -f
        return
        ;;
    '--cacert')
        __rediscache_add_completions -f
        return
        ;;
    '--cacertdir')
        __rediscache_add_completions -d
        return
        ;;
    '--cert')
        __rediscache_add_completions -f
        return
        ;;
    '--key')
        __rediscache_add_completions -f
        return
        ;;
    '--sni')
        return
        ;;
    '--read-from')
        __rediscache_add_completions -W 'primary'$'\n''replica'
        return
        ;;
    '--max-connections')
        return
        ;;
    '-P'|'--profile')
        __rediscache_add_completions -W "$(__rediscache_custom_complete ---completion export -- --profile "${COMP_CWORD}" "$(__rediscache_cursor_index_in_current_word)")"
        return
        ;;
    '--connect-timeout')
        return
        ;;
    '--timeout')
        return
        ;;
    '--retry-for')
        return
        ;;
    '--max-runtime')
        return
        ;;
    esac
}

_rediscache_profile() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __rediscache_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    list|show|path)
        # Offer subcommand argument completions
        "_rediscache_profile_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'list show path' -- "${cur}"))
        ;;
    esac
}

_rediscache_profile_list() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __rediscache_offer_flags_options 0
}

_rediscache_profile_show() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __rediscache_offer_flags_options 1

    # Offer positional completions
    case "${positional_number}" in
    1)
        __rediscache_add_completions -W "$(__rediscache_custom_complete ---completion profile show -- positional@0 "${COMP_CWORD}" "$(__rediscache_cursor_index_in_current_word)")"
        return
        ;;
    esac
}

_rediscache_profile_path() {
    repeating_flags=()
    non_repeating_flags=(--version -h --help)
    repeating_options=()
    non_repeating_options=()
    __rediscache_offer_flags_options 0
}

_rediscache_help() {
    repeating_flags=()
    non_repeating_flags=(--version)
    repeating_options=()
    non_repeating_options=()
    __rediscache_offer_flags_options -1
    COMPREPLY+=($(compgen -W 'scan ttl stats hits doctor inspect invalidate warm export profile exit-codes patterns seed-format json environment rules acl' -- "${cur}"))
}

complete -o filenames -F _rediscache rediscache
