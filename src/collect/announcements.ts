/** What a script says on its way, in lines `BOUNDARY NAME TEXT`. */
export interface Announcements {
  /** To be called with every line that it prints. */
  line: (line: string) => void;
  /** To be called when it has ended: nothing more is waited for. */
  end: () => void;
  /** Resolves when it has said one of these names, or has ended. */
  until: (...names: string[]) => Promise<void>;
  /** What it has said under a name up to now. */
  said: (name: string) => string[];
}

export function announcements(boundary: string): Announcements {
  const all: { name: string; text: string }[] = [];
  const waiting = new Set<() => void>();
  let ended = false;
  const wake = (): void => {
    for (const look of waiting) look();
  };
  return {
    line: (line) => {
      const said = announcement(line, boundary);
      if (said) all.push(said);
      wake();
    },
    end: () => {
      ended = true;
      wake();
    },
    until: (...names) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!ended && !all.some(({ name }) => names.includes(name))) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    said: (wanted) => all.filter(({ name }) => name === wanted).map(({ text }) => text),
  };
}

/** One line as a name and its text; undefined when it is something else. */
export function announcement(line: string, boundary: string): { name: string; text: string } | undefined {
  if (!line.startsWith(`${boundary} `)) return undefined;
  const [name = '', ...words] = line.slice(boundary.length + 1).split(' ');
  return { name, text: words.join(' ') };
}
