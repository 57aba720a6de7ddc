"""What a complaint is about, more exactly: the second level of the tree, in plain words, under the categories of `asks`.

Workers: the merged list of Fair Wear, amfori BSCI, the RSC and the Accord. Employers: the five purchasing-practices
commitments of ACT, with the allegations that surveys of suppliers found most (Penn State and WRC 2020, Better Buying).
"""

from __future__ import annotations

from collections.abc import Mapping

KINDS: Mapping[str, Mapping[str, str]] = {
    "wages": {
        "wages.unpaid": "Not paid at all",
        "wages.late": "Paid too late",
        "wages.low": "Less than the law or the agreement says",
        "wages.overtime": "Overtime not paid",
        "wages.cut": "Money taken off",
        "wages.benefits": "Bonus or social security missing",
    },
    "separation": {
        "separation.dismissed": "Dismissed",
        "separation.forced": "Made to resign",
        "separation.severance": "Last pay or severance missing",
        "separation.closed": "The factory closed",
    },
    "hours": {
        "hours.forced": "Forced to work longer",
        "hours.rest": "No rest day or break",
        "hours.leave": "Leave refused",
    },
    "maternity": {
        "maternity.leave": "Leave or pay for birth refused",
        "maternity.work": "Too heavy work, no time to nurse",
        "maternity.lost": "Work lost because of it",
    },
    "foa": {
        "foa.hindered": "Union work hindered",
        "foa.blacklist": "On a black list",
        "foa.bargaining": "They do not negotiate",
        "foa.broken": "An agreement is broken",
    },
    "violence": {
        "violence.shouting": "Shouting, insults",
        "violence.hitting": "Hitting, pushing",
        "violence.sexual": "Touching, sexual demands",
        "violence.threats": "Threats",
    },
    "osh": {
        "osh.fire": "Fire, blocked exits",
        "osh.building": "Cracks in the building",
        "osh.machines": "Machines, electricity, boiler",
        "osh.chemicals": "Chemicals, dust, heat",
        "osh.transport": "The way to work",
    },
    "discrimination": {
        "discrimination.women": "As a woman",
        "discrimination.origin": "For origin or belief",
        "discrimination.health": "For illness or disability",
    },
    "child": {"child.young": "Too young to work", "child.dangerous": "Young, at dangerous work"},
    "forced": {
        "forced.papers": "Papers kept",
        "forced.debt": "Fees or debts for the job",
        "forced.locked": "Not free to leave",
    },
    "contract": {"contract.none": "No contract", "contract.short": "Short ones, again and again"},
    "welfare": {"welfare.food": "Food, water", "welfare.toilets": "Toilets", "welfare.dormitory": "Dormitory"},
    "environment": {"environment.water": "Dirty water or air", "environment.noise": "Noise, smell"},
    "retaliation": {
        "retaliation.dismissed": "Dismissed or threatened for it",
        "retaliation.moved": "Moved, watched, worse work",
    },
}
COMMITMENTS: Mapping[str, str] = {
    "c1_prices": "1. Prices include wages as itemised costs",
    "c2_payment": "2. Fair terms of payment",
    "c3_planning": "3. Better planning and forecasting",
    "c4_training": "4. Responsible buying, trained and followed",
    "c5_exit": "5. Responsible exit",
}
"""The five commitments of the brands (ACT, Global Purchasing Practices Commitments)."""
ALLEGATIONS: Mapping[str, Mapping[str, str]] = {
    "c1_prices": {
        "c1_prices.rise": "Price not adjusted after a wage rise",
        "c1_prices.cost": "Order below its cost",
        "c1_prices.volume": "Unit price kept after the volume was cut",
    },
    "c2_payment": {
        "c2_payment.late": "Paid late, or terms changed",
        "c2_payment.discount": "Discount or penalty after the contract",
        "c2_payment.changes": "Cost of late changes not paid",
    },
    "c3_planning": {
        "c3_planning.cancelled": "Order cancelled during production",
        "c3_planning.changed": "Late changes, too short a time",
        "c3_planning.forecast": "No forecast",
    },
    "c4_training": {"c4_training.conduct": "Buyers act against the brand’s own policy"},
    "c5_exit": {
        "c5_exit.notice": "Left without notice",
        "c5_exit.goods": "Finished goods or fabric not paid",
        "c5_exit.workers": "Dues of dismissed workers left open",
    },
}
LABELS: Mapping[str, str] = {
    **COMMITMENTS,
    **{code: label for tree in (KINDS, ALLEGATIONS) for kinds in tree.values() for code, label in kinds.items()},
}
"""Every code of this module, with its label."""
