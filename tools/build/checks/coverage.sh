#!/bin/sh
# bazel run //tools:coverage
# Runs the tests with clang's coverage, prints for each file of modules/ how many of its
# lines they run, then each line that they don't, and fails below 97 %.
set -eu
cd "$BUILD_WORKSPACE_DIRECTORY"
least=97
folder=$PWD/.cache/coverage
rm -rf "$folder"
mkdir -p "$folder/profiles"

# One set of counters for each program (%m), which several runs add to. A result out of
# Bazel's cache would come without counters.
tools/bazel test --config=coverage --nocache_test_results //tests/... \
    --test_env=LLVM_PROFILE_FILE="$folder/profiles/%m.profraw" \
    --sandbox_writable_path="$folder"
llvm-profdata-19 merge -sparse "$folder"/profiles/*.profraw -o "$folder/all.profdata"

# The programs: each test that is one.
tools/bazel cquery --config=coverage --output=starlark \
    --starlark:expr='target.files_to_run.executable.path' \
    'kind("cc_.*test", //tests/...)' 2> /dev/null | sort -u > "$folder/programs"
execution_root=$(tools/bazel info execution_root 2> /dev/null)
# One program at a time, as the same inline function differs from one to the other.
while read -r program; do
    llvm-cov-19 export -format=lcov -instr-profile="$folder/all.profdata" \
        "$execution_root/$program" 2> /dev/null
done < "$folder/programs" > "$folder/lcov.info"

: > "$folder/missed"
awk -v least="$least" -F '[:,]' '
    /^SF:/ {
        file = $2
        ours = sub(/^.*modules\//, "modules/", file)
    }
    /^DA:/ && ours {
        key = file SUBSEP $2
        if (!(key in count)) lines[file]++
        if ($3 > 0 && !(count[key] > 0)) run[file]++
        count[key] += $3
    }
    END {
        for (file in lines) {
            printf "%6.1f %%  %4d of %4d  %s\n", 100 * run[file] / lines[file],
                run[file], lines[file], file | "sort -k 6"
            all += lines[file]
            all_run += run[file]
        }
        close("sort -k 6")
        for (key in count) {
            if (count[key] > 0) continue
            split(key, part, SUBSEP)
            print part[1] " " part[2] | "sort -k 1,1 -k 2,2n > \"'"$folder"'/missed\""
        }
        close("sort -k 1,1 -k 2,2n > \"'"$folder"'/missed\"")
        printf "%6.2f %%  %d of %d lines\n", 100 * all_run / all, all_run, all
        exit 100 * all_run / all < least
    }' "$folder/lcov.info" || status=1
echo "not run:"
while read -r file line; do
    printf '%s:%s: %s\n' "$file" "$line" "$(sed -n "${line}p" "$file")"
done < "$folder/missed"
exit "${status:-0}"
