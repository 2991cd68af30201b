// What the page says while Python starts, or does not: the one part of the interface that the catalogues of
// app/core/text cannot speak, because it is needed without them.

const ENGLISH = {
  waiting: "Will be sent when Berth is ready",
  loading: (received) => `Loading Python, ${received} MB`,
  loadingOf: (received, expected) => `Loading Python, ${received} of ${expected} MB`,
  starting: "Starting Python",
  opening: "Opening Berth",
  retry: "Retry",
  details: "Details",
  cause: (cause) => `Likely cause: ${cause}`,
  fix: (fix) => `What to do: ${fix} What you typed is kept.`,
  oldBrowser: {
    what: "This browser cannot run Berth.",
    cause: "It lacks WebAssembly or compression streams, or they are switched off.",
    fix: "Use a current Chrome, Edge, Firefox or Safari.",
  },
  program: {
    what: "Berth's own program failed while it started.",
    fix: "Try again. If it stays, the details below belong in a report.",
  },
  stalled: {
    what: "Berth did not start.",
    cause: "The connection stalled, or this device is too busy or short of memory.",
    fix: "Try again; close other tabs if it happens again.",
  },
  broken: {
    what: "Python could not be loaded.",
    cause: "The connection broke, or files of this installation are missing or damaged.",
    fix: "Try again. On your own machine, start Berth with python3 serve_dev.py, which repairs its files.",
  },
};

const GERMAN = {
  waiting: "Wird gesendet, sobald Berth bereit ist",
  loading: (received) => `Python wird geladen, ${received} MB`,
  loadingOf: (received, expected) => `Python wird geladen, ${received} von ${expected} MB`,
  starting: "Python wird gestartet",
  opening: "Berth wird geöffnet",
  retry: "Erneut versuchen",
  details: "Details",
  cause: (cause) => `Wahrscheinliche Ursache: ${cause}`,
  fix: (fix) => `Abhilfe: ${fix} Der eingegebene Text bleibt erhalten.`,
  oldBrowser: {
    what: "Dieser Browser kann Berth nicht ausführen.",
    cause: "WebAssembly oder Kompressionsströme fehlen oder sind abgeschaltet.",
    fix: "Einen aktuellen Chrome, Edge, Firefox oder Safari verwenden.",
  },
  program: {
    what: "Das Programm von Berth ist beim Start gescheitert.",
    fix: "Erneut versuchen. Bleibt der Fehler, gehören die Details unten in einen Fehlerbericht.",
  },
  stalled: {
    what: "Berth ist nicht gestartet.",
    cause: "Die Verbindung ist stehen geblieben, oder dieses Gerät ist überlastet oder hat zu wenig Speicher.",
    fix: "Erneut versuchen; hilft das nicht, andere Tabs schließen.",
  },
  broken: {
    what: "Python konnte nicht geladen werden.",
    cause: "Die Verbindung ist abgebrochen, oder Dateien dieser Installation fehlen oder sind beschädigt.",
    fix: "Erneut versuchen. Auf dem eigenen Rechner Berth mit python3 serve_dev.py starten, das repariert die Dateien.",
  },
};

const language = document.documentElement.lang;

/** The texts in the language that static/js/appearance.js has chosen. */
export const text = language === "de" ? GERMAN : ENGLISH;

const format = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** A number of bytes in MB, with one decimal. */
export const megabytes = (bytes) => format.format(bytes / 1e6);
