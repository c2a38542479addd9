"""What frameworks pass and hold: one file for each, with a service and the expressions that its hooks and handlers count.

`FIELDS` lists under the name of a place (`# fields: before`) what is written there into a label, each expression into a metric of its
own. `drive` calls the service like the files of `tests.oracle.drives`.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

PLACE = re.compile(r"^( *)# fields: (\w+)\n", re.M)


def write(name: str, folder: Path) -> dict[str, str]:
    """Write the service of a framework as `app.py`; return for each of its metrics the expression in its label."""
    held = _constants(Path(__file__).with_name(f"{name}.py"))
    metrics: dict[str, str] = {}

    def counted(found: re.Match[str]) -> str:
        lines = []
        for expression in held["FIELDS"][found[2]].split("\n"):
            if expression.strip():
                metric = f"m{len(metrics)}"
                metrics[metric] = f"{name} {found[2]}: {expression.strip()}"
                lines += ["try:", f"    {metric.upper()}.labels(v={expression.strip()}).inc()", "except Exception:", "    pass"]
        return "".join(f"{found[1]}{line}\n" for line in lines)

    text = PLACE.sub(counted, held["SERVICE"])
    declared = "".join(f'{metric.upper()} = Counter("{metric}", "A field", ["v"])\n' for metric in metrics)
    (folder / "app.py").write_text(text.replace("# metrics\n", declared, 1))
    return metrics


def _constants(path: Path) -> dict[str, Any]:
    """Read the constants of a file without its imports: only the process that runs the service loads the framework."""
    tree = ast.parse(path.read_text())
    return {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in ("SERVICE", "FIELDS")
    }


def frameworks() -> list[str]:
    """List the frameworks that have a file here."""
    return sorted(p.stem for p in Path(__file__).parent.glob("*.py") if p.stem != "__init__")
