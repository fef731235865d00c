#!/bin/sh
# The program as a whole: three pictures into the folder where the user stands, the same
# bytes for the same seed, and one line for what is wrong.
set -eu
program=$1
emulator=${EMULATOR:-} # for a program of another machine
scratch=$TEST_TMPDIR
failures=0

fail() {
  echo "FAILED: $1"
  failures=$((failures + 1))
}

# draw FOLDER FLAG...: the pictures of the small digits, as bazel run would start it.
draw() {
  folder=$1
  shift
  mkdir -p "$folder"
  BUILD_WORKING_DIRECTORY=$folder \
    $emulator "$program" --data=digits8x8 --count=2 --steps=3 "$@"
}

draw "$scratch/one" > "$scratch/out" 2> "$scratch/err" || fail "it ends well"
for picture in sheet path knob; do
  [ -s "$scratch/one/$picture.png" ] || fail "$picture.png is where the user stands"
done
[ "$(ls "$scratch/one" | wc -l)" -eq 3 ] || fail "nothing else is there"
grep -q '^seed 1$' "$scratch/out" || fail "the seed is printed"
[ "$(wc -l < "$scratch/err")" -eq 3 ] || fail "a log gets one line a picture"
if grep -q "$(printf '\r')" "$scratch/err"; then fail "a log gets no redrawn bars"; fi

draw "$scratch/two" > /dev/null 2>&1
draw "$scratch/three" --seed=2 > /dev/null 2>&1
for picture in sheet path knob; do
  cmp -s "$scratch/one/$picture.png" "$scratch/two/$picture.png" ||
    fail "the same seed gives the same $picture.png"
  if cmp -s "$scratch/one/$picture.png" "$scratch/three/$picture.png"; then
    fail "another seed gives another $picture.png"
  fi
done

mkdir "$scratch/four"
draw "$scratch" --out=four > /dev/null 2>&1
for picture in sheet path knob; do
  cmp -s "$scratch/one/$picture.png" "$scratch/four/$picture.png" ||
    fail "--out is taken from where the user stands: $picture.png"
  [ ! -e "$scratch/$picture.png" ] || fail "no $picture.png beside --out"
done
draw "$scratch" --out=four --class=4 > /dev/null 2>&1
if cmp -s "$scratch/one/sheet.png" "$scratch/four/sheet.png"; then
  fail "--class=4 draws another sheet.png over the one in --out"
fi

# refuses TEXT FLAG...: ends with an error of one line that holds TEXT.
refuses() {
  text=$1
  shift
  if draw "$scratch/none" "$@" > /dev/null 2> "$scratch/err"; then
    fail "$* is refused"
  fi
  grep -qF -- "$text" "$scratch/err" ||
    fail "$* says: $text, not: $(cat "$scratch/err")"
  [ "$(wc -l < "$scratch/err")" -eq 1 ] || fail "$* says it in one line"
  [ -z "$(ls "$scratch/none")" ] || fail "$* leaves no picture"
}

refuses '--class=12: takes all or 0 to 9' --class=12
refuses '--count=0: takes 1 to 100' --count=0
refuses "Illegal value 'many' specified for flag 'count'" --count=many
refuses "Unknown command line flag 'colour'" --colour=red
refuses "'sheet.png': takes flags only" sheet.png
refuses 'nothing.png' --data=nothing.png
refuses 'neither a folder nor a .png' --data=digits.jpeg
printf 'no picture' > "$scratch/bad.png"
refuses 'bad.png: png: offset 0: not the signature' "--data=$scratch/bad.png"
refuses '--out: no folder' "--out=$scratch/no/such/folder"
HOME=$scratch XDG_CACHE_HOME=$scratch
export HOME XDG_CACHE_HOME
[ -d /usr/share/datasets/fashion-mnist ] ||
  refuses 'fashion_mnist.sh fetches it' --data=fashion

echo "$failures failures"
[ "$failures" -eq 0 ]
