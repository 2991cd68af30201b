"""German: answers that arrive piece by piece, of any API."""

TEXTS: dict[str, str] = {
    "stream.unfinished.what": "Die Antwort von {name} ist abgebrochen.",
    "stream.unfinished.cause": "Der Server hat die Verbindung geschlossen, ohne die Antwort für vollständig zu erklären: Er wurde beendet, stieß an eine Grenze, oder ein Proxy davor hat die Anfrage beendet.",
    "stream.unfinished.fix": "Was kam, bleibt erhalten. Noch einmal senden oder das Modell fortfahren lassen.",
    "stream.cut.what": "Die Antwort von {name} ist abgebrochen.",
    "stream.cut.cause": "Die Verbindung ging mittendrin verloren: Der Server wurde beendet, oder das Netz fiel aus.",
    "stream.cut.fix": "Was kam, bleibt erhalten. Noch einmal senden oder das Modell fortfahren lassen.",
    "stream.stalled.what": "Die Antwort von {name} ist stehen geblieben.",
    "stream.stalled.cause": "Der Server hat lange nichts mehr gesendet: Er hängt oder ist überlastet.",
    "stream.stalled.fix": "Was kam, bleibt erhalten. Noch einmal senden; passiert es wieder, den Server neu starten.",
    "stream.unreadable.what": "Die Antwort hat keine Form, die Berth lesen kann.",
    "stream.unreadable.cause": "Der Server spricht einen anderen Dialekt als diese Verbindung, oder ein Proxy hat die Antwort verändert.",
    "stream.unreadable.fix": "Basis-URL und Art dieser Verbindung prüfen.",
    "stream.overflow.what": "Der Server hat ein einzelnes Stück von mehr als 8 MB gesendet, das nicht gelesen wurde.",
    "stream.overflow.cause": "Keine API sendet solche Stücke: Dort antwortet etwas anderes, oder der Server ist gestört.",
    "stream.overflow.fix": "Was vorher kam, bleibt erhalten. Die Basis-URL prüfen und ins Protokoll des Servers sehen.",
    "stream.too_long.what": "Die Antwort wurde länger als {size} und wurde gestoppt.",
    "stream.too_long.cause": "So schreibt ein Modell, das sich endlos wiederholt.",
    "stream.too_long.fix": "Was kam, bleibt erhalten. „Max. Token“ oder eine Wiederholungsstrafe setzen und noch einmal fragen.",
}
