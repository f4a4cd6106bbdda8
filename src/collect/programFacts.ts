import { z } from 'zod';

/** A program of Kubernetes on a machine, as its bootstrapper was to set it up. */
export interface ProgramFacts {
  name: string;
  /** Whether the file that starts it, a unit or a static pod's manifest, is there. */
  present: boolean;
  /** systemctl is-active; null for static pods. */
  active: string | null;
  /** Whether a process of it runs. */
  running: boolean;
  /** Its last words, when none does. */
  log: string[];
}

const text = z.string().max(4096);

/** The shape of these facts in a saved snapshot. */
export const programsSchema = z
  .array(
    z.looseObject({
      name: text,
      present: z.boolean(),
      active: z.nullable(text),
      running: z.boolean(),
      log: z.array(text).max(100),
    }),
  )
  .max(100);
