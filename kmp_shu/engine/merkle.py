"""A tree of hashes: one root names all leaves, and a short path proves one leaf without the others.

The tree is that of certificate transparency (RFC 6962, section 2.1): a leaf hashes as
``SHA-256(00 leaf)``, a node as ``SHA-256(01 left right)``, and the last node of a level that has no
neighbour goes up unchanged. ``sql/merkle.py`` builds the same tree in PostgreSQL.
"""

from hashlib import sha256

LEAF, NODE = b"\x00", b"\x01"
LEFT, RIGHT = "left", "right"


def leaf_hash(data):
    """The hash of a leaf's bytes, 32 bytes."""
    return sha256(LEAF + data).digest()


def node_hash(left, right):
    """The hash of two nodes of 32 bytes."""
    return sha256(NODE + left + right).digest()


def level_above(hashes):
    """The next level of the tree, half as long."""
    pairs = zip(hashes[::2], hashes[1::2], strict=False)
    above = [node_hash(left, right) for left, right in pairs]
    return above + hashes[-1:] if len(hashes) % 2 else above


def levels(hashes):
    """Every level from the leaves' hashes to the root, which stands alone on the last.

    >>> [len(level) for level in levels([b"a" * 32] * 5)]
    [5, 3, 2, 1]
    """
    while True:
        yield hashes
        if len(hashes) <= 1:
            return
        hashes = level_above(hashes)


def root(hashes):
    """The root over the leaves' hashes; ValueError where there is no leaf."""
    if not hashes:
        raise ValueError("A tree without leaves has no root.")
    while len(hashes) > 1:
        hashes = level_above(hashes)
    return hashes[0]


def path(hashes, index):
    """The neighbours on the way from leaf ``index`` to the root: ``[(side, hash), ...]``.

    ``side`` says where the neighbour stands. A node that goes up alone adds nothing.
    """
    steps = []
    for level in levels(hashes):
        neighbour = index ^ 1
        if neighbour < len(level) and len(level) > 1:
            steps.append((RIGHT if neighbour > index else LEFT, level[neighbour]))
        index //= 2
    return steps


def climb(leaf, steps):
    """The root that the hash of a leaf and its path lead to."""
    node = leaf
    for side, neighbour in steps:
        node = node_hash(neighbour, node) if side == LEFT else node_hash(node, neighbour)
    return node
