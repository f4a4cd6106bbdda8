import { performance } from 'node:perf_hooks';
import type { UpstreamEvent } from './types.js';

/** Between two events, in milliseconds. */
const interval = 250;
/** Speed is that of the last seconds. */
const window = 5_000;

/** Adds up bytes of all downloads and tells of them a few times a second. */
export class ByteProgress {
  private readonly samples: { at: number; done: number }[] = [];
  private done: number;

  constructor(
    cached: number,
    private readonly total: number,
    private readonly report: (event: UpstreamEvent) => void,
  ) {
    this.done = cached;
    this.tell();
  }

  add(bytes: number): void {
    this.done += bytes;
    if (performance.now() - (this.samples.at(-1)?.at ?? 0) >= interval) this.tell();
  }

  tell(): void {
    const now = performance.now();
    this.samples.push({ at: now, done: this.done });
    while (now - (this.samples[0]?.at ?? now) > window) this.samples.shift();
    const first = this.samples[0] ?? { at: now, done: this.done };
    const perSecond = now > first.at ? Math.max(0, ((this.done - first.done) / (now - first.at)) * 1000) : 0;
    this.report({ kind: 'bytes', done: this.done, total: Math.max(this.total, this.done), perSecond });
  }
}
