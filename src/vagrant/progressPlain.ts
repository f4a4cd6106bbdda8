import { describe, duration, failureText, type Phase, type Reporter } from './progress.js';

/**
 * One line per event with the time of day, for logs and pipes:
 * `12:34:56 cp1  provision: step 4/9 Install containerd (31 s)`; in brackets the time since the machine began.
 */
export function plainReporter(write: (line: string) => void, now: () => Date = () => new Date()): Reporter {
  let width = 0;
  const rows = new Map<string, { since: number; phase: Phase }>();

  const say = (row: string, text: string): void => {
    const since = rows.get(row)?.since;
    const elapsed = since === undefined ? '' : ` (${duration(now().getTime() - since)})`;
    write(`${now().toTimeString().slice(0, 8)} ${row.padEnd(width)}  ${text}${elapsed}`);
  };

  return (event) => {
    switch (event.type) {
      case 'begin':
        width = Math.max(...event.rows.map((row) => row.length), 0);
        rows.clear();
        return;
      case 'phase':
        if (event.phase !== 'waiting' && !rows.has(event.row)) {
          rows.set(event.row, { since: now().getTime(), phase: event.phase });
        }
        if (event.phase === 'waiting') return;
        rows.set(event.row, { since: rows.get(event.row)?.since ?? now().getTime(), phase: event.phase });
        say(event.row, event.phase);
        return;
      case 'step':
        say(event.row, describe(rows.get(event.row)?.phase ?? 'provision', event));
        return;
      case 'done':
        say(event.row, event.summary);
        return;
      case 'failed':
        say(event.row, `failed: ${failureText(event.row, event.error)}`);
        return;
      case 'note':
        write(event.text);
        return;
      case 'output':
      case 'end':
        return;
    }
  };
}
