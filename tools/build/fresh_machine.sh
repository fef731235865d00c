#!/bin/bash
# Runs a command of this checkout on a Debian where nothing is installed, and times it.
#   sudo tools/build/fresh_machine.sh SUITE COMMAND...
#   sudo tools/build/fresh_machine.sh bookworm tools/bazel test //...
# SUITE bookworm has Bazel 4.2.3; sid has the newest Bazel that Debian packages. The
# machine is a chroot by debootstrap, made anew under $TMPDIR and removed afterwards;
# committed files only. The command is run twice: cold, and again; both must succeed.
set -eu
[ $# -ge 2 ] || {
    sed -n '2,7s/^# //p' "$0"
    exit 2
}
suite=$1
shift
source=$(cd "$(dirname "$0")/../.." && pwd)
root=$(mktemp -d "${TMPDIR:-/tmp}/fresh.XXXXXX")

cleanup() {
    # A Bazel server may still run inside.
    for process in /proc/[0-9]*; do
        if [ "$(readlink "$process/root")" = "$root" ]; then
            kill "${process#/proc/}" 2> /dev/null || true
        fi
    done
    sleep 2
    umount "$root/proc" "$root/dev" 2> /dev/null || true
    rm -rf --one-file-system "$root"
}
trap cleanup EXIT

# A line is: deb [signed-by=FILE] URL SUITE main, where the brackets may be missing.
url=$("$source/tools/build/setup/debian_mirror.sh" "$suite" |
    sed -n '1s/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\) .*/\2/p')
[ -n "$url" ] || {
    echo "apt's lists name no Debian mirror"
    exit 1
}
echo "making a bare Debian $suite in $root"
debootstrap --variant=minbase "$suite" "$root" "$url" > "$root.log"
rm -f "$root.log"
# A mirror may hold an old state of a suite that changes daily: apt would refuse it.
valid_until=$(sed -n 's/^Valid-Until: //p' "$root"/var/lib/apt/lists/*Release |
    head -n 1)
if [ -n "$valid_until" ] && [ "$(date -d "$valid_until" +%s)" -lt "$(date +%s)" ]; then
    echo 'Acquire::Check-Valid-Until "false";' > "$root/etc/apt/apt.conf.d/90old-mirror"
fi
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
cp /etc/resolv.conf "$root/etc/"
mkdir -p "$root/home/student/course"
git -C "$source" archive HEAD | tar -x -C "$root/home/student/course"

# in_machine COMMAND...: runs in the checkout, with a home and nothing else.
in_machine() {
    chroot "$root" /usr/bin/env -i HOME=/home/student TERM=dumb \
        PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        sh -c 'cd /home/student/course && exec "$@"' sh "$@"
}
worst=0
for attempt in "cold" "again"; do
    start=$SECONDS
    status=0
    in_machine "$@" || status=$?
    echo "$attempt: status $status after $((SECONDS - start)) s: $*"
    [ "$status" = 0 ] || worst=$status
done
exit "$worst"
