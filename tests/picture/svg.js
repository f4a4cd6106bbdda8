import { rowsOf, widthOf } from './ansi.js';

/**
 * Draws rows of a terminal as a window. The window brings its own background, so that it reads alike on light and on
 * dark pages; fonts are the reader's, so every run of characters is put at its own column and given its width.
 */

const cell = { width: 8.4, height: 18, font: 14 };
const bar = 36;
const margin = { side: 18, bottom: 16 };
const narrowest = 80;
/** More would be too small to read where a page scales the picture down. */
const widest = 100;

const background = '#161b22';
const foreground = '#d5dbe3';
const fonts =
  "ui-monospace,SFMono-Regular,'SF Mono',Menlo,Consolas,'Liberation Mono','DejaVu Sans Mono',monospace";

/** The sixteen named colours, each with a contrast of more than 4.5 to the background, black apart. */
const named = [
  '#484f58',
  '#ff7b72',
  '#56d364',
  '#e3b341',
  '#79c0ff',
  '#d2a8ff',
  '#56d4dd',
  '#d5dbe3',
  '#8b949e',
  '#ffa198',
  '#7ee787',
  '#f2cc60',
  '#a5d6ff',
  '#e2c5ff',
  '#8fe9f0',
  '#ffffff',
];

/** Characters that draw frames, and where their lines lead from the middle: up, right, down, left. */
const frames = {
  '─': [0, 1, 0, 1],
  '│': [1, 0, 1, 0],
  '┌': [0, 1, 1, 0],
  '┐': [0, 0, 1, 1],
  '└': [1, 1, 0, 0],
  '┘': [1, 0, 0, 1],
  '├': [1, 1, 1, 0],
  '┤': [1, 0, 1, 1],
  '┬': [0, 1, 1, 1],
  '┴': [1, 1, 0, 1],
  '┼': [1, 1, 1, 1],
};

/**
 * Takes rows as `rowsOf` gives them and what the window is called; gives an SVG document. Throws a RangeError when a row is
 * wider than 100 columns.
 */
