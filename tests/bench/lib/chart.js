const width = 900;
const left = 80;
const right = 20;
const bar = 22;
const gap = 6;
const colours = { boot: '#4e79a7', connect: '#bab0ac', provision: '#59a14f' };

/**
 * Draws runs below each other on one time scale: a panel a run, a row a machine, a bar a phase, a thin line where a step
 * of a provisioner begins. Takes `[{ title, rows }]` with rows as `timeline.js` makes them; gives SVG.
 */
export function timelineChart(panels) {
  const end = Math.max(
    ...panels.flatMap(({ rows }) => rows.flatMap(({ phases }) => phases.map(({ to }) => to))),
  );
  const x = (seconds) => round(left + (seconds / end) * (width - left - right));
  const parts = [];
  let y = 10;
  for (const { title, rows } of panels) {
    const last = Math.max(...rows.flatMap(({ phases }) => phases.map(({ to }) => to)));
    parts.push(text(left, y + 12, `${title}: ${last.toFixed(1)} s`, 'font-weight="bold"'));
    y += 20;
    for (const row of rows) {
      parts.push(text(left - 8, y + bar - 7, row.name, 'text-anchor="end"'));
      for (const { kind, from, to } of row.phases) parts.push(phaseBar(kind, from, to, x, y));
      for (const { at, title: step } of row.steps) parts.push(stepLine(at, step, x, y));
      y += bar + gap;
    }
    y += 14;
  }
  for (const tick of ticks(end)) {
    parts.push(`<path d="M${x(tick)} 26V${y - 10}" stroke="#888" stroke-opacity="0.25"/>`);
    parts.push(text(x(tick), y + 4, `${tick} s`, 'text-anchor="middle"'));
  }
  y += 28;
  let at = left;
  for (const [kind, colour] of Object.entries(colours)) {
    parts.push(`<rect x="${at}" y="${y - 11}" width="12" height="12" fill="${colour}"/>`);
    parts.push(text(at + 18, y, kind));
    at += 110;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y + 14}" font-family="sans-serif" font-size="13">`,
    `<rect width="${width}" height="${y + 14}" fill="#fff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function phaseBar(kind, from, to, x, y) {
  const label = `${kind}: ${(to - from).toFixed(1)} s`;
  return `<rect x="${x(from)}" y="${y}" width="${round(x(to) - x(from))}" height="${bar}" fill="${colours[kind]}"><title>${label}</title></rect>`;
}

function stepLine(at, title, x, y) {
  return `<path d="M${x(at)} ${y}v${bar}" stroke="#fff" stroke-width="1.5"><title>${escaped(title)}</title></path>`;
}

export function text(x, y, words, attributes = '') {
  return `<text x="${x}" y="${y}" fill="#222" ${attributes}>${escaped(words)}</text>`;
}

/** Every 5, 10, 20, 50 … seconds, some ten marks. */
export function ticks(end) {
  const step = [1, 2, 5, 10, 20, 50, 100, 200].find((size) => end / size <= 10) ?? 500;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
}

export const round = (value) => Math.round(value * 10) / 10;

export function escaped(words) {
  return words.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
