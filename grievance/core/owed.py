"""What a brand can owe a manufacturer and what we ourselves can owe whoever complained about us, in plain words."""

from __future__ import annotations

from collections.abc import Mapping

EMPLOYER_REMEDIES: Mapping[str, str] = {
    "price_correction": "Correct the price",
    "payment_with_interest": "Pay with interest",
    "order_reinstated": "Give the order back",
    "order_compensated": "Pay for the order",
    "exit_plan": "A plan for leaving",
    "policy_change": "Change the policy",
    "training": "Training",
    "apology": "Apology",
}
CORRECTIONS: Mapping[str, str] = {
    "step_repeated": "The step is done again, by others",
    "limit_restored": "The time is given back",
    "case_reopened": "The case is opened again",
    "person_replaced": "Somebody else takes over",
    "withheld_shown": "What was held back is shown",
    "apologised": "We apologise",
    "procedure_changed": "The procedure is changed",
}
ORDER_SIGNS: Mapping[str, str] = {
    "none": "Nothing else",
    "cancelled": "Development was cancelled",
    "forecast": "The forecast is missing",
    "penalties": "There are new penalties",
}
"""What tells of adverse changes beside the number of orders."""
