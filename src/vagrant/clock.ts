/** How long a program may take. */
export interface Limits {
  /** Seconds; after that the program is stopped and VAGRANT_TIMEOUT thrown. */
  timeout?: number;
  /** Seconds without a byte of output; after that the program is stopped and VAGRANT_SILENT thrown. */
  silence?: number;
}

export interface Clock {
  /** The program printed something. */
  heard: () => void;
  end: () => void;
  /** The limit that was exceeded first, if any. */
  expired: () => 'timed out' | 'silent' | undefined;
}

/** Starts to measure a run; `expire` is called once, when it exceeds a limit. */
export function startClock({ timeout, silence }: Limits, expire: () => void): Clock {
  let expired: ReturnType<Clock['expired']>;
  const after = (
    seconds: number | undefined,
    what: 'timed out' | 'silent',
  ): ReturnType<typeof setTimeout> | undefined =>
    seconds === undefined
      ? undefined
      : setTimeout(() => {
          if (expired !== undefined) return;
          expired = what;
          expire();
        }, seconds * 1000);
  const whole = after(timeout, 'timed out');
  const quiet = after(silence, 'silent');
  return {
    heard: () => {
      if (expired === undefined) quiet?.refresh();
    },
    end: () => {
      clearTimeout(whole);
      clearTimeout(quiet);
    },
    expired: () => expired,
  };
}
