"""The order of the lessons, and who may import what.

A lesson's module is visible to later lessons only, so a forward import does not build.
"""

LESSONS = [
    "core",
    "creation",
    "init",
    "elementwise",
    "reductions",
    "activations",
    "matmul",
    "softmax",
    "concat_broadcast",
]

def lesson_folder(name):
    """The folder of a lesson's text and example, e.g. lessons/03_elementwise."""
    number = LESSONS.index(name)
    return "lessons/%s%d_%s" % ("0" if number < 10 else "", number, name)

def visible_from(name):
    """Visibility of what lesson `name` declares: itself and the lessons after it."""
    packages = [
        "//lessons/09_digits:__subpackages__",
        "//modules:__pkg__",
        "//modules/io:__subpackages__",
        "//tests/fuzz:__subpackages__",
        "//tests/io:__subpackages__",
        "//tests/support:__subpackages__",
        "//tools:__subpackages__",
    ]
    for later in LESSONS[LESSONS.index(name):]:
        packages += [
            "//modules/%s:__subpackages__" % later,
            "//tests/%s:__subpackages__" % later,
            "//%s:__subpackages__" % lesson_folder(later),
        ]
    return packages
