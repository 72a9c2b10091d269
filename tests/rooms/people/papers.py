"""Documents people show when they sign a consent: invented numbers."""

from datetime import date

from services.people.operations.consents import Papers, SignerDetails

PASSPORT = Papers(
    address="г. Заречный, ул. Садовая, д. 1, кв. 2",
    document="паспорт гражданина РФ",
    number="79 08 123456",
    issued_on=date(2015, 3, 12),
    issued_by="ОВД г. Заречного",
)
BIRTH = Papers(
    address="г. Заречный, ул. Садовая, д. 1, кв. 2",
    document="свидетельство о рождении",
    number="I-АЖ 765432",
    issued_on=date(2013, 5, 20),
    issued_by="ЗАГС г. Заречного",
)
PARENT = SignerDetails(
    subject=BIRTH, representative=PASSPORT, authority="свидетельство о рождении I-АЖ 765432"
)
OWN = SignerDetails(subject=PASSPORT)
BOTH = SignerDetails(subject=PASSPORT, representative=PASSPORT, authority=PARENT.authority)
