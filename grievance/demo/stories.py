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
    brand: str = ""  # whom it is about, in a complaint about purchasing


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
SENIORITY = Matter(
    "KH-0077", "wages", ("wages", "contract"), "serious", "km",
    "កម្មករ ១៦០០ នាក់នៅអគារទាំងបួនមិនបានទទួលប្រាក់បំណាច់អតីតភាពការងារឆមាសទីមួយទេ។ "
    "យើងបានប្រជុំគ្នាពីរដង ហើយសម្រេចប្តឹងជាមួយគ្នា។",
    "សូមបើកប្រាក់បំណាច់អតីតភាពការងារឱ្យគ្រប់គ្នា។",
    "Seniority pay of the first half-year unpaid, 1,600 people",
    "The seniority indemnity of the first half of the year was not paid to the workers of all four buildings, some 1,600 "
    "people. A union speaks for them; the factory says that an order was cancelled and that the money is not there.",
    1600, "wage_payment", "118400.00",
    "We do not contest that it is owed. A large order was cancelled; we ask to pay in parts.",
)  # fmt: skip
UNPAID = Matter(
    "KH-0231", "wages", ("wages",), "serious", "km",
    "ប្រាក់ខែកញ្ញាមកដល់នៅថ្ងៃទី ២១ ខែតុលា ហើយខ្វះ ៤០ ដុល្លារ។",
    "សូមបើកប្រាក់ខែទាន់ពេល និងសងអ្វីដែលខ្វះ។",
    "September’s wages three weeks late",
    "The wages of September were paid on 21 October, and for a part of the finishing section 40 US dollars were missing.",
    90, "wage_payment", "3600.00",
)  # fmt: skip
LEAVE = Matter(
    "KH-0231", "hours", ("hours",), "moderate", "km",
    "យើងសុំច្បាប់ឈប់សម្រាកប្រចាំឆ្នាំ គេមិនឱ្យទេ។ អ្នកណាឈឺ គេកាត់ចេញពីច្បាប់ប្រចាំឆ្នាំ។",
    "ចង់ឈប់សម្រាកតាមច្បាប់។",
    "Annual leave refused, sick days taken from it",
    "Annual leave is refused during the season, and days of illness are taken from it.",
    120, "policy_change",
)  # fmt: skip
TRUCKS = Matter(
    "KH-0119", "osh", ("osh",), "serious", "km",
    "ឡានដឹកកម្មករដឹកមនុស្ស ៦០ នាក់ ឈរទាំងអស់។ ខែមុនមានអ្នកធ្លាក់ម្នាក់។",
    "សូមឱ្យមានឡានសមរម្យ មានកៅអី។",
    "Sixty people standing on one truck",
    "The trucks that bring workers to the site carry about sixty people each, all standing. One person fell off last month.",
    240, "hazard_repair",
)  # fmt: skip
HEAT = Matter(
    "KH-0412", "osh", ("osh",), "serious", "en",
    "In the ironing hall it is over 38 degrees in the afternoon. Two of us fainted this week, and the fans are broken.",
    "Working fans, and a break when it is that hot.",
    "Fainting from heat in the ironing hall",
    "In the ironing hall it is over 38 degrees in the afternoon, and the fans are broken. Two people fainted within a week.",
    70, "hazard_repair",
)  # fmt: skip
TOILETS = Matter(
    "KH-0412", "welfare", ("welfare",), "minor", "km",
    "មានកាតបង្គន់តែពីរសម្រាប់មនុស្សប៉ែតសិបនាក់។ យើងត្រូវរង់ចាំយូរ។",
    "សូមឱ្យយើងទៅបង្គន់ដោយសេរី។",
    "Two toilet passes for eighty people",
    "A line of eighty people shares two passes for the toilets.",
    80, "policy_change",
)  # fmt: skip
PREGNANT = Matter(
    "KH-0119", "maternity", ("maternity", "contract"), "serious", "en",
    "My contract was not renewed in the month when I told them that I am pregnant. The same happened to two others.",
    "My work back, and for the others too.",
    "Contracts not renewed after a pregnancy was told",
    "Fixed-term contracts of at least three women were not renewed in the month in which they told of a pregnancy.",
    3, "reinstatement",
)  # fmt: skip
DISABILITY = Matter(
    "KH-0231", "discrimination", ("discrimination",), "moderate", "en",
    "I hear badly. Since they know, I am left out of the training for the new machines, and with it of the higher grade.",
    "The same training as everybody.",
    "Left out of training for bad hearing",
    "Somebody who hears badly was left out of the training for new machines, and so of the higher grade.",
    1, "training",
)  # fmt: skip
TOUCHING = Matter(
    "KH-0077", "violence", ("violence",), "critical", "km",
    "ជាងម៉ាស៊ីនប៉ះពាល់ខ្លួនស្ត្រីពេលជួសជុលម៉ាស៊ីន។ យើងអៀនមិនហ៊ាននិយាយ។",
    "កុំឱ្យគាត់មកជិតយើងទៀត។",
    "Women touched when machines are repaired",
    "Women on several lines say that they are touched when their machines are repaired.",
    35, "perpetrator_monitoring",
)  # fmt: skip
BLACKLIST = Matter(
    "KH-0119", "foa", ("foa",), "serious", "km",
    "ពេលខ្ញុំសុំធ្វើការ គេនិយាយថាឈ្មោះខ្ញុំមានក្នុងបញ្ជី ព្រោះខ្ញុំធ្លាប់ដឹកនាំកូដកម្ម។",
    "សូមលុបបញ្ជីនោះ។",
    "A list of people who led a strike",
    "At hiring, people who once led a strike are told that their name is on a list.",
    9, "policy_change",
)  # fmt: skip
PAID_LATE = Matter(
    "KH-0119", "c2_payment", ("c2_payment",), "serious", "en",
    "Three invoices of the spring season were due after 60 days. They were paid after 131, 118 and 124. Meanwhile we "
    "borrowed for the wages, at nine per cent.",
    "The interest, and payment on the day that is agreed.",
    "Invoices paid two months after they were due",
    "Invoices with a term of 60 days were paid after some 120 days. The wages of that time were paid with borrowed money.",
    6, "payment_with_interest", "41800.00",
    "The invoices waited for a quality report. We see that two of them need not have waited.",
    brand="brand-sand",
)  # fmt: skip
PRICES = Matter(
    "KH-0119", "c1_prices", ("c1_prices",), "serious", "en",
    "The minimum wage rose by four dollars in January. The price per pair stayed what it was, and the buyer told us to find "
    "it in our efficiency.",
    "A price in which the wage is an item of its own.",
    "Prices unchanged after the minimum wage rose",
    "Prices per pair were not adjusted when the minimum wage rose; the supplier was asked to absorb the difference.",
    4, "price_correction", brand="brand-sand",
)  # fmt: skip
FEWER_ORDERS = Matter(
    "KH-0119", "c2_payment", ("c2_payment",), "serious", "en",
    "The discount for the late ship was taken from our invoice a month after the contract. We had not agreed to it.",
    "The discount back, and no discount after a contract.",
    "A discount taken after the contract",
    "A discount was taken from an invoice after the contract had been signed, without the agreement of the supplier.",
    5, "payment_with_interest", "12600.00",
    "The discount was not agreed. We pay it back.",
    brand="brand-sand",
)  # fmt: skip
CANCELLED = Matter(
    "KH-0119", "c3_planning", ("c3_planning",), "serious", "en",
    "Three of our members had orders cancelled when the fabric was cut already. Nobody offered to pay for it.",
    "Payment for what was cut, and a rule for the next time.",
    "Orders cancelled after the fabric was cut",
    "Several suppliers had orders cancelled after cutting had begun, without any offer to pay for the material.",
    3, "order_compensated", brand="brand-sand",
)  # fmt: skip
