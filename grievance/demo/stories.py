"""The demo's cases: what was complained of, in Khmer or English, and how far each has come. All of it is invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matter:
    """What a case is about: the complainant's own words, and the officer's restatement of them."""

    site: str
    category: str
    issues: tuple[str, ...]
    severity: str
    language: str
    words: str
    want: str
    title: str
    restatement: str
    people: int
    remedy: str
    amount: str = ""
    statement: str = "We have looked into it. The facts are partly as described; we explain our view below."
    comment: str = "What the factory says about September is not what our pay slips show."


OVERTIME = Matter(
    "KH-0412", "wages", ("wages", "hours"), "serious", "km",
    "តាំងពីដើមខែសីហាមក គេបើកប្រាក់ថែមម៉ោងឱ្យយើងតែក្នុងអត្រាធម្មតា។ មុននោះគេបើកមួយដងកន្លះ។ "
    "យើងនៅផ្នែកដេរមានប្រហែល ៦៤ នាក់។ ប្រធានក្រុមប្រាប់ថានឹងកែក្នុងខែតុលា ប៉ុន្តែមិនទាន់ឃើញទេ។",
    "សូមបើកប្រាក់ថែមម៉ោងដែលខ្វះ។",
    "Overtime at the ordinary rate, 64 people",
    "Since the beginning of August, overtime on the sewing floor has been paid at the ordinary hourly rate. Before, it was "
    "paid at one and a half. About 64 people are concerned. Line leaders were told that the new rate starts in October; "
    "the October pay slips show no change.",
    64, "back_pay", "5120.00",
    "The payroll system was changed in August. September was corrected for most lines. We contest the number of people.",
)  # fmt: skip
SEVERANCE = Matter(
    "KH-0077", "separation", ("separation",), "serious", "km",
    "ខ្សែទី ៤ បានបិទនៅខែកញ្ញា។ គេឱ្យយើងឈប់ពីការងារដោយគ្មានប្រាក់បំណាច់។ ពួកយើងខ្លះធ្វើការបាន ៩ ឆ្នាំហើយ។",
    "សូមបើកប្រាក់បំណាច់តាមច្បាប់។",
    "Severance unpaid after line 4 closed",
    "A production line was closed in September. The people who worked there were sent home without severance. Some had "
    "worked at the site for nine years.",
    41, "severance", "36900.00",
)  # fmt: skip
UNION = Matter(
    "KH-0119", "foa", ("foa", "retaliation"), "critical", "en",
    "Three members of our union were moved to the night shift the week after we asked for a meeting about bargaining. "
    "The supervisor said that they should think about what they want.",
    "Move them back, and let the union meet.",
    "Union members moved to the night shift",
    "A week after a union asked for bargaining, three of its members were moved to the night shift. A supervisor linked "
    "the two in front of others.",
    3, "union_access",
)  # fmt: skip
BOILER = Matter(
    "KH-0231", "osh", ("osh",), "critical", "km",
    "ច្រកចេញពីបន្ទប់ចំហាយទឹកត្រូវបានចាក់សោនៅពេលយប់។ មនុស្ស ១២ នាក់ធ្វើការនៅទីនោះ។ យើងខ្លាច។",
    "សូមបើកទ្វារ។",
    "Boiler room exit locked at night",
    "The exit of the boiler room is locked during the night shift, while twelve people work there.",
    12, "hazard_repair",
)  # fmt: skip
INSULTS = Matter(
    "KH-0231", "violence", ("violence",), "serious", "km",
    "ប្រធានខ្សែស្រែក និងជេរយើងជារៀងរាល់ថ្ងៃ។ កាលពីសប្តាហ៍មុន គាត់គប់ក្រណាត់ដាក់មុខមិត្តរបស់ខ្ញុំ។",
    "ចង់ឱ្យគាត់ឈប់ធ្វើបែបនេះ។",
    "Shouting and insults on a sewing line",
    "A line supervisor shouts at and insults workers every day. Last week cloth was thrown into a worker’s face.",
    25, "warning",
)  # fmt: skip
MATERNITY = Matter(
    "KH-0412", "maternity", ("maternity", "wages"), "moderate", "km",
    "ខ្ញុំសម្រាកលំហែមាតុភាព ហើយគេឈប់បើកប្រាក់រង្វាន់ឱ្យខ្ញុំ។ គេថាមានតែអ្នកមកធ្វើការទើបបាន។",
    "សូមបើកប្រាក់រង្វាន់ឱ្យខ្ញុំវិញ។",
    "Bonus stopped during maternity leave",
    "The attendance and seniority bonuses are not paid to workers on maternity leave.",
    15, "wage_payment", "270.00",
)  # fmt: skip
CONTRACT = Matter(
    "KH-0077", "contract", ("contract",), "moderate", "km",
    "កិច្ចសន្យារបស់យើងត្រូវបានបន្តរៀងរាល់បីខែម្តង អស់រយៈពេលបួនឆ្នាំមកហើយ។ យើងមិនដែលបានកិច្ចសន្យាអចិន្ត្រៃយ៍ទេ។",
    "ចង់បានកិច្ចសន្យាមិនកំណត់រយៈពេល។",
    "កិច្ចសន្យាបន្តរៀងរាល់បីខែ",
    "កម្មករមួយចំនួនធំត្រូវបានជួលដោយកិច្ចសន្យារយៈពេលបីខែ ដែលបន្តម្តងហើយម្តងទៀត អស់រយៈពេលបួនឆ្នាំ។",
    200, "policy_change",
)  # fmt: skip
DEDUCTION = Matter(
    "KH-0412", "wages", ("wages",), "minor", "km",
    "បើម្ជុលបាក់ គេកាត់ប្រាក់យើងម្តង ២ ដុល្លារ។",
    "សូមឈប់កាត់ប្រាក់។",
    "Deduction for broken needles",
    "Two dollars are deducted from the wage for each broken needle.",
    300, "wage_payment", "900.00",
)  # fmt: skip
WATER = Matter(
    "KH-0119", "welfare", ("welfare",), "moderate", "en",
    "There is drinking water only at the gate. From our building it takes ten minutes to go there and back, and the line "
    "leader writes down how often we go.",
    "Water in each building.",
    "Drinking water only at the gate",
    "Drinking water is available only at the gate, ten minutes from the buildings; walks are written down.",
    500, "policy_change",
)  # fmt: skip
RECRUITER = Matter(
    "KH-0231", "forced", ("forced",), "serious", "km",
    "អ្នកជ្រើសរើសយកប្រាក់ពីខ្ញុំ ១៨០ ដុល្លារ មុនពេលឱ្យខ្ញុំចូលធ្វើការ។",
    "សូមសងប្រាក់ខ្ញុំវិញ។",
    "Recruiter took 180 US dollars",
    "A recruiter takes 180 US dollars from new workers before they are hired.",
    30, "compensation", "5400.00",
)  # fmt: skip
EQUAL_PAY = Matter(
    "KH-0077", "discrimination", ("discrimination", "wages"), "serious", "en",
    "Women on the cutting tables get less than the men beside them for the same work. We compared our slips.",
    "The same pay, and what is missing since January.",
    "Women paid less on the cutting tables",
    "On the cutting tables women are paid less than men for the same work. Pay slips were compared.",
    18, "back_pay", "3240.00",
)  # fmt: skip
NEIGHBOURS = Matter(
    "KH-0119", "environment", ("environment",), "moderate", "km",
    "ទឹកពណ៌ខៀវហូរពីរោងចក្រចូលប្រឡាយក្បែរផ្ទះយើង។",
    "សូមឱ្យមានអ្នកមកពិនិត្យទឹក។",
    "Blue water in the canal",
    "Coloured water flows from the site into the canal beside the houses.",
    80, "policy_change",
)  # fmt: skip
