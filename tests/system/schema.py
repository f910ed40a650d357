# SPDX-License-Identifier: Apache-2.0
"""As much of JSON Schema as docs/*.schema.json use; an unknown keyword is an error, so that a
schema never promises what nobody checks."""
import re

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool}
IGNORED = {"$schema", "title", "description", "properties", "required", "items"}


def is_type(value, name):
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


CHECKS = {
    "type": lambda v, want: is_type(v, want),
    "const": lambda v, want: v == want,
    "enum": lambda v, want: v in want,
    "pattern": lambda v, want: re.search(want, v) is not None,
    "minimum": lambda v, want: v >= want,
    "minLength": lambda v, want: len(v) >= want,
    "minItems": lambda v, want: len(v) >= want,
}


def errors(value, schema, path="$"):
    """All violations, as text."""
    found = []
    for key, want in schema.items():
        if key in CHECKS:
            if not CHECKS[key](value, want):
                return [f"{path}: {key} {want!r} does not hold for {value!r}"]
        elif key not in IGNORED and key != "additionalProperties":
            raise ValueError(f"schema.py does not know {key}")
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        found += [f"{path}: {k} is missing" for k in schema.get("required", []) if k not in value]
        for k, v in value.items():
            rest = schema.get("additionalProperties", True)
            if k in properties:
                found += errors(v, properties[k], f"{path}.{k}")
            elif rest is False:
                found.append(f"{path}: {k} is not allowed")
            elif isinstance(rest, dict):
                found += errors(v, rest, f"{path}.{k}")
    if isinstance(value, list):
        for i, v in enumerate(value):
            found += errors(v, schema.get("items", {}), f"{path}[{i}]")
    return found
