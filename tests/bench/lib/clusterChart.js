import { escaped, round, text, ticks } from './chart.js';
import { milestoneTitles } from './milestones.js';
import { phaseTitles } from './steps.js';

const width = 960;
const left = 80;
const right = 30;
const bar = 22;
const gap = 6;
const colours = {
  boot: '#4e79a7',
  connect: '#bab0ac',
  system: '#9c755f',
  runtime: '#f28e2b',
  packages: '#edc948',
  images: '#76b7b2',
  cluster: '#e15759',
  network: '#59a14f',
};

/**
 * Draws runs below each other on one time scale: a row a machine, a bar a step coloured by its phase, the longest path framed, and
 * lines where the cluster reached something. Takes `[{ title, rows, reached, longest }]` as `parts/cluster.js` makes them; gives SVG.
 */
export function clusterChart(panels) {
  const end = Math.max(...panels.map(({ reached }) => reached.nginx));
  const x = (seconds) => round(left + (seconds / end) * (width - left - right));
  const parts = [];
  let y = 10;
  for (const { title, rows, reached, longest } of panels) {
    parts.push(text(left, y + 12, `${title}: ${reached.nginx.toFixed(0)} s`, 'font-weight="bold"'));
    y += 22;
    const top = y;
    for (const { name, bars } of rows) {
      parts.push(text(left - 8, y + bar - 7, name, 'text-anchor="end"'));
      for (const one of bars) parts.push(stepBar(one, x, y));
      for (const span of longest.filter((other) => other.name === name)) parts.push(frame(span, x, y));
      y += bar + gap;
    }
    for (const [name, label] of Object.entries(milestoneTitles)) {
      const at = x(reached[name]);
      parts.push(
        `<path d="M${at} ${top - 2}V${y}" stroke="#222" stroke-dasharray="3 2"><title>${escaped(label)}: ${reached[name].toFixed(1)} s</title></path>`,
      );
    }
    const reachedText = Object.entries(milestoneTitles).map(
      ([name, label]) => `${label} ${reached[name].toFixed(0)} s`,
    );
    parts.push(text(left, y + 10, reachedText.join('  ·  '), 'font-size="11"'));
    y += 30;
  }
  for (const tick of ticks(end)) {
    parts.push(`<path d="M${x(tick)} 26V${y - 14}" stroke="#888" stroke-opacity="0.25"/>`);
    parts.push(text(x(tick), y, `${tick} s`, 'text-anchor="middle"'));
  }
  y += 26;
  let at = left;
  for (const [kind, colour] of Object.entries(colours)) {
    parts.push(`<rect x="${at}" y="${y - 11}" width="12" height="12" fill="${colour}"/>`);
    parts.push(text(at + 17, y, phaseTitles[kind]));
    at += 40 + phaseTitles[kind].length * 7;
  }
  parts.push(
    `<rect x="${at}" y="${y - 11}" width="12" height="12" fill="none" stroke="#000" stroke-width="2"/>`,
  );
  parts.push(text(at + 17, y, 'longest path'));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y + 14}" font-family="sans-serif" font-size="13">`,
    `<rect width="${width}" height="${y + 14}" fill="#fff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function stepBar({ kind, title, from, to }, x, y) {
  const label = `${title}: ${(to - from).toFixed(1)} s`;
  const wide = round(Math.max(0.5, x(to) - x(from)));
  return `<rect x="${x(from)}" y="${y}" width="${wide}" height="${bar}" fill="${colours[kind]}"><title>${escaped(label)}</title></rect>`;
}

function frame({ from, to }, x, y) {
  return `<path d="M${x(from)} ${y}H${x(to)}M${x(from)} ${y + bar}H${x(to)}" stroke="#000" stroke-width="2.5"/>`;
}