export function pictureOf(rows, title) {
  const columns = Math.max(narrowest, ...rows.flat().map(({ column, width }) => column + width));
  if (columns > widest)
    throw new RangeError(`The recording is ${columns} columns wide; at most ${widest} can be read.`);
  const width = Math.ceil(columns * cell.width + 2 * margin.side);
  const height = bar + rows.length * cell.height + margin.bottom;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="9" fill="${background}" stroke="#8b949e" stroke-opacity="0.5"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map(
      (fill, index) => `<circle cx="${20 + index * 19}" cy="18" r="6" fill="${fill}"/>`,
    ),
    `<g font-family="${fonts}" font-size="${cell.font}" fill="${foreground}">`,
    `<text x="${width / 2}" y="23" text-anchor="middle" fill="#8b949e">${escaped(title)}</text>`,
    ...rows.flatMap((row, index) => rowParts(row, bar + index * cell.height)),
    '</g>',
    '</svg>',
  ].join('\n')}\n`;
}

/** The first row and the `count` last ones, with a mark for what lies between. */
export function lastRows(rows, count) {
  if (rows.length <= count + 2) return rows;
  return [rows[0], ...gap, ...rows.slice(-count)];
}

const gap = rowsOf('\x1b[2m⋮');

/**
 * Some of the rows, with a mark for what lies between: `1,19-35,839-` are the first, those from 19 to 35, and all from 839 on.
 * Throws a RangeError for ranges that are none, do not ascend, or hold no row.
 */
export function someRows(rows, ranges) {
  let last = 0;
  return ranges.split(',').flatMap((range) => {
    const [, from, dash, to] = /^(\d+)(-?)(\d*)$/.exec(range) ?? [];
    const first = Number(from);
    const end = to !== '' ? Number(to) : dash === '' ? first : rows.length;
    if (!(first > last && end >= first && first <= rows.length))
      throw new RangeError(`Not rows of this recording, which has ${rows.length}: ${range}`);
    const between = last > 0 && first > last + 1 ? gap : [];
    last = end;
    return [...between, ...rows.slice(first - 1, end)];
  });
}

function rowParts(row, top) {
  const baseline = round(top + cell.height * 0.75);
  const backgrounds = row.flatMap((run) => {
    const fill = colours(run.style).background;
    if (fill === null) return [];
    return [
      `<rect x="${left(run.column)}" y="${top}" width="${round(run.width * cell.width)}" height="${cell.height}" fill="${fill}"/>`,
    ];
  });
  const words = row.flatMap(pieces).map(({ column, width, text, style }) => {
    const attributes = Object.entries(attributesOf(style)).map(([name, value]) => ` ${name}="${value}"`);
    return `<tspan x="${left(column)}" textLength="${round(width * cell.width)}"${attributes.join('')}>${escaped(text)}</tspan>`;
  });
  const lines = row.flatMap((run) => frameOf(run, top));
  if (words.length === 0) return [...backgrounds, ...lines];
  return [...backgrounds, ...lines, `<text y="${baseline}" xml:space="preserve">${words.join('')}</text>`];
}

/** Frames are drawn as lines, which meet whatever font the words have. */
function frameOf(run, top) {
  const middle = round(top + cell.height / 2);
  const parts = [...run.text.matchAll(/[─│┌┐└┘├┤┬┴┼]/g)].flatMap((match) => {
    const begin = run.column + widthBefore(run, match.index);
    const centre = round(left(begin) + cell.width / 2);
    const ends = [`V${top}`, `H${left(begin + 1)}`, `V${top + cell.height}`, `H${left(begin)}`];
    return frames[match[0]].flatMap((leads, way) => (leads ? [`M${centre} ${middle}${ends[way]}`] : []));
  });
  return parts.length === 0
    ? []
    : [
        `<path d="${parts.join('')}" stroke="${colours(run.style).colour}" stroke-linecap="square"${run.style.dim ? ' stroke-opacity="0.65"' : ''}/>`,
      ];
}

/** A run without frames and the spaces around its words: gaps need no characters. Underlined spaces stay. */
function pieces(run) {
  if (run.style.underline || run.style.strike) return [run];
  return [...run.text.matchAll(/[^\s─│┌┐└┘├┤┬┴┼]+(?: [^\s─│┌┐└┘├┤┬┴┼]+)*/g)].map((match) => ({
    ...run,
    text: match[0],
    column: run.column + widthBefore(run, match.index),
    width: widthBefore(run, match.index + match[0].length) - widthBefore(run, match.index),
  }));
}

const widthBefore = ({ text }, index) => widthOf(text.slice(0, index));

function attributesOf(style) {
  const decoration = [style.underline && 'underline', style.strike && 'line-through'].filter(Boolean);
  const { colour } = colours(style);
  return {
    ...(colour !== foreground && { fill: colour }),
    ...(style.dim && { 'fill-opacity': '0.65' }),
    ...(style.bold && { 'font-weight': 'bold' }),
    ...(style.italic && { 'font-style': 'italic' }),
    ...(decoration.length > 0 && { 'text-decoration': decoration.join(' ') }),
  };
}

function colours(style) {
  const colour = style.colour === null ? foreground : hex(style.colour);
  const behind = style.background === null ? null : hex(style.background);
  return style.inverse
    ? { colour: behind ?? background, background: colour }
    : { colour, background: behind };
}

/** 16 named colours, a cube of 6 × 6 × 6, and 24 shades of grey. */
function hex(colour) {
  if (Array.isArray(colour)) return rgb(colour);
  if (colour < 16) return named[colour];
  if (colour > 231) return rgb(Array(3).fill(8 + (colour - 232) * 10));
  const level = (value) => (value === 0 ? 0 : 55 + value * 40);
  const index = colour - 16;
  return rgb([Math.floor(index / 36), Math.floor(index / 6) % 6, index % 6].map(level));
}

const rgb = (parts) => `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

const left = (column) => round(margin.side + column * cell.width);

const round = (value) => Math.round(value * 100) / 100;

const escaped = (text) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
