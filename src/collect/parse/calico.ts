import type { CalicoFacts } from '../nodeFacts.js';
import { clean, linesOf, type Section } from './sections.js';

type Sections = ReadonlyMap<string, Section>;

/** Facts of Calico on one node from the observations of `collect/calico.sh`. Never throws. */
export function parseCalico(sections: Sections): CalicoFacts {
  const bird = sections.get('calico-bird');
  const asked = bird !== undefined && ![null, 124, 127].includes(bird.status);
  return {
    birdRuns: asked ? bird.status !== 3 : null,
    sessions: bird?.status === 0 ? parseSessions(bird.output) : null,
    unanswered: linesOf(sections, 'calico-unanswered', 1000),
    felix: parseFelix(linesOf(sections, 'calico-felix', 10)),
    nodeName: parseNodeName(sections),
  };
}

/** Columns are separated by tabs, which cleaned lines no longer have. */
const rowsOf = (text: string): string[][] =>
  text
    .slice(0, 200_000)
    .split('\n')
    .filter((line) => line.includes('\t'))
    .slice(0, 1000)
    .map((line) => line.split('\t').map((cell) => clean(cell, 300)));

function parseSessions(text: string): CalicoFacts['sessions'] {
  return rowsOf(text).map(([peer = '', state = '', error = '']) => ({ peer, state, error }));
}

function parseFelix(lines: string[] | null): CalicoFacts['felix'] {
  const code = (what: string): string | undefined =>
    lines?.map((line) => line.split(' ')).find(([name]) => name === what)?.[1];
  const [live, ready] = [code('liveness'), code('readiness')];
  if (live === undefined || live === '000') return null;
  const well = (status: string | undefined): boolean => /^2\d\d$/.test(status ?? '');
  return { live: well(live), ready: well(ready) };
}

function parseNodeName(sections: Sections): string | null {
  const section = sections.get('calico-node-name');
  if (section?.status !== 0 || section.output === '') return null;
  return clean(section.output, 300);
}
