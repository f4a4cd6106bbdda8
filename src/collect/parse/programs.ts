import type { ProgramFacts } from '../programFacts.js';
import { linesOf, type Section } from './sections.js';

/** Facts of the programs of Kubernetes, from the observations of `collect/programs.sh`; null when they could not be read. Never throws. */
export function parsePrograms(sections: ReadonlyMap<string, Section>): ProgramFacts[] | null {
  const states = linesOf(sections, 'programs', 100);
  const words = linesOf(sections, 'program-logs', 500) ?? [];
  return (
    states?.flatMap((line) => {
      const [, name, file, active, state] =
        /^(\S+) (present|missing) (\S+) (running|stopped)$/.exec(line) ?? [];
      if (name === undefined || active === undefined) return [];
      return [
        {
          name,
          present: file === 'present',
          active: active === '-' ? null : active,
          running: state === 'running',
          log: words.filter((said) => said.startsWith(`${name} `)).map((said) => said.slice(name.length + 1)),
        },
      ];
    }) ?? null
  );
}
