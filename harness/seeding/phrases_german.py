"""Things to say in German, as ``phrases`` has them in English."""

from collections.abc import Mapping

LISTS: Mapping[str, tuple[str, ...]] = {
    "noun": (
        "Garten", "Hafen", "Markt", "Wald", "Motor", "Schlüssel", "Tisch", "Brief", "Bahnhof", "Turm", "Kompass", "Hof",
        "Keller", "Kalender", "Koffer", "Spiegel", "Schrank", "Teppich", "Vorhang", "Becher", "Korb", "Löffel",
        "Rahmen", "Stuhl", "Hocker", "Ofen", "Regal", "Fenster", "Dach", "Buch", "Werk", "Lager", "Haus", "Boot",
        "Brücke", "Insel", "Lampe", "Bank", "Decke", "Flasche", "Jacke", "Kanne", "Tasche", "Uhr", "Vase", "Wand",
    ),
    "topic": (
        "Rechnung", "Lieferung", "Bestellung", "Zahlung", "Adresse", "Vereinbarung", "Buchung", "Reservierung",
        "Sicherung", "Quittung", "Mahnung", "Gutschrift", "Kündigung", "Anfrage", "Reklamation", "Abrechnung",
        "Auswertung", "Freigabe", "Terminliste", "Bestätigung",
    ),
    "person": (
        "Der Kunde", "Eine Kollegin", "Der Lieferant", "Die Leitung", "Die Buchhaltung", "Der Fahrer", "Der Einkauf",
        "Das Lager", "Die Werkstatt", "Der Vertrieb",
    ),
    "did": (
        "hat die {topic} bestätigt", "möchte die {topic} ändern", "hat die {topic} geprüft", "wartet auf die {topic}",
        "fragt nach der {topic}", "hat an die {topic} erinnert", "kümmert sich um die {topic}",
        "hat die {topic} weitergeleitet", "hat die {topic} unterschrieben",
    ),
    "when": (
        "heute", "heute früh", "gestern", "letzte Woche", "am Montag", "am Freitag", "vor dem Mittag", "telefonisch",
        "schriftlich", "noch einmal", "zum Monatsende",
    ),
    "month": (
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
        "Dezember",
    ),
    "good": ("sehr gut verarbeitet", "genau wie beschrieben", "besser als erwartet", "sehr praktisch"),
    "bad": ("kleiner als gedacht", "etwas zu teuer", "beim Auspacken zerkratzt", "lauter als gehofft"),
    "thing": ("Lampe", "Decke", "Flasche", "Jacke", "Kanne", "Tasche", "Uhr", "Vase", "Bank", "Matte"),
    "service": ("Die Lieferung war schnell", "Der Service war freundlich", "Alles war dabei", "Gut verpackt"),
    "advice": ("Gerne wieder.", "Sehr zu empfehlen.", "Fünf Sterne.", "Wir kommen wieder.", "Nicht für jeden."),
    "quality": (
        "Leicht zu reinigen.", "Mit zwei Jahren Garantie.", "In drei Farben erhältlich.", "Von Hand gefertigt.",
        "Für den täglichen Gebrauch.", "Ersatzteile sind lieferbar.",
    ),
    "place": ("zu Hause", "das Büro", "die Küche", "unterwegs", "den Garten", "kleine Räume"),
    "compound": ("Stadt", "Sommer", "Winter", "Holz", "Glas", "Stein", "Nord", "Süd", "Alt", "Neu", "Berg", "See"),
}  # fmt: skip
PATTERNS: Mapping[str, tuple[str, ...]] = {
    "label": ("{compound}{noun}",),
    "phrase": ("{compound}{noun}", "{noun} im {month}"),
    "word": ("{noun}", "{topic}", "{compound}{noun}"),
    "rule": ("{topic} fehlt", "{topic} zu spät"),
    "title": (
        "{topic} für {month}", "Neues im {month}", "Hinweise zur {topic}", "{topic} und {topic}", "Fragen zur {topic}",
        "{noun} und {noun}",
    ),
    "sentence": ("{person} {did}.", "{person} {did}, {when}.", "Die {topic} für {month} ist fertig.",
                 "Bitte die {topic} prüfen, {when}.", "Die {topic} wurde geändert, {when}."),
    "review": (
        "Die {thing} ist {good}. {advice}", "{service}, und die {thing} ist {good}. {advice}",
        "Leider war die {thing} {bad}. {service}.", "{service}. {advice}",
    ),
    "paragraph": (
        "{person} {did}, {when}. Die {topic} für {month} ist fertig.",
        "{topic} und {topic} für {month}. {person} {did}.",
        "Die {topic} wurde geändert, {when}. {person} {did}.",
    ),
}  # fmt: skip
