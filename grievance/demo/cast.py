"""Who takes part in the demo; every organisation, person and address is invented."""

from __future__ import annotations

from grievance.casework.house.founding import Body, Member, Programme, Site

PASSWORD = "one panel three sides"  # noqa: S105  printed on the screen of every visitor

TRACKS = {"worker": "kh/worker-1", "employer": "kh/employer-1", "process": "default/process-1"}
PROGRAMME = Programme("kh", "Cambodia", "KH", "kh-factory", ("en", "km"), TRACKS, "office-kh")

BODIES = (
    Body("office-kh", "office", "", "Joint case office, Phnom Penh"),
    Body("factory-lotus", "factory", "employers", "Lotus Stitch Co., Ltd."),
    Body("factory-mekong", "factory", "employers", "Mekong Knit Co., Ltd."),
    Body("factory-angkor", "factory", "employers", "Angkor Denim Co., Ltd."),
    Body("factory-tonle", "factory", "employers", "Tonle Shoes Co., Ltd."),
    Body("brand-north", "brand", "brands", "Northcoat"),
    Body("brand-blue", "brand", "brands", "Bluefield"),
    Body("brand-sand", "brand", "brands", "Sand & Sons"),
    Body("union-one", "union", "workers", "United Sewing Workers’ Federation"),
    Body("union-two", "union", "workers", "Garment Workers’ Union of the South"),
    Body("employers-one", "association", "employers", "Garment Employers’ Circle"),
)

SITES = (
    Site("KH-0412", "Lotus Stitch, main plant", "Kandal", "factory-lotus", ("brand-north", "brand-blue")),
    Site("KH-0077", "Mekong Knit", "Takeo", "factory-mekong", ("brand-blue",)),
    Site("KH-0231", "Angkor Denim", "Phnom Penh", "factory-angkor", ("brand-north",)),
    Site("KH-0119", "Tonle Shoes", "Svay Rieng", "factory-tonle", ("brand-sand", "brand-blue")),
)

OFFICE = "office-kh"
PEOPLE = (
    Member("sophea", "officer@demo.test", "Sophea Officer", "en", ((OFFICE, ""),)),
    Member("rith", "officer2@demo.test", "Rith Lim", "km", ((OFFICE, ""),)),
    Member("chan", "coordinator@demo.test", "Chan Coordinator", "en", ((OFFICE, "coordinator"),)),
    Member("sarin", "admin@demo.test", "Sarin Administrator", "en", administrator=True),
    Member("lotus-hr", "factory@demo.test", "Vuthy, Lotus Stitch", "en", (("factory-lotus", ""),)),
    Member("mekong-hr", "factory2@demo.test", "Sokha, Mekong Knit", "km", (("factory-mekong", ""),)),
    Member("angkor-hr", "factory3@demo.test", "Nary, Angkor Denim", "km", (("factory-angkor", ""),)),
    Member("tonle-hr", "factory4@demo.test", "Dara, Tonle Shoes", "en", (("factory-tonle", ""),)),
    Member("north-buyer", "brand@demo.test", "Ines, Northcoat", "en", (("brand-north", ""),)),
    Member("blue-buyer", "brand2@demo.test", "Amara, Bluefield", "en", (("brand-blue", ""),)),
    Member("sand-buyer", "brand3@demo.test", "Tom, Sand & Sons", "en", (("brand-sand", ""),), (("buying", ""),)),
    Member("sand-trust", "contact@demo.test", "Yuki, Sand & Sons", "en", (("brand-sand", ""),), (("contact", ""),)),
    Member(
        "w1", "workers1@demo.test", "Rachana", "km", (("union-one", ""),), (("panel", "workers"), ("chair", "workers"))
    ),
    Member("w2", "workers2@demo.test", "Bora", "km", (("union-two", ""),), (("panel", "workers"),)),
    Member("w3", "workers3@demo.test", "Malis", "km", (("union-two", ""),), (("panel", "workers"),)),
    Member(
        "e1",
        "employers1@demo.test",
        "Vanna",
        "en",
        (("employers-one", ""),),
        (("panel", "employers"), ("chair", "employers")),
    ),
    Member("e2", "employers2@demo.test", "Mr Chen", "en", (("employers-one", ""),), (("panel", "employers"),)),
    Member("e3", "employers3@demo.test", "Pisey", "km", (("factory-tonle", ""),), (("panel", "employers"),)),
    Member(
        "b1", "brands1@demo.test", "Daniel", "en", (("brand-sand", ""),), (("panel", "brands"), ("chair", "brands"))
    ),
    Member("b2", "brands2@demo.test", "Helga", "en", (), (("panel", "brands"),)),
    Member("b3", "brands3@demo.test", "Kofi", "en", (), (("panel", "brands"),)),
    Member("n1", "neutral1@demo.test", "Judge Sok", "km", (), (("neutral", ""),)),
    Member("n2", "neutral2@demo.test", "Prof. Adeyemi", "en", (), (("neutral", ""),)),
    Member("n3", "neutral3@demo.test", "Ms Laurent", "en", (), (("neutral", ""),)),
    Member("m1", "mediator1@demo.test", "Mediator Chea", "km", (), (("mediator", ""),)),
    Member("o1", "outside1@demo.test", "Advocate Ferreira", "en", (), (("outside", ""),)),
    Member("o2", "outside2@demo.test", "Dr Boun", "km", (), (("outside", ""),)),
    Member("o3", "outside3@demo.test", "Ms Halloran", "en", (), (("outside", ""), ("custodian", ""))),
    Member("op", "operator@demo.test", "Sreymom, who runs the programme", "km", (), (("operator", ""),)),
    Member("m2", "mediator2@demo.test", "Mediator Okoye", "en", (), (("mediator", ""),)),
)
