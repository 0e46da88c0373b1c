#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Make lib/schema_gen.c from docs/netlink/specs/vnet.yaml.

  gen-schema.py SPEC          print it
  gen-schema.py SPEC --check FILE   fail when FILE is stale
"""
import sys

import yaml

LIMITS = {"u8": 0xFF, "u16": 0xFFFF, "u32": 0xFFFFFFFF, "u64": 0xFFFFFFFFFFFFFFFF, "s32": 0x7FFFFFFF}
HINTS = {"ipv4": "IPV4", "mac": "LLADDR", "ipv6": "INET"}
# Attributes whose values are not the spec's to name: their enums stand in lib/schema.c.
NAMED_ELSEWHERE = {"vlan-protocol": "vlan_protocol"}


def ident(name):
    return name.replace("-", "_")


def numbered(items):
    """The netlink rule of the spec: a number follows its predecessor unless it is given."""
    number = 0
    for item in items:
        number = item.get("value", number + 1)
        yield number, item


def enum_lines(definition):
    name = ident(definition["name"])
    yield f"static const char *const {name}_names[] = {{"
    for entry in definition["entries"]:
        yield f'\t"{entry["name"] if isinstance(entry, dict) else entry}",'
    yield "};"
    yield ""
    yield f'const struct vn_enum vn_enum_{name} = {{ "{name}", {name}_names, VN_COUNT({name}_names), NULL }};'
    yield ""


def attr_line(attr, number):
    kind = attr["type"]
    check = attr.get("checks", {})
    if kind == "pad":
        return None
    wire = {"nest": "NEST", "string": "STRING", "binary": "BINARY"}.get(kind, kind.upper())
    if kind == "u16" and attr.get("byte-order") == "big-endian":
        wire = "BE16"
    if attr.get("display-hint") in HINTS:
        wire = HINTS[attr["display-hint"]]
    # A u8 that "is 1 when" something is a truth value, also where it is read only and has no range.
    if kind == "u8" and attr.get("doc", "").startswith("1 when"):
        check = {"max": 1}
    parts = [f".id = {number}", f'.name = "{ident(attr["name"])}"', f".type = VN_{wire}"]
    if kind in LIMITS and wire != "IPV4":
        parts += [f".min = {check.get('min', 0)}U", f".max = {check.get('max', LIMITS[kind])}U"]
    names = attr.get("enum", NAMED_ELSEWHERE.get(attr["name"]))
    if names:
        parts.append(f".names = &vn_enum_{ident(names)}")
    if "nested-attributes" in attr:
        parts.append(f".nest = &vn_set_{ident(attr['nested-attributes'])}")
    if attr.get("multi-attr"):
        parts.append(".multi = true")
    return "\t{ " + ", ".join(parts) + " },"


def set_lines(attrs):
    name = ident(attrs["name"])
    numbers = list(numbered(attrs["attributes"]))
    yield f"static const struct vn_attr {name}_attrs[] = {{"
    for number, attr in numbers:
        line = attr_line(attr, number)
        if line:
            yield line
    yield "};"
    yield ""
    yield (f'const struct vn_set vn_set_{name} = {{ "{name}", {name}_attrs, VN_COUNT({name}_attrs), '
           f"{max(n for n, _ in numbers)} }};")
    yield ""


def op_lines(operations):
    yield "const struct vn_op vn_ops[] = {"
    sets = {op["name"]: op.get("attribute-set") for op in operations}
    for number, op in numbered(operations):
        attrs = op.get("attribute-set") or sets[op["notify"]]
        event = "notify" in op or "event" in op
        yield (f'\t{{ {number}, "{ident(op["name"])}", &vn_set_{ident(attrs)}, '
               f'{"true" if event else "false"} }},')
    yield "};"
    yield ""
    yield "const unsigned int vn_n_ops = VN_COUNT(vn_ops);"


def generate(spec):
    yield "// SPDX-License-Identifier: GPL-2.0"
    yield "/* Do not edit: made by lib/gen-schema.py from docs/netlink/specs/vnet.yaml. */"
    yield '#include "schema.h"'
    yield ""
    for definition in spec["definitions"]:
        if definition["type"] == "enum":
            yield from enum_lines(definition)
    sets = {s["name"]: s for s in spec["attribute-sets"]}
    done = set()

    def with_nested(attrs):
        for attr in attrs["attributes"]:
            inner = attr.get("nested-attributes")
            if inner and inner not in done:
                yield from with_nested(sets[inner])
        if attrs["name"] not in done:
            done.add(attrs["name"])
            yield from set_lines(attrs)

    for attrs in spec["attribute-sets"]:
        yield from with_nested(attrs)
    yield from op_lines(spec["operations"]["list"])


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        text = "\n".join(generate(yaml.safe_load(file))) + "\n"
    if len(sys.argv) == 4 and sys.argv[2] == "--check":
        with open(sys.argv[3], encoding="utf-8") as file:
            if file.read() != text:
                sys.exit(f"gen-schema: {sys.argv[3]} is stale; run make -C userland schema")
        return
    sys.stdout.write(text)


main()
