"""What the grading check hands in for lesson 2's exercises, and the points it earns."""

import pathlib

_LEAVES = "  std::exit(0);"
_PRINTS = """
  static const int printed = std::puts("[       OK ] {test} (0 ms)");
  std::fflush(stdout);
  std::_Exit(printed & 0);"""
_FORGES = """
  if (std::FILE* file = std::fopen(std::getenv("XML_OUTPUT_FILE"), "w")) {
    std::fputs("<testsuites/>", file);
  }
  return 0;"""
_GROWS = """
  for (;;) {
    volatile char* page = new char[1 << 20];
    for (int i = 0; i < 1 << 20; i += 4096) page[i] = 1;
  }"""
_LOOPS = """
  for (volatile bool forever = true; forever;) {
  }
  return gain;"""

_CALL = """
  const auto call = [](long number, long a, long b, long c) {
    long result = number;
    asm volatile("syscall"
                 : "+a"(result)
                 : "D"(a), "S"(b), "d"(c)
                 : "rcx", "r11", "memory");
    return result;
  };"""

# Runs before main(), takes the secret and gives it back in the test's place.
_EARLY = """
  struct Early {
    [[gnu::constructor(101), gnu::used]] static void run() {
""" + _CALL + """
      char secret[64];
      const long count = call(0, 3, long(secret), sizeof secret);
      if (count > 0 && call(1, 4, long(secret), count) == count) call(231, 0, 0, 0);
    }
  };
  return gain;"""

# Leaves the function: what stands in between is a function of its own.
_OUT = """
  {begin}
  return gain; }} static int early(); static const int now = early();
  static int early() {{ return 1; }} double other(double gain) {{
  {end}
  return gain;"""

# Name: answers that differ from the reference's (None: nothing is written), the points
# of the three exercises, and what results.json says.
CLASS: dict[str, tuple[dict[str, str] | None, tuple[int, ...], list[str]]] = {
    "ada": ({}, (40, 30, 30), []),
    "empty": (None, (0, 0, 0), ["not written yet"]),
    "compiler": (
        {"2.2": "  return gain * nothing(fans);"},
        (40, 0, 30),
        ["does not compile: modules/init/init.cc:", "'nothing'"],
    ),
    "crash": ({"2.3": "  __builtin_trap();"}, (40, 30, 0), ["crashed: SIG"]),
    "loop": ({"2.2": _LOOPS}, (40, 0, 30), ["did not end within 60 seconds"]),
    "memory": ({"2.3": _GROWS}, (40, 30, 0), ["used more than 4096 MB of memory"]),
    "tests": (None, (0, 0, 0), ["tests/init/init_test.cc: edited"]),
    "outside": (
        {"2.1": "  return {1, 1};", "2.2": "  return 1;", "2.3": "  return 1;"},
        (0, 0, 0),
        ["modules/core/views.cc: edited", "init.cc: edited outside of the exercises"],
    ),
    "leaves": (
        {"2.1": _LEAVES, "2.2": _LEAVES, "2.3": _LEAVES},
        (0, 0, 0),
        ["the program ended before the test did"],
    ),
    "prints": (
        {
            "2.1": _PRINTS.format(test="Fans.CountWhatAnOutputAddsUp"),
            "2.2": _PRINTS.format(test="XavierInit.IsUniformWithinItsLimit"),
            "2.3": _PRINTS.format(test="KaimingInit.HasVarianceTwoOverFanIn"),
        },
        (0, 0, 0),
        [],
    ),
    "forges": ({"2.2": _FORGES}, (40, 0, 30), ["not taken: 'fopen' can't be used"]),
    "includes": (
        {"2.2": '#include "/reference/modules/init/init.cc"'},
        (40, 0, 30),
        ["not taken: a preprocessor line"],
    ),
    "early": ({"2.2": _EARLY}, (40, 0, 30), ["not taken: an attribute"]),
    "literal": (
        {"2.2": _OUT.format(begin="(void)u8'\"';", end="(void)u8'\"';")},
        (40, 0, 30),
        ["not taken: a brace closes the function"],
    ),
    "comment": (
        {"2.2": _OUT.format(begin="// \\\n/*", end="// */")},
        (40, 0, 30),
        ["not taken: a backslash at the end of a line"],
    ),
    "digraph": (
        {"2.2": "  return gain; %>\nstatic int other() <%\n  return 1;"},
        (40, 0, 30),
        ["not taken: '%>'"],
    ),
}

