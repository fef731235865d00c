#!/bin/sh
# What check_imports.sh accepts, and what it says when it does not.
set -u
check=$PWD/$1
cd "$TEST_TMPDIR" || exit 1
failures=0

# expect NAME STATUS MESSAGE: runs on the text of standard input, as one source of the
# target //x:x, which declares tensor.here and depends on tensor.core and tensor.init.
expect() {
    cat > source.cc
    declared=tensor.core,tensor.init
    message=$(sh "$check" imports //x:x tensor.here "$declared" source.cc 2>&1)
    status=$?
    if [ "$status" = "$2" ] && [ "$message" = "$3" ]; then return; fi
    echo "FAILED $1: status $status, expected $2; message '$message', expected '$3'"
    failures=$((failures + 1))
}

expect "imports of declared modules pass" 0 "" << 'E2'
module tensor.here;
import tensor.core;
export import tensor.init;
E2
expect "a module may import itself and its partitions" 0 "" << 'E2'
export module tensor.here:part;
import :other;
import tensor.here;
E2
expect "comments and header units are no imports" 0 "" << 'E2'
// import tensor.matmul;
import <vector>;
E2
expect "the module's own package is what to add" 1 \
    "source.cc:2: module 'tensor.matmul' is imported but not in deps of //x:x: add\
 //modules/matmul" << 'E2'
import tensor.core;
import tensor.matmul;  // products
E2
expect "the umbrella has a package of its own" 1 \
    "source.cc:1: module 'tensor' is imported but not in deps of //x:x: add\
 //modules:tensor" << 'E2'
import tensor;
E2
expect "a module from elsewhere is named by what declares it" 1 \
    "source.cc:1: module 'other.thing' is imported but not in deps of //x:x: add\
 the target whose module_name is \"other.thing\"" << 'E2'
import other.thing;
E2
expect "source and BUILD file agree on the module's name" 1 \
    "source.cc:1: declares module 'tensor.there', but module_name of //x:x is\
 'tensor.here'" << 'E2'
export module tensor.there;
E2

exit "$failures"
