import type { ListrDefaultRendererLogLevels } from 'listr2';
import {
  describe,
  duration,
  failureText,
  type Phase,
  type ProgressEvent,
  type Reporter,
} from './progress.js';

interface Row {
  name: string;
  phase: Phase;
  step?: { number: number; total: number; title: string };
  since: number | undefined;
  line: string;
  /** The line that was drawn last. */
  shown: string;
  ended: { text: string; failed: boolean } | undefined;
  finish: () => void;
  finished: Promise<void>;
}

/** The parts of a listr2 task that a row writes to. */
interface Task {
  title: string;
  output: string | undefined;
}

/**
 * A live line per machine: what it does, for how long, and below it the last line of its output.
 * Drawn by listr2 on the given terminal; colours follow NO_COLOR.
 */
export function terminalReporter(stream: NodeJS.WriteStream): Reporter {
  let session: Session | undefined;
  return async (event) => {
    if (event.type === 'begin') {
      await session?.end();
      session = await Session.start(event.rows, stream);
    } else if (event.type === 'end') {
      await session?.end();
      session = undefined;
    } else if (event.type === 'note') {
      if (session === undefined) stream.write(`${event.text}\n`);
      else session.notes.push(event.text);
    } else session?.take(event);
  };
}

class Session {
  readonly notes: string[] = [];
  private constructor(
    private readonly rows: Map<string, Row>,
    private readonly finished: Promise<unknown>,
    private readonly ticker: NodeJS.Timeout,
    private readonly stream: NodeJS.WriteStream,
  ) {}

  static async start(names: readonly string[], stream: NodeJS.WriteStream): Promise<Session> {
    const { Listr, ListrLogger, ProcessOutput } = await import('listr2');
    const width = Math.max(...names.map((name) => name.length), 0);
    const rows = new Map(names.map((name) => [name, newRow(name)]));
    const tasks = new Map<string, Task>();
    const list = new Listr(
      names.map((name) => ({
        title: name,
        task: async (_, task) => {
          tasks.set(name, task);
          draw(rows.get(name), task, width);
          await rows.get(name)?.finished;
          draw(rows.get(name), task, width);
          if (rows.get(name)?.ended?.failed === true) throw new Error(task.title);
        },
      })),
      {
        concurrent: true,
        exitOnError: false,
        registerSignalListeners: false,
        rendererOptions: {
          showErrorMessage: false,
          collapseErrors: false,
          collapseSubtasks: false,
          logger: new ListrLogger<ListrDefaultRendererLogLevels>({
            processOutput: new ProcessOutput(stream, stream),
          }),
        },
        renderer: 'default',
      },
    );
    const finished = list.run().catch(() => undefined);
    const ticker = setInterval(() => {
      for (const [name, task] of tasks) {
        if (rows.get(name)?.ended === undefined) draw(rows.get(name), task, width);
      }
    }, 250);
    return new Session(rows, finished, ticker, stream);
  }

  take(event: Exclude<ProgressEvent, { type: 'begin' | 'end' | 'note' }>): void {
    const row = this.rows.get(event.row);
    if (row === undefined) return;
    switch (event.type) {
      case 'phase':
        row.phase = event.phase;
        delete row.step;
        if (event.phase !== 'waiting') row.since ??= Date.now();
        return;
      case 'step':
        row.step = { number: event.number, total: event.total, title: event.title };
        return;
      case 'output':
        row.line = event.line;
        return;
      case 'done':
        row.line = '';
        row.ended = { text: event.summary, failed: false };
        row.finish();
        return;
      case 'failed':
        row.ended = { text: failureText(event.row, event.error), failed: true };
        row.finish();
    }
  }

  /** Rows still open are closed as they stand. */
  async end(): Promise<void> {
    for (const row of this.rows.values()) row.finish();
    await this.finished;
    clearInterval(this.ticker);
    for (const note of this.notes) this.stream.write(`${note}\n`);
  }
}

function newRow(name: string): Row {
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return {
    name,
    phase: 'waiting',
    since: undefined,
    line: '',
    shown: '',
    ended: undefined,
    finish,
    finished,
  };
}

function draw(row: Row | undefined, task: Task, width: number): void {
  if (row === undefined) return;
  const elapsed = row.since === undefined ? '' : ` (${duration(Date.now() - row.since)})`;
  task.title = `${row.name.padEnd(width)}  ${row.ended?.text ?? describe(row.phase, row.step)}${elapsed}`;
  if (row.ended === undefined && row.line !== row.shown) {
    row.shown = row.line;
    task.output = row.line;
  }
}
