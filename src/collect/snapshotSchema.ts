import { z } from 'zod';
import type { MachineSnapshot, Snapshot } from './snapshot.js';

/** The shape of a saved snapshot; keys that a newer version added stay and are not looked at. */
const text = z.string().max(4096);
const texts = z.array(text).max(20_000);
const orNull = <T extends z.ZodType>(type: T): z.ZodNullable<T> => z.nullable(type);

const system = z.looseObject({
  hostname: orNull(text),
  hostnameResolvesTo: orNull(texts),
  os: orNull(text),
  kernel: orNull(text),
  interfaces: orNull(
    z
      .array(z.looseObject({ name: text, mac: text, mtu: z.number(), up: z.boolean(), addresses: texts }))
      .max(10_000),
  ),
  routes: orNull(z.array(z.looseObject({ destination: text, via: orNull(text), device: text })).max(10_000)),
  swap: orNull(texts),
  fstabSwap: orNull(texts),
  modules: orNull(z.record(text, z.boolean())),
  sysctls: orNull(z.record(text, orNull(text))),
  failedUnits: orNull(texts),
  clock: orNull(z.looseObject({ epochSeconds: z.number() })),
});

const runtime = z.looseObject({
  name: text,
  active: orNull(text),
  version: orNull(text),
  socket: orNull(z.boolean()),
  log: orNull(texts),
  cniFiles: orNull(texts),
});

const kubelet = z.looseObject({
  active: orNull(text),
  version: orNull(text),
  nodeIpFlag: orNull(text),
  log: orNull(texts),
});

const answer = { url: text, ok: z.boolean(), answer: orNull(text) };
const api = z.looseObject({
  endpoint: orNull(z.looseObject(answer)),
  controlPlanes: orNull(z.array(z.looseObject({ machine: text, ...answer })).max(1000)),
  advertiseAddress: orNull(text).exactOptional(),
  certificates: orNull(
    z.array(z.looseObject({ path: text, notAfter: text, sans: texts })).max(1000),
  ).exactOptional(),
  kubectlError: text.exactOptional(),
});

const bridge = z.looseObject({
  name: text,
  exists: orNull(z.boolean()),
  addresses: orNull(texts),
  mtu: orNull(z.number()),
  leases: orNull(texts),
  pings: orNull(
    z
      .array(
        z.looseObject({
          from: text,
          to: text,
          machine: text,
          bytes: z.number(),
          ok: z.boolean(),
          detail: text,
        }),
      )
      .max(10_000),
  ),
});

const machine: z.ZodType<MachineSnapshot> = z.looseObject({
  reachable: z.boolean(),
  error: text.exactOptional(),
  seconds: z.number().exactOptional(),
  system: system.exactOptional(),
  runtime: runtime.exactOptional(),
  kubelet: kubelet.exactOptional(),
  api: api.exactOptional(),
  bridge: bridge.exactOptional(),
});

const node = z.looseObject({
  name: text,
  ready: z.boolean(),
  readyReason: text,
  readyMessage: text,
  internalIPs: texts,
  podCIDR: orNull(text),
  taints: texts,
  unschedulable: z.boolean(),
  kubeletVersion: text,
  runtimeVersion: text,
  annotations: z.record(text, text),
});

const pod = z.looseObject({
  namespace: text,
  name: text,
  owner: text,
  node: orNull(text),
  phase: text,
  ready: z.boolean(),
  restarts: z.number(),
  podIP: orNull(text),
  hostNetwork: z.boolean(),
  reason: orNull(text),
  message: orNull(text),
});

const deployment = z.looseObject({ namespace: text, name: text, desired: z.number(), available: z.number() });
const pool = z.looseObject({
  name: text,
  cidr: text,
  ipipMode: text,
  vxlanMode: text,
  disabled: z.boolean(),
});

export const snapshotSchema: z.ZodType<Snapshot> = z.looseObject({
  schema: z.literal(1),
  lab: text,
  takenAt: z.iso.datetime({ offset: true }),
  tool: text,
  machines: z.record(text, machine),
  cluster: z
    .looseObject({
      askedOn: text,
      version: orNull(text),
      nodes: orNull(z.array(node).max(5000)),
      pods: orNull(z.array(pod).max(20_000)),
      apiEndpoints: orNull(texts),
      deployments: orNull(z.array(deployment).max(20_000)),
      ipPools: orNull(z.array(pool).max(1000)).exactOptional(),
    })
    .exactOptional(),
});
