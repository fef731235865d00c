"""The one function of bazel_skylib that the libraries here call."""

def _config_setting_group(name, match_any = [], match_all = [], visibility = None):
    """Names a setting that holds when any (or all) of the given settings hold.

    A chain of aliases: each one selects its own setting or hands on to the next.
    """
    if bool(match_any) == bool(match_all):
        fail("config_setting_group: give one of match_any and match_all")
    settings = match_any or match_all
    if len(settings) == 1:
        native.alias(name = name, actual = settings[0], visibility = visibility)
        return
    for i in range(len(settings) - 1):
        here = name if i == 0 else "%s_%d" % (name, i)
        last = i + 2 == len(settings)
        rest = settings[i + 1] if last else ":%s_%d" % (name, i + 1)
        native.alias(
            name = here,
            actual = select({
                settings[i]: settings[i] if match_any else rest,
                "//conditions:default": rest if match_any else settings[i],
            }),
            visibility = visibility,
        )

selects = struct(config_setting_group = _config_setting_group)
