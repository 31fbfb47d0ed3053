// Statements of a script, cut by the engine's own parser.

const Awaiting = (async () => {}).constructor;

function parses(text) {
  for (const Form of [Function, Awaiting]) {
    try {
      new Form(text);
      return true;
    } catch {
      // not in this form
    }
  }
  return false;
}

const TRIVIA = /^(?:\s+|\/\/[^\n]*|\/\*[^]*?\*\/|;|(?:use|show)[ \t]+[\w-]+[ \t]*;?[ \t]*(?=\n|$))+/;
const GOES_ON = /^(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*(?:[.,(\[`?:=+\-*\/%&|^<>]|(?:else|catch|finally|instanceof|in|of)\b)/;
const BEGINS = /\n(?=(?:db\.|const |let |var |function |for ?\(|if ?\(|\/\/|\/\*|use |show ))/g;

// Whether code may end here: a `;` or a line's end within a comment does not end anything.
const isCode = (text, newline) => newline || !parses(text + "\u0001");

function end(text, start) {
  const borders = /;|\n|$/g;
  borders.lastIndex = start;
  for (let found = borders.exec(text); found !== null; found = borders.exec(text)) {
    const at = found.index + (found[0] === ";" ? 1 : 0);
    const piece = text.slice(start, at);
    const rest = text.slice(at);
    const closed = found[0] === ";" ? !/^\s*(?:else|catch|finally)\b/.test(rest) : !GOES_ON.test(rest);
    if (piece.trim() && closed && parses(piece) && isCode(piece, found[0] !== ";")) return at;
    if (found.index >= text.length) break;
  }
  BEGINS.lastIndex = start;
  return BEGINS.exec(text)?.index ?? text.length;
}

function split(text) {
  const spans = [];
  let at = 0;
  while (at < text.length) {
    at += TRIVIA.exec(text.slice(at))?.[0].length ?? 0;
    if (at >= text.length) break;
    const until = end(text, at);
    spans.push([at, until]);
    at = Math.max(until, at + 1);
  }
  return spans;
}
