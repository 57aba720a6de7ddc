"""What happens before other bodies, as far as a case here has to know it."""

from __future__ import annotations

from collections.abc import Mapping

RSC_ANSWERS: Mapping[str, str] = {
    "non_osh": "It is not about safety",
    "not_covered": "The factory is not covered",
    "not_processed": "They did not process it",
}
"""Why the RMG Sustainability Council returns a complaint, in the words of its public register."""
STATE_STEPS: Mapping[str, str] = {
    "inspector": "Complaint to the labour inspector (one person)",
    "not_conciliated": "The inspector could not conciliate",
    "collective": "Notice of a collective dispute to the ministry",
    "conciliator": "A conciliator was appointed",
    "council": "The file reached the Arbitration Council",
    "award": "The award was notified",
    "cause_known": "They learned of the cause",
    "grievance_given": "The written grievance was given to the employer",
    "employer_decided": "The employer decided, or the time for it ran out",
    "dispute_raised": "The dispute was raised in writing",
    "meeting_held": "The parties met",
    "negotiation_failed": "The negotiation failed",
    "conciliator_asked": "The conciliator was asked",
}
"""What starts a clock of the state."""
