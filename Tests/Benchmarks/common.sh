#!/bin/bash
# What the parts of the bench share: a private server, a stopwatch, and a table. To be sourced.
# shellcheck disable=SC2034 # the parts use what is set here

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
keys=${KEYS:-1000000}
runs=${RUNS:-5}
# How often a pair may be run for each that counts, and the share of the machine's time that its host may take meanwhile.
tries=${TRIES:-3}
calm=0.05
rediscache=${REDISCACHE:-$here/../../.build/release/rediscache}
# 1 for the targets as they are; CI, whose machines are noisy, allows more, and holds the quickest runs of both sides
# against each other: what is slow in itself is slow each time, and what a host takes away it takes from some.
slack=${SLACK:-1}
judged=${JUDGED:-median}

# A function that fails inside of $(…) ends the part, too.
shopt -s inherit_errexit

# Credentials meant for another server would be refused by this one.
unset REDISCLI_AUTH VALKEYCLI_AUTH

folder=$(mktemp -d)
socket=$folder/redis.sock
started=()
: >"$folder/missed"

stop() {
    kill "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

clean_up() {
    trap '' HUP INT TERM
    local number
    # The clients before their servers.
    for ((number = ${#started[@]} - 1; number >= 0; number--)); do stop "${started[number]}"; done
    rm -rf "$folder"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

compile() {
    local program
    for program in "$@"; do
        cc -O2 -I/usr/local/include "$here/$program.c" -o "$folder/$program" -L/usr/local/lib -Wl,-rpath,/usr/local/lib -lhiredis
    done
}

# start_server SOCKET [OPTION…]: a server without persistence; its process id is in `server`.
start_server() {
    local place=$1
    shift
    redis-server --port 0 --unixsocket "$place" --unixsocketperm 700 --dir "$folder" --logfile "$place.log" \
        --save "" --appendonly no --daemonize no --enable-debug-command local "$@" </dev/null >/dev/null 2>&1 &
    server=$!
    started+=("$server")
    for _ in {1..100}; do
        [ ! -S "$place" ] || return 0
        kill -0 "$server" 2>/dev/null || break
        sleep 0.05
    done
    cat "$place.log" >&2
    return 1
}

fill() { "$here/fill" "$@" >"$folder/fill.log" 2>&1 || { cat "$folder/fill.log" >&2; return 1; }; }

# measure COMMAND…: prints "seconds cpu-seconds peak-KiB"; the peak is 0 without GNU time. A run that its own time limit
# has ended (75) is a run.
if /usr/bin/time -f %M true >/dev/null 2>&1; then
    stopwatch() { /usr/bin/time -q -o "$folder/time" -f '%e %U %S %M' "$@"; }
else
    echo 'bench: no GNU time (Debian package "time"): peak memory is not measured' >&2
    stopwatch() {
        local TIMEFORMAT='%R %U %S 0'
        { time "$@" 2>&3; } 3>&2 2>"$folder/time"
    }
fi
measure() {
    local status=0
    stopwatch "$@" >"$folder/output" 2>"$folder/errors" || status=$?
    [ "$status" -eq 0 ] || [ "$status" -eq 75 ] || { cat "$folder/errors" >&2; return 1; }
    awk '{ print $1, $2 + $3, $4 }' "$folder/time"
}

# judge LABEL VALUE TARGET: prints whether a value is within its target, and remembers those that are not.
judge() {
    awk -v value="$2" -v target="$3" -v slack="$slack" 'BEGIN { exit !(value <= target * slack) }' && echo met && return
    echo "$1: $2, target $3" >>"$folder/missed"
    echo MISSED
}

# The ticks that the machine's host has given to others, and all of them; nothing where the system does not tell.
ticks() { awk '/^cpu / { for (field = 2; field <= 9; field++) all += $field; print $9, all }' /proc/stat 2>/dev/null || true; }

# repeat COMMAND…: runs what prints a line until `runs` of its lines came while the host took no more than `calm` of the
# machine's time, or `tries` times as many came. Prints the `runs` from which the least was taken, that share before each:
# the choice knows nothing of what was measured.
repeat() {
    local run quiet=0 start line share
    for ((run = 0; run < runs * tries && quiet < runs; run++)); do
        start=$(ticks)
        line=$("$@")
        share=$(awk '{ print ($4 > $2 ? ($3 - $1) / ($4 - $2) : 0) }' <<<"$start $(ticks)")
        echo "$share $line"
        quiet=$((quiet + $(awk "BEGIN { print $share <= $calm }")))
    done | sort -g | sed -n "1,${runs}p"
}

# middle OPTION…: of the lines of `runs` runs the one in the middle, in the order that these options of sort give.
middle() { sort "$@" | sed -n "$(((runs + 1) / 2))p"; }

# Reads "share seconds cpu kib seconds cpu kib" for each run (what the host took, ours, the other's) and prints a row:
# medians, the ratio's spread, whether it is within the target, and the most that the host took from one of the runs.
row() {
    local label=$1 target=$2 line ratio chosen verdict=''
    line=$(awk -v judged="$judged" '
        function median(values, n,    i, j, swap) {
            for (i = 2; i <= n; i++)
                for (j = i; j > 1 && values[j - 1] > values[j]; j--) {
                    swap = values[j]; values[j] = values[j - 1]; values[j - 1] = swap
                }
            return n % 2 ? values[(n + 1) / 2] : (values[n / 2] + values[n / 2 + 1]) / 2
        }
        { if ($1 > taken) taken = $1; if ($4 > peak) peak = $4
          ours[NR] = $2; cpu[NR] = $3; other[NR] = $5 > 0 ? $5 : 0.01; other_cpu[NR] = $6; ratio[NR] = $2 / other[NR] }
        END {
            middle = median(ratio, NR); own = median(ours, NR); others = median(other, NR)
            # In order now: the quickest are the first.
            chosen = judged == "quickest" ? ours[1] / other[1] : middle
            printf "%.3f %.3f %.2f %.2f %.2f %.2f %.2f %.2f %.1f %.0f\n", chosen, middle, own, others,
                ratio[1], ratio[NR], median(cpu, NR), median(other_cpu, NR), peak / 1024, 100 * taken
        }' "$folder/runs")
    read -r chosen ratio line <<<"$line"
    [ "$target" = - ] || verdict=$(judge "$label" "$chosen" "$target")
    awk -v label="$label" -v target="$target" -v verdict="$verdict" -v ratio="$ratio" '{
        printf "%-36s %7.2f %7.2f   %5.2f %5.2f %5.2f  %6s %-6s  %6.2f %6.2f %7.1f %5d %%\n", label, $1, $2, ratio, $3, $4,
            target, verdict, $5, $6, $7, $8
    }' <<<"$line"
}

heading() {
    echo
    echo '                                          seconds          ratio          target         CPU seconds    peak   host'
    printf '%-36s    ours %7s   median  min   max                   ours %6s   MiB   took\n' "$1" "$2" "$2"
}

# both OURS… -- OTHER…: runs ours, the other, the other and ours, each after `before` where that is set, and prints the mean
# of what each side took, or its quicker run. Where neighbours share the processor, the ratio of two single runs has a
# standard deviation of 0.12, and that of two means 0.08; in this order a machine that becomes steadily slower takes as much
# from both.
both() {
    local mine=()
    while [ "$1" != -- ]; do
        mine+=("$1")
        shift
    done
    shift
    {
        timed "${mine[@]}"
        timed "$@"
        timed "$@"
        timed "${mine[@]}"
    } >"$folder/turns"
    awk -v judged="$judged" '
        function joint(first, second) { return judged == "quickest" ? (first < second ? first : second) : (first + second) / 2 }
        function side(first, second) {
            return joint(seconds[first], seconds[second]) " " joint(cpu[first], cpu[second]) " " \
                (peak[first] > peak[second] ? peak[first] : peak[second])
        }
        { seconds[NR] = $1; cpu[NR] = $2; peak[NR] = $3 }
        END { print side(1, 4), side(2, 3) }' "$folder/turns"
}

timed() {
    "${before:-true}"
    measure "$@"
}

# pairs LABEL TARGET OURS… -- OTHER…: runs both, so often, and prints the row.
pairs() {
    local label=$1 target=$2
    shift 2
    repeat both "$@" >"$folder/runs"
    row "$label" "$target"
}

# The end of a part: says which targets were missed, and fails if any was.
conclude() {
    [ -s "$folder/missed" ] || return 0
    echo
    sed 's/^/missed  /' "$folder/missed"
    return 1
}
