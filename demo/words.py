"""What invented companies are called, sell, buy and complain about."""

INDUSTRIES = {
    "Diagnostics": "Diagnostics Dx Labs Analytik",
    "Food": "Foods Dairy Bakery Provisions",
    "Pharma": "Pharma Biotech Genomics Therapeutics",
    "Machinery": "Machines Tooling Robotics Automation",
    "Energy": "Solar Wind Grid Power",
    "Software": "Systems Software Data Cloud",
    "Retail": "Stores Market Trading Outfitters",
    "Logistics": "Logistics Freight Cargo Lines",
    "Education": "Institute Academy College Campus",
    "Health": "Clinic Hospital Care Medical",
}
FIRST_WORDS = (
    (
        "Lumen Norrland Helix Arden Baltic Kestrel Ostsee Santa-Aurea Perrault Helvetia Nordlys Meridian-Bay Alder"
        " Cobalt Juniper Larkspur Marlow Northgate Osprey Pinecrest Quarry Redwood Sable Tamarind Umber Verity"
        " Willow Xenia Yarrow Zephyr Amber Birch Cedar Dune Ember Fjord Granite Harbour Indigo Jade Kite Linden"
        " Moss Nimbus Onyx Pebble Quill Ridge Slate Tundra Umbra Vale Wren Aster Boreal Cirrus Delta Echo Flint"
    )
    .replace("-", " ")
    .split(" ")
)
LEGAL_FORMS = {
    "DE": "GmbH",
    "GB": "Ltd",
    "FR": "SA",
    "ES": "SL",
    "PL": "Sp. z o.o.",
    "SE": "AB",
    "TR": "A.Ş.",
    "JP": "K.K.",
}
PRODUCTS = (
    ("PR-100", "Plate reader", "Instruments", "18400.00"),
    ("CF-220", "Centrifuge", "Instruments", "7250.00"),
    ("IN-040", "Incubator", "Instruments", "5300.00"),
    ("FZ-080", "Lab freezer", "Instruments", "4150.00"),
    ("QC-900", "QC workstation", "Instruments", "23900.00"),
    ("CS-010", "Cold-chain sensor", "Sensors", "189.00"),
    ("CS-020", "Humidity sensor", "Sensors", "129.00"),
    ("RG-500", "Reagent kit", "Consumables", "312.50"),
    ("RG-510", "Buffer solution, 12 l", "Consumables", "84.90"),
    ("PT-001", "Pipette tips, 960", "Consumables", "46.20"),
    ("SV-001", "Service contract, one year", "Services", "2400.00"),
    ("SV-002", "Training day", "Services", "1250.00"),
)
DEAL_PHRASES = (
    "%(product)s, %(count)d sites",
    "%(product)s × %(count)d",
    "%(product)s replacement",
    "%(product)s pilot",
    "Framework agreement %(year)d",
    "Service contract renewal",
    "%(product)s annual supply",
    "Lab expansion phase %(count)d",
    "Sample tracking rollout",
    "Automation retrofit",
)
SOURCES = ("Trade fair", "Website", "Referral", "Newsletter", "Cold call", "Partner", "Webinar")
TAGS = ("key account", "DACH", "Nordics", "newsletter", "reference", "do not discount", "public sector")
TITLES = (
    "Head of Procurement",
    "Lab Manager",
    "Buyer",
    "Managing Director",
    "Quality Manager",
    "Facility Manager",
    "Research Lead",
    "Operations Manager",
    "Accountant",
    "IT Manager",
)
CALL_NOTES = (
    "Wants delivery split in two.",
    "Asked for two references.",
    "Budget approved by the board.",
    "Will decide after the summer.",
    "Price is fine, delivery time is not.",
    "Sends the floor plan tomorrow.",
    "Happy with the service.",
    "Compares us with a competitor.",
    "Needs a quote for the second site.",
)
NOTES = (
    "Prefers calls before noon.",
    "New building opens next spring.",
    "The team grows by four people.",
    "Reports to the head of the laboratory.",
    "Met at the fair, interested in sensors.",
)
MEETINGS = ("Product demo", "Kick-off", "Quarterly review", "Site visit", "Contract talk")
TASKS = (
    "Send references",
    "Update the delivery plan",
    "Call about the quote",
    "Prepare the demo",
    "Check the contract",
)
MAILS = (
    "Re: your quote",
    "Delivery dates",
    "Question about reagents",
    "Meeting next week",
    "Your order is on its way",
)
TICKETS = (
    ("Reader #%(n)d calibration drift", "The reader shows values that are 3 % too high since Monday."),
    ("Delivery incomplete", "Two of the boxes on the delivery note are missing."),
    ("How do I reset the freezer alarm?", "The alarm goes off every night although the temperature is fine."),
    ("Invoice to the wrong address", "Please send the invoice to our head office."),
    ("Sensor %(n)d offline", "The sensor has not reported since last night."),
    ("Spare part needed", "The door seal is worn out. Can you send a new one?"),
)
