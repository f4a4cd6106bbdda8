import { z } from 'zod';
import { machineName } from './patterns.js';
import { programsSchema } from './programFacts.js';
import type { MachineSnapshot, Snapshot } from './snapshot.js';
import { probesSchema } from './snapshotProbesSchema.js';

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
  bootedAt: orNull(z.number()).exactOptional(),
  notes: z.looseObject({ provisioned: z.boolean(), resetAt: orNull(text) }).exactOptional(),
});

const condition = z.looseObject({
  identity: orNull(z.looseObject({ machineId: orNull(text), productUuid: orNull(text) })),
  sharedRoot: orNull(z.boolean()),
  disk: orNull(
    z.looseObject({ size: z.number(), free: z.number(), inodes: z.number(), freeInodes: z.number() }),
  ),
  memory: orNull(z.looseObject({ size: z.number(), free: z.number() })),
  firewallRules: orNull(texts),
  firewallUnits: orNull(texts),
  packageLocks: orNull(z.array(z.looseObject({ file: text, process: text, pid: z.number() })).max(100)),
  nameServers: orNull(texts),
  outsideNames: orNull(texts).exactOptional(),
});

const calico = z.looseObject({
  birdRuns: orNull(z.boolean()),
  sessions: orNull(z.array(z.looseObject({ peer: text, state: text, error: text })).max(1000)),
  unanswered: orNull(texts),
  felix: orNull(z.looseObject({ live: z.boolean(), ready: z.boolean() })),
  nodeName: orNull(text),
});

const runtime = z.looseObject({
  name: text,
  active: orNull(text),
  version: orNull(text),
  socket: orNull(z.boolean()),
  log: orNull(texts),
  cniFiles: orNull(texts),
  cri: orNull(z.looseObject({ ok: z.boolean(), said: text })).exactOptional(),
  cgroupDriver: orNull(z.enum(['systemd', 'cgroupfs'])).exactOptional(),
  containers: orNull(texts).exactOptional(),
  sandboxImage: orNull(z.looseObject({ name: text, present: z.boolean() })).exactOptional(),
});

const kubelet = z.looseObject({
  active: orNull(text),
  version: orNull(text),
  nodeIpFlag: orNull(text),
  hostnameOverride: orNull(text).exactOptional(),
  server: orNull(text).exactOptional(),
  cgroupDriver: orNull(text).exactOptional(),
  log: orNull(texts),
});

const answer = { url: text, ok: z.boolean(), answer: orNull(text) };
const api = z.looseObject({
  endpoint: orNull(z.looseObject(answer)),
  controlPlanes: orNull(z.array(z.looseObject({ machine: text, ...answer })).max(1000)),
  advertiseAddress: orNull(text).exactOptional(),
  clusterCidr: orNull(text).exactOptional(),
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

const balancer = z.looseObject({
  programs: orNull(
    z
      .array(z.looseObject({ name: text, how: orNull(z.enum(['unit', 'static-pod'])), running: z.boolean() }))
      .max(100),
  ),
  servers: orNull(
    z.array(z.looseObject({ name: text, address: orNull(text), status: text, check: text })).max(1000),
  ),
});

const etcd = z.looseObject({
  running: orNull(z.boolean()),
  healthy: orNull(z.boolean()),
  said: orNull(text),
  member: orNull(text),
  leader: orNull(text),
  members: orNull(
    z.array(z.looseObject({ id: text, name: text, peerUrls: texts, learner: z.boolean() })).max(1000),
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
  balancer: balancer.exactOptional(),
  etcd: etcd.exactOptional(),
  programs: orNull(programsSchema).exactOptional(),
  condition: condition.exactOptional(),
  calico: calico.exactOptional(),
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
  running: texts.exactOptional(),
  restarted: z
    .array(
      z.looseObject({
        container: text,
        restarts: z.number(),
        last: z.looseObject({ from: text, to: text, why: text }),
        runsSince: orNull(text),
      }),
    )
    .max(100)
    .exactOptional(),
});

const deployment = z.looseObject({ namespace: text, name: text, desired: z.number(), available: z.number() });
const ciliumNode = z.looseObject({ name: text, internalIPs: texts, podCIDRs: texts });
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
  machines: z.record(machineName, machine),
  host: api
    .pick({ endpoint: true, controlPlanes: true })
    .extend({ outsideNames: texts.exactOptional() })
    .exactOptional(),
  probes: probesSchema.exactOptional(),
  cluster: z
    .looseObject({
      askedOn: machineName,
      version: orNull(text),
      nodes: orNull(z.array(node).max(5000)),
      pods: orNull(z.array(pod).max(20_000)),
      apiEndpoints: orNull(texts),
      deployments: orNull(z.array(deployment).max(20_000)),
      ipPools: orNull(z.array(pool).max(1000)).exactOptional(),
      kubelets: orNull(
        z.array(z.looseObject({ node: text, ok: z.boolean(), said: text })).max(5000),
      ).exactOptional(),
      ciliumNodes: orNull(z.array(ciliumNode).max(5000)).exactOptional(),
      nodeToNodeMesh: orNull(z.boolean()).exactOptional(),
      tokenEnds: orNull(texts).exactOptional(),
      corefile: orNull(texts).exactOptional(),
      coreDnsLog: orNull(texts).exactOptional(),
    })
    .exactOptional(),
});
