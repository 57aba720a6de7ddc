"""What a move may ask: a closed vocabulary, each with its shape, its bounds, and where a free text is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grievance.core.categories import COMMITMENTS
from grievance.core.elsewhere import RSC_ANSWERS, STATE_STEPS
from grievance.core.owed import CORRECTIONS, EMPLOYER_REMEDIES, ORDER_SIGNS

LINE, TEXT = 200, 20_000
"""The longest one-line answer and the longest text, in characters."""

WORKER_CATEGORIES: Mapping[str, str] = {
    "wages": "Wages and benefits",
    "separation": "Dismissal or forced to resign",
    "hours": "Working hours and leave",
    "maternity": "Pregnancy and birth",
    "foa": "Union and speaking together",
    "violence": "Violence or harassment",
    "osh": "Fire, building, health",
    "discrimination": "Treated worse than others",
    "child": "A child at work",
    "forced": "Kept by force, papers taken",
    "contract": "Contract",
    "welfare": "Food, water, dormitory",
    "environment": "Environment and neighbours",
    "retaliation": "Punished for speaking up",
    "procedure": "About this procedure",
    "other": "Something else, or not sure",
}
EMPLOYER_CATEGORIES: Mapping[str, str] = {**COMMITMENTS, "order_threat": "Orders threatened for complaining"}
"""The five purchasing-practices commitments of the brands, and what complaining about them must never cost."""
PROCESS_CATEGORIES: Mapping[str, str] = {
    "delay": "It took too long",
    "bias": "Somebody took a side",
    "leak": "Something was told that should not be",
    "refusal": "It was refused",
    "treatment": "How I was treated",
    "rules": "The rules themselves",
}
CATEGORIES: Mapping[str, str] = {**WORKER_CATEGORIES, **EMPLOYER_CATEGORIES, **PROCESS_CATEGORIES}
"""What a complaint can be about; each procedure names which of them it hears."""
SEVERITIES: Mapping[str, str] = {
    "critical": "Critical",
    "serious": "Serious",
    "moderate": "Moderate",
    "minor": "Minor",
}
LANES: Mapping[str, str] = {
    "U1": "Danger now",
    "U2": "Punished for speaking up",
    "U3": "Standard",
    "U4": "Systemic or policy",
}
OUTCOMES: Mapping[str, str] = {"upheld": "Upheld", "partly": "Partly upheld", "not_upheld": "Not upheld"}
FINDINGS: Mapping[str, str] = {**OUTCOMES, "settled": "Settled by agreement"}
"""What can stand beside an issue in the end: a panel's outcome, or the parties' own agreement."""
ANSWERS: Mapping[str, str] = {"accept": "We accept this", "contest": "We contest this"}
SEEN: Mapping[str, str] = {"seen": "Seen: it is real", "not_seen": "Not seen", "false": "Seen: it is not true"}
GROUNDS: Mapping[str, str] = {
    "not_covered": "The site or brand is not covered",
    "not_labour": "It is not about work or purchasing",
    "no_facts": "Nothing can be checked, after asking",
    "duplicate": "The same complaint is open here",
    "already_decided": "It was decided here, and nothing is new",
    "no_mandate": "The representative has no mandate, after asking",
}
CONFLICTS: Mapping[str, str] = {
    "organisation": "Same organisation as a party",
    "buyer": "Belongs to a brand that buys there",
    "owner": "Owner of a party, or family",
    "union": "Own union of whoever complained",
    "role": "An earlier role in this case, or in a linked one",
    "about": "The complaint is about them or their own work",
}
"""Conflicts of interest (procedures, rule 9)."""
CHANNELS: Mapping[str, str] = {
    "page": "Message on the case page",
    "phone": "Telephone",
    "visit": "Meeting in person",
    "union": "Through the union or representative",
}
CONSENTS: Mapping[str, str] = {
    "restatement_to_respondent": "The factory may learn what happened, in the officer’s words",
    "referral": "You may pass it on to another body",
    "urgent": "You may act at once, without my name",
    "join": "You may join it with a case like it",
    "statutory": "You may give the file to the state",
    "mediation": "I want mediation",
    "evidence_share": "The parties may see what I sent",
    "name": "Everybody in the case may know my name",
}
WORKER_REMEDIES: Mapping[str, str] = {
    "reinstatement": "Give the work back",
    "back_pay": "Pay the lost wages",
    "wage_payment": "Pay the wages owed",
    "severance": "Pay severance",
    "compensation": "Compensation",
    "union_recognition": "Recognise the union",
    "union_access": "Access for the union",
    "training": "Training",
    "apology": "Apology",
    "warning": "Warning",
    "perpetrator_dismissal": "Dismiss the perpetrator",
    "perpetrator_monitoring": "Monitor the perpetrator",
    "hazard_repair": "Repair the hazard",
    "notice_to_all": "Tell all workers",
    "policy_change": "Change the policy",
    "interim_protection": "Protect until it is settled",
}
REMEDIES: Mapping[str, str] = {**WORKER_REMEDIES, **EMPLOYER_REMEDIES}
"""What can be owed; each procedure says for each of its own by when."""
ATTENDANCES: Mapping[str, str] = {"came": "Came", "excused": "Sent word and did not come", "absent": "Did not come"}
LENGTHS: Mapping[str, str] = {"1": "One hour", "2": "Two hours", "4": "Half a day", "8": "A whole day"}
"""How long a session lasts, in hours."""
GROUPS: Mapping[str, str] = {
    "complainant": "Whoever complained",
    "named": "People whose names the parties know",
    "unit": "Everybody of a line, section or building",
    "site": "Everybody at the site",
}
"""Whom a remedy is for, without a name."""
WITHDRAWALS: Mapping[str, str] = {
    "settled": "It was put right",
    "free": "My own free will",
    "pressed": "Somebody pressed me",
    "unsaid": "I do not want to say",
}
MEASURES: Mapping[str, str] = {
    "stay": "Nobody is dismissed, moved or punished",
    "apart": "The person named is kept away",
    "leave": "Paid leave until it is safe",
    "stop": "The danger is stopped: a way out opened, a machine off",
}
"""What protects people until a case is settled."""
URGENCIES: Mapping[str, str] = {lane: label for lane, label in LANES.items() if lane in ("U1", "U2")}
APPEAL_GROUNDS: Mapping[str, str] = {
    "fact": "There is a new fact",
    "step": "A step was unfair",
    "reasons": "The reasons are missing",
    "remedy": "The remedy does not fit",
}
BRAND_STEPS: Mapping[str, str] = {
    "demand": "Written demand to the factory",
    "letter": "Joint letter of the three sides",
    "orders": "No new orders until it is put right",
    "visit": "Visit to the site",
}
"""Steps on the ladder of leverage; leaving the factory is none of them: it would punish the workers."""
SAFE: Mapping[str, str] = {"yes": "Yes, they are safe", "no": "No", "unreached": "Not reached"}
NEW_GROUNDS: Mapping[str, str] = {
    "fact": "There is a new fact",
    "remedy": "The remedy failed",
    "retaliation": "Somebody was punished for this",
    "pressure": "I was pressed to withdraw",
}
CURRENCIES: Mapping[str, str] = {"USD": "US dollar", "KHR": "Riel"}


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked. `kept` says where a text goes: entry (structured, in the ledger), clear, or a compartment."""

    shape: str  # line, text, number, date, moment, choice, choices, yes, outcomes, answers, remedy, pick, picks or seat
    label: str
    hint: str = ""
    kept: str = "entry"
    choices: Mapping[str, str] = field(default_factory=dict)
    required: bool = True


