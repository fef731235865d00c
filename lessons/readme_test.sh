#!/bin/bash
# readme_test.sh README EXPECTED SOURCE...: each ```cpp block of README stands in one
# of the sources, and each ```text block in what the example prints. Indentation aside.
# What README refers to in pictures/ lies there.
set -u
readme=$1
expected=$(sed 's/^[[:space:]]*//' "$2")
shift 2
sources=()
for source in "$@"; do
  sources+=("$(sed 's/^[[:space:]]*//' "$source")")
done

failures=0
blocks=0
check() {  # check LANGUAGE LINE BLOCK
  local text
  case $1 in
    cpp)
      for text in "${sources[@]}"; do
        [[ $text == *"$3"* ]] && return
      done
      echo "$readme:$2: this C++ is in none of the lesson's files:"
      ;;
    text)
      [[ $expected == *"$3"* ]] && return
      echo "$readme:$2: the example does not print this:"
      ;;
    *) return ;;
  esac
  echo "$3"
  failures=$((failures + 1))
}

language=
block=
start=0
number=0
while IFS= read -r line; do
  number=$((number + 1))
  if [[ $line == '```'* ]]; then
    if [[ -z $language ]]; then
      language=${line#'```'}
      language=${language:-plain}
      start=$number
      block=
    else
      check "$language" "$start" "${block%$'\n'}"
      [[ $language == cpp || $language == text ]] && blocks=$((blocks + 1))
      language=
    fi
  elif [[ -n $language ]]; then
    block+="${line#"${line%%[![:space:]]*}"}"$'\n'
  fi
done <"$readme"

if [[ -n $language ]]; then
  echo "$readme:$start: this block never ends"
  failures=$((failures + 1))
fi
if ((blocks < 2)); then
  echo "$readme: a lesson quotes code and output, found $blocks blocks"
  failures=$((failures + 1))
fi
while IFS=: read -r line picture; do
  [[ -s $(dirname "$readme")/${picture#*(} ]] && continue
  echo "$readme:$line: there is no ${picture#*(}"
  failures=$((failures + 1))
done < <(grep -no '](pictures/[^) ]*' "$readme")
for picture in "$(dirname "$readme")"/pictures/*; do
  [[ -e $picture ]] || continue
  grep -q "](pictures/${picture##*/}" "$readme" && continue
  echo "$readme: does not show pictures/${picture##*/}"
  failures=$((failures + 1))
done
((failures == 0))
