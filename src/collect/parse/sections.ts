/** One observation of the collector: what a command printed, and its exit status. */
export interface Section {
  /** 124: out of time; 127: no such program; 141: cut off at its output limit; null: not a number. */
  status: number | null;
  output: string;
  errors: string;
}

/** What a machine sent, cut into observations by name. */
export interface CollectorOutput {
  /** Whether the last line arrived; if not, the connection broke off and the last observation may be cut. */
  complete: boolean;
  sections: ReadonlyMap<string, Section>;
}

/** More than this is not looked at, in characters: of all output, and of one observation that is read by lines. */
const outputLimit = 64 * 1024 * 1024;
const linesLimit = 2 * 1024 * 1024;

/**
 * Cuts a collector's standard output at its boundary lines. Text before the first boundary (greetings of login
 * shells) is left out; observations with malformed headers are skipped. Never throws.
 */
export function splitSections(stdout: string, boundary: string): CollectorOutput {
  const sections = new Map<string, Section>();
  const parts = `\n${stdout.slice(0, outputLimit)}`.split(`\n${boundary} `).slice(1);
  let complete = false;
  for (const part of parts) {
    const lineEnd = part.indexOf('\n');
    const header = lineEnd === -1 ? part : part.slice(0, lineEnd);
    const text = lineEnd === -1 ? '' : part.slice(lineEnd + 1);
    if (header === 'end') complete = true;
    const match = /^(output|errors) ([a-z0-9-]{1,64}) (\d{1,3})?$/.exec(header);
    const [, stream, name, status] = match ?? [];
    if (name === undefined) continue;
    const section = sections.get(name) ?? { status: null, output: '', errors: '' };
    section.status = status === undefined ? null : Number(status);
    section[stream === 'errors' ? 'errors' : 'output'] = text;
    sections.set(name, section);
  }
  return { complete, sections };
}

type Sections = ReadonlyMap<string, Section>;

/** Lines of an observation without control characters, at most `limit` of at most 500 characters; null if it is not there. */
export function linesOf(sections: Sections, name: string, limit = 10_000): string[] | null {
  const section = sections.get(name);
  if (!section || section.status === 124 || section.status === 127) return null;
  return splitLines(section.output, limit);
}

/** Non-empty lines of a text, cleaned and cut like every text of a snapshot. */
export function splitLines(text: string, limit: number): string[] {
  return text
    .slice(0, linesLimit)
    .split('\n')
    .map((line) => clean(line))
    .filter((line) => line !== '')
    .slice(0, limit);
}

/** First line of an observation, or null. */
export function firstLine(sections: Sections, name: string): string | null {
  return linesOf(sections, name, 1)?.[0] ?? null;
}

/** What an observation printed as JSON; undefined when it is not there or not valid. */
export function jsonOf(sections: Sections, name: string): unknown {
  const section = sections.get(name);
  if (section?.status !== 0) return undefined;
  try {
    return JSON.parse(section.output) as unknown;
  } catch {
    return undefined;
  }
}

/** Text without control characters, trimmed, at most 500 characters. */
export function clean(text: string, limit = 500): string {
  return text
    .slice(0, limit * 2)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, limit);
}