ASKS: Mapping[str, Ask] = {
    "agreement": Ask("yes", "I have read the text and the remedies, and I agree"),
    "aside": Ask(
        "text",
        "What only the mediator may read",
        "The other side, the panel and the office do not. Nor does another mediator, if one takes over.",
        "mediation",
    ),
    "came_complainant": Ask("choice", "Did the complainant come?", choices=ATTENDANCES),
    "came_respondent": Ask("choice", "Did the factory come?", choices=ATTENDANCES),
    "appeal_ground": Ask("choice", "On what ground?", choices=APPEAL_GROUNDS),
    "body": Ask("line", "Which body?", "Name and address, as the complainant will read it.", "words"),
    "brand_step": Ask(
        "choice", "Which step?", "Never leave the factory: that would punish the workers.", choices=BRAND_STEPS
    ),
    "category": Ask("choice", "What is it mainly about?", choices=CATEGORIES),
    "challenged_seat": Ask("seat", "Which seat?"),
    "channel": Ask("choice", "How did you try?", choices=CHANNELS),
    "comment": Ask("text", "Your comment on the answer", "The factory and the panel read it.", "exchange"),
    "contact": Ask("pick", "Who answers for the brand?", "Somebody outside buying."),
    "conflict": Ask("choice", "Which conflict of interest?", choices=CONFLICTS),
    "conflict_reasons": Ask("text", "How do you know?", "Only the case office reads it.", "notes"),
    "consent": Ask("choice", "What is it about?", choices=CONSENTS),
    "correction": Ask("choices", "What is put right, and how?", choices=CORRECTIONS),
    "country_fell": Ask(
        "number", "By how many per cent did the brand's orders to the country fall?", "0 if they did not."
    ),
    "could_have_written": Ask(
        "number", "How many people could have written this?", "Fewer than ten, and the factory may guess who it was."
    ),
    "greeting": Ask(
        "text", "A first word to the complainant", "What you have read and what happens next.", "words", required=False
    ),
    "ground": Ask("choice", "On what ground?", choices=GROUNDS),
    "handover": Ask("line", "How did the body confirm?", "Number or name of the letter.", "words"),
    "issue_answers": Ask("answers", "Your answer to each issue", choices=ANSWERS),
    "issues": Ask("choices", "The issues", "Each gets its own answer, outcome and reasons.", choices=CATEGORIES),
    "lane": Ask("choice", "Which lane?", choices=LANES),
    "leaving": Ask("number", "How many people leave?", "They are counted, never named."),
    "leaving_why": Ask("text", "How do you know?", "Only the complainant and the case office read it.", "words"),
    "left_part": Ask(
        "line",
        "Which part of you, if it has a name?",
        "Such as a line or a building. Only the case office reads it. No names of people.",
        "words",
        required=False,
    ),
    "remaining": Ask("number", "How many stay in it?", "If nobody stays, withdraw the complaint instead."),
    "largest_share": Ask("number", "How many per cent of the volume has the largest member?"),
    "late_reason": Ask(
        "text", "Why does it come late?", "The date has passed. Those who are told about this read it.", "exchange"
    ),
    "later_on": Ask("date", "Until when?", "A remedy has six months at most."),
    "measure": Ask("choice", "What protects them?", choices=MEASURES),
    "members": Ask("number", "How many members are in it now, in all?", "They are counted, never named."),
    "mediator": Ask("pick", "Which mediator would you accept?"),
    "months": Ask("number", "How many months did you compare?", "With the same months of the year before, 12 at most."),
    "named_brand": Ask("pick", "Which brand?"),
    "new_ground": Ask("choice", "What is new?", choices=NEW_GROUNDS),
    "no_waiver": Ask("yes", "The text gives up no court and is not below the law"),
    "office_reasons": Ask("text", "Reasons", "Only the case office reads it.", "notes"),
    "open_remedy": Ask("pick", "Which remedy?"),
    "other_case": Ask("line", "Which case?", "Its reference, such as R8VD-05JW.", "words"),
    "order_sign": Ask("choice", "What else changed?", choices=ORDER_SIGNS),
    "orders_fell": Ask("number", "By how many per cent did the orders fall?", "Against the same months a year before."),
    "other_ways": Ask("text", "Where else can they go?", "Every refusal names another way.", "words"),
    "outcomes": Ask("outcomes", "Your view of each issue", choices=OUTCOMES),
    "own_words": Ask("text", "In your own words", "Only the case officer reads this.", "words"),
    "place": Ask("line", "Place or link", kept="exchange"),
    "other_respondents": Ask(
        "picks",
        "Who else is complained about?",
        "Such as a subcontractor, a labour agency or another factory of the same owner. Each answers for itself.",
        required=False,
    ),
    "plan": Ask("text", "What do you do?", "Who does what, for whom, and how much it is.", "exchange"),
    "plan_day": Ask("date", "By which day is it done?", "Not after the date of the order."),
    "plan_proof": Ask("line", "How can it be seen?", "Such as a bank list, a photo, a notice on the wall.", "exchange"),
    "position_reasons": Ask("text", "Your reasons", "The panel reads them when the views open.", "deliberation"),
    "proof": Ask("text", "What was done, and how can it be seen?", kept="exchange"),
    "protect_whom": Ask(
        "line", "For whom?", "No names: a line, a building, a shift. The factory reads it.", "exchange"
    ),
    "questions": Ask("text", "Your questions", "Only the complainant reads them.", "words"),
    "reached": Ask("choice", "Did you reach them?", choices={"yes": "Yes", "no": "No"}),
    "reasons": Ask("text", "Reasons", "Those who are told about this move read them.", "exchange"),
    "remedy": Ask("remedy", "The remedy", choices=REMEDIES),
    "respondent": Ask("pick", "Which site?", "Match what the complainant wrote to a site that we know."),
    "restatement": Ask("text", "The restatement", "In your words, without anything that shows who told you.", "clear"),
    "rsc_answer": Ask("choice", "What did the RSC answer?", choices=RSC_ANSWERS),
    "safe": Ask("choice", "Are they safe?", choices=SAFE),
    "seen": Ask("choice", "What did you see?", choices=SEEN),
    "session_length": Ask("choice", "How long?", choices=LENGTHS),
    "session_on": Ask("moment", "When?"),
    "settlement_text": Ask("text", "The text", "Both parties read it; both must agree.", "exchange"),
    "severity": Ask("choice", "How serious is it?", choices=SEVERITIES),
    "signature": Ask(
        "line",
        "Type your name under it",
        "It stands for your signature. Whoever wants to stay unknown types: I agree. Only the case office reads it.",
        "words",
    ),
    "started_on": Ask("date", "From which day?"),
    "state_step": Ask("choice", "What happened?", choices=STATE_STEPS),
    "state_step_on": Ask("date", "On which day?", "The law counts from this day."),
    "statement": Ask("text", "Your statement", "The complainant, the panel and the office read it.", "exchange"),
    "tied_body": Ask(
        "pick", "Which organisation?", "Its members may not sit in this case. Only the case office sees the name."
    ),
    "title": Ask("line", "A title in a few words", "Parties read it. No names.", "clear"),
    "which_seat": Ask("seat", "Which seat?"),
    "urgency": Ask("choice", "What is urgent?", choices=URGENCIES),
    "which_remedy": Ask("pick", "Which remedy?"),
    "which_session": Ask("pick", "Which session?"),
    "why_withdrawn": Ask("choice", "Why?", "Only the office reads it.", choices=WITHDRAWALS),
}
