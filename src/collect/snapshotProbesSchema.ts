import { z } from 'zod';
import { nodeName } from './patterns.js';
import type { ProbeFacts } from './snapshotProbes.js';

/** The shape of the probes in a saved snapshot. */
const text = z.string().max(4096);
const answer = { url: text, ok: z.boolean(), answer: z.nullable(text) };

const pings = z
  .array(
    z.looseObject({
      from: text,
      to: text,
      machine: nodeName,
      bytes: z.number(),
      ok: z.boolean(),
      detail: text,
    }),
  )
  .max(10_000);

const pods = z
  .array(
    z.looseObject({
      name: text,
      machine: z.nullable(nodeName),
      phase: text,
      ready: z.boolean(),
      ip: z.nullable(text),
      reason: z.nullable(text),
    }),
  )
  .max(5000);

const tries = z
  .array(z.looseObject({ machine: nodeName, verb: z.enum(['logs', 'exec']), ok: z.boolean(), said: text }))
  .max(10_000);

const view = z.looseObject({
  error: text.exactOptional(),
  pings: z.nullable(pings),
  service: z.nullable(z.looseObject(answer)),
  names: z.nullable(
    z
      .array(
        z.looseObject({
          name: text,
          server: text,
          status: z.nullable(text),
          addresses: z.array(text).max(100),
          detail: text,
        }),
      )
      .max(100),
  ),
  outside: z.nullable(z.looseObject({ name: text, ok: z.boolean(), detail: text })),
});

export const probesSchema: z.ZodType<ProbeFacts> = z.looseObject({
  notAsked: text.exactOptional(),
  refused: text.exactOptional(),
  seconds: z.number().exactOptional(),
  pods: z.nullable(pods),
  tries: tries.exactOptional(),
  machines: z.record(nodeName, view),
  workload: z.looseObject({ image: text, desired: z.number(), available: z.number(), pods }).exactOptional(),
  nodePorts: z.nullable(z.array(z.looseObject({ machine: nodeName, ...answer })).max(1000)),
});
