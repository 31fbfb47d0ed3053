"""German names of columns and tables in English, so that what they are about is known: ``geburtsdatum``, ``kunden``.

Names are taken apart where they are compounds (``rechnungsnummer``: of the invoice, the number). A name of which a part
is not known stays as it is in that part.
"""

import re
from functools import lru_cache

from harness.seeding import locales

WORDS = {
    "vorname": "first_name", "nachname": "last_name", "familienname": "last_name", "zuname": "last_name",
    "benutzername": "username", "anzeigename": "display_name", "ansprechpartner": "contact_name",
    "kontaktperson": "contact_name", "passwort": "password", "kennwort": "password", "geburtsdatum": "birth_date",
    "geburtstag": "birth_date", "geburtsort": "birth_city", "geschlecht": "gender", "anrede": "salutation",
    "strasse": "street", "strassenname": "street", "hausnummer": "house_number", "hausnr": "house_number",
    "plz": "postal_code", "postleitzahl": "postal_code", "ort": "city", "wohnort": "city", "stadt": "city",
    "bundesland": "state", "adresse": "address", "anschrift": "address", "telefon": "phone", "telefax": "fax",
    "handy": "mobile", "mobil": "mobile", "rufnummer": "phone", "firma": "company", "firmenname": "company",
    "unternehmen": "company", "hersteller": "manufacturer", "marke": "brand", "modell": "model", "kuerzel": "code",
    "bezeichnung": "label", "beschreibung": "description", "bemerkung": "note", "anmerkung": "note",
    "kommentar": "comment", "notiz": "note", "notizen": "notes", "hinweis": "note", "grund": "reason", "titel": "title",
    "betreff": "subject", "inhalt": "body", "nachricht": "message", "kategorie": "category", "schlagwort": "tag",
    "typ": "type", "farbe": "colour", "groesse": "size", "sprache": "language", "waehrung": "currency",
    "einheit": "unit", "preis": "price", "einzelpreis": "unit_price", "stueckpreis": "unit_price",
    "verkaufspreis": "price", "einkaufspreis": "cost_price", "gesamtpreis": "line_total", "gesamtbetrag": "total",
    "gesamtsumme": "total", "summe": "total", "zwischensumme": "subtotal", "nettobetrag": "subtotal",
    "netto": "subtotal", "bruttobetrag": "total", "brutto": "total", "betrag": "amount", "rabatt": "discount",
    "steuer": "tax", "mwst": "tax", "ust": "tax", "mehrwertsteuer": "tax", "umsatzsteuer": "tax", "satz": "rate",
    "steuersatz": "tax_rate", "versandkosten": "shipping_cost", "gehalt": "salary", "lohn": "wage",
    "kreditlimit": "credit_limit", "saldo": "balance", "kontostand": "balance", "menge": "quantity",
    "anzahl": "quantity", "bestand": "stock", "lagerbestand": "stock", "gewicht": "weight", "breite": "width",
    "hoehe": "height", "laenge": "length", "volumen": "volume", "nutzlast": "payload", "dauer": "duration",
    "kilometerstand": "mileage", "geschwindigkeit": "speed", "breitengrad": "latitude", "laengengrad": "longitude",
    "baujahr": "build_year", "jahr": "year", "monat": "month", "schuljahr": "school_year", "bewertung": "rating",
    "prozent": "percent", "nummer": "number", "nr": "number", "reihenfolge": "position", "kennzeichen": "plate",
    "raum": "room", "zimmer": "room", "datum": "date", "zeitstempel": "timestamp", "uhrzeit": "time",
    "beginn": "start", "ende": "end", "von": "from", "bis": "until", "faellig": "due", "ablaufdatum": "expiry_date",
    "stunden": "hours", "wochenstunden": "weekly_hours", "stundenlohn": "hourly_rate",
    "abfahrt": "departure", "ankunft": "arrival", "eintritt": "hire", "austritt": "terminated",
    "eintrittsdatum": "hire_date", "austrittsdatum": "terminated_date", "anmeldung": "registration",
    "anmeldedatum": "registered_date", "abmeldedatum": "closed_date", "gueltig": "valid", "am": "at", "um": "at",
    "aktiv": "active", "gesperrt": "blocked", "sichtbar": "visible", "oeffentlich": "public",
    "erstellt": "created", "angelegt": "created", "erfasst": "recorded", "geaendert": "updated",
    "aktualisiert": "updated", "geloescht": "deleted", "bezahlt": "paid", "versendet": "shipped",
    "versandt": "shipped", "verschickt": "shipped", "zugestellt": "delivered", "geliefert": "delivered",
    "storniert": "cancelled", "abgebrochen": "cancelled", "abgeschlossen": "completed", "erledigt": "completed",
    "eingestellt": "hired", "offen": "open", "unterwegs": "in_transit", "disponiert": "scheduled",
    "bestellt": "ordered", "genehmigt": "approved", "abgelehnt": "rejected", "entschuldigt": "approved",
    "veroeffentlicht": "published", "gekuendigt": "terminated", "abholung": "pickup", "abhol": "pickup",
    "versand": "shipping", "zahlung": "payment", "zahlungsart": "payment_method", "zahlungsmethode": "payment_method",
    "rechnung": "invoice", "rechnungen": "invoices", "bestellung": "order", "bestellungen": "orders",
    "bestell": "order", "auftrag": "order", "auftraege": "orders", "angebot": "offer", "liefer": "delivery",
    "lieferung": "delivery", "lieferungen": "deliveries", "sendung": "shipment", "sendungen": "shipments",
    "positionen": "items", "artikel": "product", "produkt": "product", "produkte": "products",
    "ware": "product", "kunde": "customer", "kunden": "customers", "benutzer": "user", "nutzer": "user",
    "mitarbeiter": "employee", "lieferant": "supplier", "lieferanten": "suppliers", "mitglied": "member",
    "mitglieder": "members", "lehrer": "teachers", "schueler": "students", "patienten": "patients",
    "fahrer": "drivers", "aerzte": "doctors", "arzt": "doctor", "fahrzeug": "vehicle", "fahrzeuge": "vehicles",
    "fach": "subject", "faecher": "subjects", "klasse": "class", "klassen": "classes", "lager": "warehouse",
    "filiale": "branch", "filialen": "branches", "konto": "account", "konten": "accounts", "buchung": "booking",
    "buchungen": "bookings", "vertrag": "contract", "vertraege": "contracts", "termin": "appointment",
    "termine": "appointments", "kategorien": "categories", "abteilung": "department", "abteilungen": "departments",
    "laender": "countries", "staat": "country", "mandant": "tenant", "mandanten": "tenants", "beruf": "job",
    "geburt": "birth", "sozialversicherung": "insurance", "versicherung": "insurance", "datei": "file",
    "dateiname": "file_name", "bild": "image", "pfad": "path", "telefonnummer": "phone", "handynummer": "mobile",
}  # fmt: skip
ALSO_ENGLISH = {"land": "country", "art": "type", "tag": "day", "alter": "age", "fin": "vin", "note": "grade"}
"""Words that mean something else in English: read as German ones only where rows are made in German."""
LINKS = ("en", "es", "n", "s", "")
SHORTEST = 3


@lru_cache(maxsize=4096)
def english(name: str, *, german: bool) -> str:
    """A name in lower case, its German words in English."""
    plain = name.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    found = "_".join(_english(part, german=german) for part in plain.split("_"))
    return found if found != plain else name


def _english(word: str, *, german: bool) -> str:
    known = WORDS | ALSO_ENGLISH if german else WORDS
    if word in known:
        return known[word]
    for place in range(len(word) - SHORTEST, SHORTEST - 1, -1):
        head, tail = word[:place], word[place:]
        first = next(
            (WORDS[head.removesuffix(s)] for s in LINKS if head.endswith(s) and head.removesuffix(s) in WORDS), ""
        )
        if first and tail in WORDS:
            return f"{first}_{WORDS[tail]}"
    return word


def spoken() -> bool:
    """Whether rows are made in German."""
    return locales.current().startswith("de_")


def is_german(names: set[str]) -> bool:
    """Whether most of the words in names are German ones, of those that are known at all to be of a language."""
    words = {word for name in names for word in re.split(r"[_.\[\]]+", name.lower()) if len(word) > SHORTEST}
    return sum(english(word, german=False) != word for word in words) > max(len(words) // 3, 2)
