"""What a query of MongoDB asks, read from its text alone."""

import pytest

from harness.adapters.mongodb.asking import asked
from harness.design.model import Schema, Statement
from harness.source import Source
from tests.asked.telling import told

ASKED = [
    (
        'db.orders.find({ status: "new", total: { $gte: 5, $lt: 9 } }).sort({ createdAt: -1 }).skip(20).limit(10)',
        [
            (
                "equal: orders.status = new; range: orders.total >= 5; range: orders.total < 9; "
                "sort: -orders.createdAt; limit 10; skip 20; all of orders"
            )
        ],
    ),
    (
        'db.orders.find({ status: { $in: ["a", "b"] }, name: /^Ada/ })',
        ["equal: orders.status in ?; pattern: orders.name regex ^Ada; all of orders"],
    ),
    (
        'db.orders.find({ $and: [{ status: "new" }, { total: { $gt: 5 } }] })',
        ["equal: orders.status = new; range: orders.total > 5; all of orders"],
    ),
    ('db.orders.find({ $or: [{ status: "new" }, { total: 5 }] })', ["all of orders"]),
    (
        'db.orders.find({ $expr: { $eq: [{ $toLower: "$name" }, "ada"] } })',
        ['equal: orders.name in { $toLower: "$name" } = ada; all of orders'],
    ),
    ('db.orders.find({ $where: "this.total > 5" })', ["other: orders. code ?; all of orders"]),
    (
        'db.shops.find({ at: { $near: { type: "Point", coordinates: [3, 4] } } }).limit(5)',
        ["ordered by something else; limit 5; all of shops"],
    ),
    (
        "db.shops.find({ at: { $geoWithin: { $centerSphere: [[3, 4], 0.1] } } }).limit(5)",
        ["limit 5; all of shops"],
    ),
    (
        'db.shops.aggregate([{ $geoNear: { near: { type: "Point", coordinates: [3, 4] } } }, { $limit: 5 }])',
        ["ordered by something else; folded"],
    ),
    ("db.orders.findOne({ _id: 7 })", ["equal: orders._id = 7; all of orders"]),
    ('db.orders.find({ "items.sku": "x" })', ["equal: orders.items.sku = x; all of orders"]),
    (
        'db.orders.find({ items: { $elemMatch: { sku: "x", qty: { $gt: 2 } } } })',
        ["equal: orders.items.sku = x; range: orders.items.qty > 2; all of orders"],
    ),
    ('db.orders.find({ status: { $ne: "new" } })', ["other: orders.status <> new; all of orders"]),
    ("db.orders.find({ note: null })", ["equal: orders.note = None; all of orders"]),
    (
        'db.orders.aggregate([{ $match: { status: "new" } }, { $sort: { createdAt: 1 } }, { $limit: 5 }])',
        ["equal: orders.status = new; sort: orders.createdAt; limit 5; all of orders"],
    ),
    (
        'db.orders.aggregate([{ $group: { _id: "$status", n: { $sum: 1 } } }, { $match: { n: { $gt: 2 } } }])',
        ["folded"],
    ),
    (
        (
            'db.orders.aggregate([{ $match: { status: "new" } }, '
            '{ $lookup: { from: "users", localField: "userId", foreignField: "key", as: "u" } }])'
        ),
        ["equal: orders.status = new; all of orders", "equal: users.key = orders.userId"],
    ),
    ('db.orders.countDocuments({ status: "new" })', ["equal: orders.status = new; folded"]),
    ('db.orders.updateOne({ _id: 7 }, { $set: { status: "x" } })', []),
    ("db.orders.find({ ", []),
]
"""A query, and what each of its blocks asks, the outermost first."""


@pytest.mark.parametrize(("text", "blocks"), ASKED)
def test_each_block_is_told_by_what_it_asks(text: str, blocks: list[str]) -> None:
    assert [told(block) for block in asked(Statement(text, Source("", 1, 1)), Schema(()))] == blocks
