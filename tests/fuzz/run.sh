#!/bin/bash
# Looks for inputs that break a reader of files, a view or the course's markers:
#   tests/fuzz/run.sh [--seconds N] [--jobs N] [NAME...]
# Each target runs N seconds (60), as many at once as there are cores, and gets a line:
#   //tests/fuzz:idx PASSED in 60s: 1234567 inputs, 89 edges, corpus of 45
# The C++ ones run under libFuzzer with asan and ubsan; what they collect stays in
# .cache/fuzz, where the next run goes on. An input that breaks something lies in
# .cache/fuzz/found: mend it, and keep it in tests/fuzz/corpus, where it is a test.
# The markers' parser is Python: its test mutates files by itself, for as long.
set -eu
cd "$(dirname "$0")/../.."

markers=regions_fuzz_test
every=(csv gzip idx npy png safetensors views "$markers")

# One target; called by itself through xargs.
if [ "${1:-}" = --one ]; then
    name=$2 seconds=$3 bin=$4
    label=//tests/fuzz:$name
    log=.cache/fuzz/$name.log
    if [ "$name" = "$markers" ]; then
        label=//tools/course:$name
        FUZZ_SECONDS=$seconds "$bin/tools/course/$name" > "$log" 2>&1 &&
            status=0 || status=$?
        found=$(sed -n 's/^\([0-9]* inputs\)$/\1/p' "$log")
    else
        mkdir -p ".cache/fuzz/$name" .cache/fuzz/found
        first=(tests/fuzz/corpus/"$name")
        case $name in npy | safetensors) first+=(tests/io/data) ;; esac
        # More memory than there is is std::bad_alloc; more than 256 MB for so short a
        # file is a fault.
        ASAN_OPTIONS=allocator_may_return_null=1 \
            "$bin/tests/fuzz/$name" -max_total_time="$seconds" -max_len=4096 \
            -timeout=120 -malloc_limit_mb=256 -print_final_stats=1 \
            -artifact_prefix=".cache/fuzz/found/$name-" \
            ".cache/fuzz/$name" "${first[@]}" > "$log" 2>&1 &&
            status=0 || status=$?
        inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
        form=", \1 edges, corpus of \2"
        found="${inputs:-0} inputs$(sed -n \
            "s/.*DONE *cov: \([0-9]*\) .* corp: \([0-9]*\).*/$form/p" \
            "$log")"
    fi
    if [ "$status" = 0 ]; then
        echo "$label PASSED in ${seconds}s: $found"
    else
        tail -n 40 "$log"
        echo "$label FAILED: $found; all of it in $log"
    fi
    exit "$status"
fi

seconds=60
jobs=$(nproc)
while [ "${1:-}" = --seconds ] || [ "${1:-}" = --jobs ]; do
    if ! [[ ${2:-} =~ ^[1-9][0-9]*$ ]]; then
        echo "$1 takes a number from 1 on, not '${2:-}'"
        exit 2
    fi
    declare "${1#--}=$2"
    shift 2
done
case ${1:-} in
--*) echo "there is no flag $1, only --seconds and --jobs" && exit 2 ;;
esac
names=("$@")
[ $# -gt 0 ] || names=("${every[@]}")
labels=()
for name in "${names[@]}"; do
    case " ${every[*]} " in
    *" $name "*) ;;
    *) echo "no fuzz target is called $name; there are: ${every[*]}" && exit 2 ;;
    esac
    if [ "$name" = "$markers" ]; then
        labels+=("//tools/course:$name")
    else
        labels+=("//tests/fuzz:$name")
    fi
done
tools/bazel build --config=fuzz "${labels[@]}"
bin=$(readlink -f bazel-bin)
mkdir -p .cache/fuzz
printf '%s\n' "${names[@]}" |
    xargs -P "$jobs" -I NAME tests/fuzz/run.sh --one NAME "$seconds" "$bin"
