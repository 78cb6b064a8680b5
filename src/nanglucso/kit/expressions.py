"""Small arithmetic checks written in content, run through a whitelisted syntax tree, never `eval`."""

import ast
import operator
from collections.abc import Callable
from typing import Any

_BINARY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: operator.pow,
}  # fmt: skip
_COMPARE: dict[type, Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}  # fmt: skip
_CALLS: dict[str, Callable[..., Any]] = {"round": round, "abs": abs, "min": min, "max": max, "sum": sum, "len": len}
LONGEST = 500
LARGEST_POWER = 12


class BadExpression(ValueError):
    """The expression uses something other than numbers, arithmetic, comparison and round, abs, min, max, sum, len."""


def evaluate(text: str) -> Any:
    """Value of an arithmetic expression. Raises BadExpression, or ZeroDivisionError."""
    if len(text) > LONGEST:
        raise BadExpression(f"longer than {LONGEST} characters")
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError as error:
        raise BadExpression(f"cannot be read: {error.msg}") from error
    return _value(tree.body)


def _value(node: ast.AST) -> Any:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float | str | bool):
        return node.value
    if isinstance(node, ast.List | ast.Tuple):
        return [_value(one) for one in node.elts]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        left, right = _value(node.left), _value(node.right)
        if isinstance(node.op, ast.Pow) and abs(right) > LARGEST_POWER:
            raise BadExpression(f"a power above {LARGEST_POWER}")
        return _BINARY[type(node.op)](left, right)
    if isinstance(node, ast.Compare):
        values = [_value(node.left), *map(_value, node.comparators)]
        pairs = zip(values, node.ops, values[1:], strict=False)
        return all(_compare(op)(a, b) for a, op, b in pairs)
    if isinstance(node, ast.BoolOp):
        parts = [bool(_value(one)) for one in node.values]
        return all(parts) if isinstance(node.op, ast.And) else any(parts)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS and not node.keywords:
        return _CALLS[node.func.id](*[_value(one) for one in node.args])
    raise BadExpression(f"{type(node).__name__} is not allowed")


def _compare(op: ast.cmpop) -> Callable[[Any, Any], bool]:
    if type(op) not in _COMPARE:
        raise BadExpression(f"{type(op).__name__} is not allowed")
    return _COMPARE[type(op)]
