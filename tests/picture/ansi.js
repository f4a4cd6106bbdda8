/**
 * Reads what a terminal shows, with its colours, as `tmux capture-pane -e -p` prints it: one line a row, styles as escape
 * sequences, no movement of the cursor. A style holds on, over the end of a line too, until another one replaces it.
 */

const plain = {
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
  strike: false,
  colour: null,
  background: null,
};

/** What switches a style on or off. Source: ECMA-48, 8.3.117 (SGR). */
const switches = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { colour: null },
  49: { background: null },
};

// Styles; other control sequences; commands to the terminal such as links and titles; character sets; single controls.
const escapes =
  // eslint-disable-next-line no-control-regex
  /\x1b\[([\d;:]*)m|\x1b\[[\d;:?<=>]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()*+].|\x1b.|[\0-\x08\x0b-\x1a\x1c-\x1f\x7f]/g;

/**
 * Takes a recording; gives its rows, empty ones at the end left out. A row is a list of runs of one style:
 * `{ column, width, text, style }`, columns counted from 0. A colour is a number of the 256-colour table, an
 * `[r, g, b]`, or null for the terminal's own.
 */
export function rowsOf(recording) {
  let style = plain;
  const rows = recording
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => {
      const runs = [];
      let column = 0;
      const add = (text) => {
        const width = widthOf(text);
        if (width > 0) runs.push({ column, width, text, style });
        column += width;
      };
      let from = 0;
      for (const match of line.matchAll(escapes)) {
        add(line.slice(from, match.index));
        from = match.index + match[0].length;
        if (match[1] !== undefined) style = restyled(style, match[1]);
      }
      add(line.slice(from));
      return runs;
    });
  const isEmpty = (row) =>
    row.every(({ text, style: own }) => text.trim() === '' && !own.inverse && own.background === null);
  while (rows.length > 0 && isEmpty(rows.at(-1))) rows.pop();
  return rows;
}

/** Columns that a text takes: two for East Asian characters and pictures, none for marks above others. */
export function widthOf(text) {
  let width = 0;
  for (const character of text) {
    if (/^[\p{Mn}\p{Me}\p{Cf}]$/u.test(character)) continue;
    width +=
      /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]$/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

function restyled(style, parameters) {
  const codes = parameters.split(/[;:]/).map(Number);
  let next = style;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at];
    if (code === 38 || code === 48) {
      const [colour, used] = extended(codes.slice(at + 1), parameters.includes(':'));
      next = { ...next, [code === 38 ? 'colour' : 'background']: colour };
      at += used;
    } else {
      next = code === 0 ? plain : { ...next, ...(switches[code] ?? basic(code)) };
    }
  }
  return next;
}

/** 5;n or 2;r;g;b, the latter with an empty place before r where colons separate. */
function extended([kind, ...rest], colons) {
  if (kind === 5) return [rest[0] ?? null, 2];
  const skip = colons && rest.length > 3 ? 1 : 0;
  return kind === 2 ? [rest.slice(skip, skip + 3), 4 + skip] : [null, 1];
}

function basic(code) {
  if (code >= 30 && code <= 37) return { colour: code - 30 };
  if (code >= 40 && code <= 47) return { background: code - 40 };
  if (code >= 90 && code <= 97) return { colour: code - 90 + 8 };
  if (code >= 100 && code <= 107) return { background: code - 100 + 8 };
  return {};
}
