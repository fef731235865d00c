"""The Python rules under the names rules_python gives them; Bazel 7's own BUILD files
load them from there. Bazel up to 7 has these rules inside."""

py_binary = native.py_binary
py_library = native.py_library
py_runtime = native.py_runtime
py_test = native.py_test