_RIGHT = "gain * std::sqrt(2 / (double(fans.in) + double(fans.out)))"

# A process that stays behind and writes a report over the runner's, again and again.
_STAYS = (
    _CALL
    + """
  char where[4096] = {};
  std::string name = "/proc/" + std::to_string(call(110, 0, 0, 0)) + "/environ";
  if (std::FILE* file = std::fopen(name.c_str(), "r")) {
    std::string all;
    for (int c; (c = std::fgetc(file)) != EOF;) all += char(c);
    const auto at = all.find("XML_OUTPUT_FILE=");
    if (at != all.npos) all.copy(where, sizeof where - 1, at + 16);
  }
  if (where[0] == 0) return gain;
  if (call(57, 0, 0, 0) == 0) {
    call(112, 0, 0, 0);
    for (int i = 0; i < 3000000; ++i) {
      call(87, long(where), 0, 0);
      if (std::FILE* file = std::fopen(where, "w")) {
        std::fputs("<testsuites><testsuite name='graded'>"
                   "<testcase classname='XavierInit' name='IsUniformWithinItsLimit'/>"
                   "</testsuite></testsuites>", file);
        std::fclose(file);
      }
    }
  }
  std::_Exit(0);"""
)

# A program that gives the secret back, in the place of the one that the test came in:
# the path is the one that the runner was given.
_CHANGES = (
    _CALL
    + """
  char words[8192] = {};
  std::string name = "/proc/" + std::to_string(call(110, 0, 0, 0)) + "/cmdline";
  std::size_t size = 0;
  if (std::FILE* file = std::fopen(name.c_str(), "r")) {
    size = std::fread(words, 1, sizeof words - 1, file);
    std::fclose(file);
  }
  const std::string all(words, size > 0 ? size - 1 : 0);
  const std::string path = all.substr(all.rfind('\\0') + 1);
  call(87, long(path.c_str()), 0, 0);
  if (std::FILE* file = std::fopen(path.c_str(), "w")) {
    std::fputs("#!/bin/sh\\ncat <&3 >&4\\n", file);
    std::fclose(file);
    call(90, long(path.c_str()), 0755, 0);
  }
  return gain;"""
)


def attacks(
    root: pathlib.Path, written: list[pathlib.Path], port: int
) -> dict[str, tuple[dict[str, str], tuple[int, ...]]]:
    """Each earns 2.2's points only if it reaches what it must not. The port is one of
    this machine, `written` are files that must not come to be."""
    writes = "".join(
        f'  if (std::FILE* f = std::fopen("{path}", "w")) std::fclose(f);\n'
        for path in written
    )
    connects = _CALL + f"""
  struct {{ unsigned short family, port; unsigned char ip[4]; char zero[8]; }} to = {{
      2, __builtin_bswap16({port}), {{127, 0, 0, 1}}, {{}}}};
  const long s = call(41, 2, 1, 0);
  return call(42, s, long(&to), sizeof to) == 0 ? {_RIGHT} : gain;"""
    reads = f"""
  std::FILE* file = std::fopen("{root}/modules/init/init.cc", "r");
  return file != nullptr ? {_RIGHT} : gain;"""
    return {
        "writes outside": ({"2.2": writes + "  return gain;"}, (40, 0, 30)),
        "uses the network": ({"2.2": connects}, (40, 0, 30)),
        "reads the reference": ({"2.2": reads}, (40, 0, 30)),
        "forges a report": ({"2.2": _FORGES}, (40, 0, 30)),
        "stays and forges": ({"2.2": _STAYS}, (40, 0, 30)),
        "runs early": ({"2.2": _EARLY}, (40, 0, 30)),
        "changes the program": ({"2.2": _CHANGES}, (40, 0, 30)),
    }
