import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadAssets } from '../../../src/assets/load.js';
import type { Assets } from '../../../src/assets/manifests.js';
import { announcements } from '../../../src/collect/announcements.js';
import type { RunOn } from '../../../src/collect/collect.js';
import { parseObjects, parseView } from '../../../src/collect/parse/probe.js';
import { splitSections } from '../../../src/collect/parse/sections.js';
import { probeLab } from '../../../src/collect/probe.js';
import { verifyLab } from '../../../src/collect/verify.js';
import { snapshotOf } from '../checks/fixtures.js';

let assets: Assets;
beforeAll(async () => {
  assets = await loadAssets();
});

const { cluster, snapshot } = snapshotOf('probes-1cp-2w');
const askPage = (url: string) => Promise.resolve({ url, ok: true, answer: 'HTTP 200' });
const setting = (script: string, name: string): string =>
  new RegExp(`^readonly ${name}='([^']*)'`, 'm').exec(script)?.[1] ?? '';

/** Control plane and nodes that answer as real ones do; tells what ran where, and whether the pods are let go. */
function machines(says: (boundary: string) => string[]) {
  const ran: { machine: string; script: string }[] = [];
  const state = { released: false };
  const runOn: RunOn = async (machine, script, { onLine, inputUntil, signal }) => {
    ran.push({ machine, script });
    const boundary = setting(script, 'BOUNDARY');
    if (!script.includes('\nhold\n')) {
      const outside = `${boundary} output probe-service 0\nok 200\n`;
      return { exitCode: 0, stdout: `\n${outside}\n${boundary} end\n`, stderr: '' };
    }
    const lines = says(boundary);
    for (const line of lines) onLine?.(line);
    const aborted = new Promise((_, reject) => {
      signal.addEventListener('abort', () => {
        reject(new Error('interrupted'));
      });
    });
    await Promise.race([inputUntil, aborted]);
    state.released = true;
    return { exitCode: 0, stdout: lines.join('\n'), stderr: '' };
  };
  return { ran, state, runOn };
}

const whole = (boundary: string): string[] => [
  ...['cp1 10.244.0.9', 'worker1 10.244.1.9', 'worker2 10.244.2.9'].map((line) => `${boundary} pod ${line}`),
  `${boundary} pods`,
  `${boundary} tried cp1 logs 0 `,
  `${boundary} tried worker1 exec 0 pause 3.10.2`,
  `${boundary} port 31234`,
  `${boundary} deployments {"items":[{"status":{"availableReplicas":3}}]}`,
  `${boundary} events {"items":[]}`,
  `${boundary} objects {"items":[]}`,
  `${boundary} all`,
];
const options = () => ({ assets, askPage, signal: new AbortController().signal });

test.each([
  ['ok 200', true],
  ['[-]etcd failed: reason withheld 500', true],
  ['curl: (28) Connection timed out after 4000 milliseconds 000', false],
])('a Service is reached where an API server answers, ready or not: %j', (said, ok) => {
  const stdout = `\nB output probe-service 0\n${said}\n\nB end\n`;
  expect(parseView(splitSections(stdout, 'B'), cluster).service).toMatchObject({ ok, answer: said });
});

describe('pods of our own', () => {
  test('every machine looks out of its pod, this host asks every node, and the pods are let go', async () => {
    const { ran, state, runOn } = machines(whole);
    const facts = await probeLab(cluster, snapshot, runOn, options());
    expect(Object.keys(facts.machines)).toEqual(['cp1', 'worker1', 'worker2']);
    expect(facts.machines.worker1?.service).toMatchObject({ ok: true, answer: 'ok 200' });
    expect(facts.nodePorts?.map(({ url }) => url)).toEqual(
      cluster.machines.map(({ address }) => `http://${address}:31234/`),
    );
    expect(facts.workload).toMatchObject({ desired: 3, available: 3 });
    expect(facts.tries).toEqual([
      { machine: 'cp1', verb: 'logs', ok: true, said: 'exit status 0' },
      { machine: 'worker1', verb: 'exec', ok: true, said: 'pause 3.10.2' },
    ]);
    expect(state.released).toBe(true);
    const [pods, ...nodes] = ran;
    expect(pods?.machine).toBe('cp1');
    expect(nodes.map(({ machine }) => machine)).toEqual(['cp1', 'worker1', 'worker2']);
    expect(setting(nodes[1]?.script ?? '', 'PEERS')).toBe('cp1 10.244.0.9\nworker2 10.244.2.9');
  });

  test('a NodePort that does not answer yet is asked again, and not for ever', async () => {
    const asked = new Map<string, number>();
    const ask = (late: string) => (url: string) => {
      const times = (asked.get(url) ?? 0) + 1;
      asked.set(url, times);
      const ok = !url.includes(late) || times > 1;
      return Promise.resolve({ url, ok, answer: ok ? 'HTTP 200' : 'ECONNREFUSED' });
    };
    const [cp1] = cluster.machines;
    const { runOn } = machines(whole);
    const facts = await probeLab(cluster, snapshot, runOn, {
      ...options(),
      askPage: ask(`//${cp1?.address}:`),
    });
    expect(facts.nodePorts?.every(({ ok }) => ok)).toBe(true);
    expect([...asked.values()]).toEqual([2, 1, 1]);

    const never = { ...options(), askPage: () => Promise.resolve({ url: '', ok: false, answer: '' }) };
    const closed = await probeLab(cluster, snapshot, machines(whole).runOn, { ...never, patience: 100 });
    expect(closed.nodePorts?.some(({ ok }) => ok)).toBe(false);
  });

  test('need no image beyond the lab’s own, and no scheduler', async () => {
    const { ran, runOn } = machines(whole);
    await probeLab(cluster, snapshot, runOn, options());
    const list = JSON.parse(setting(ran[0]?.script ?? '', 'MANIFEST')) as {
      items: { kind: string; spec?: { nodeName?: string; containers?: { image: string }[] } }[];
    };
    const pods = list.items.filter(({ kind }) => kind === 'Pod');
    expect(pods.map(({ spec }) => spec?.nodeName)).toEqual(['cp1', 'worker1', 'worker2']);
    const images = pods.flatMap(({ spec }) => spec?.containers?.map(({ image }) => image) ?? []);
    expect(new Set(images)).toEqual(new Set([cluster.runtime.options.sandbox]));
  });

  test('that are refused are told with the API’s words, and nothing is asked', async () => {
    const { ran, state, runOn } = machines((boundary) => [`${boundary} refused webhook "gone" is not there`]);
    const facts = await probeLab(cluster, snapshot, runOn, options());
    expect(facts).toMatchObject({ refused: 'webhook "gone" is not there', machines: {}, pods: null });
    expect(state.released).toBe(true);
    expect(ran).toHaveLength(1);
  });

  test('of a control plane that dies meanwhile do not keep anybody waiting', async () => {
    const runOn: RunOn = () => Promise.reject(new Error('connection lost'));
    expect(await probeLab(cluster, snapshot, runOn, options())).toMatchObject({ pods: null, machines: {} });
  });

  test('are given up when interrupted', async () => {
    const controller = new AbortController();
    const { runOn } = machines(() => []);
    const probing = probeLab(cluster, snapshot, runOn, { ...options(), signal: controller.signal });
    controller.abort();
    await expect(probing).rejects.toThrow();
  });
});

describe('what kubectl did with a pod', () => {
  const triesOf = (...lines: string[]) => parseObjects(lines.join('\n'), 'B', undefined).tries;

  test('is taken with its words, whether the pods are listed or not', () => {
    const tried = { machine: 'cp1', verb: 'exec', ok: false, said: 'error: no' };
    expect(triesOf('B tried cp1 exec 1 error: no')).toEqual([tried]);
    expect(triesOf('B tried cp1 exec 1 error: no', 'B objects {"items":[]}')).toEqual([tried]);
  });

  test.each([
    ['124 ', 'no answer within 15 s'],
    ['137 ', 'no answer within 15 s'],
    ['124 Unable to connect', 'no answer within 15 s: Unable to connect'],
    ['1', 'exit status 1'],
  ])('%j says: %s', (end, said) => {
    expect(triesOf(`B tried worker1 logs ${end}`)).toEqual([
      { machine: 'worker1', verb: 'logs', ok: false, said },
    ]);
  });

  test.each([
    'tried cp1 delete 0',
    'tried $(id) exec 0',
    'tried',
    'tried cp1 exec x y',
    'tried cp1 exec 4711',
  ])('is not what it does not look like: %s', (line) => {
    expect(triesOf(`B ${line}`, `X tried cp1 exec 0`)).toEqual([]);
  });

  test('is short, and drives no terminal', () => {
    const [one] = triesOf(`B tried cp1 exec 0 \u001b]0;owned\u0007\u202e${'x'.repeat(9000)}`) ?? [];
    expect(one?.said).toMatch(/^\]0;owned x{200,}$/);
    expect(one?.said.length).toBeLessThanOrEqual(300);
    expect(triesOf(...Array.from({ length: 20_000 }, () => 'B tried cp1 exec 0 x'))).toHaveLength(10_000);
  });
});

test('no pods are started in a lab that is not sound without them', async () => {
  const scripts: string[] = [];
  const { snapshot: seen } = await verifyLab(
    cluster,
    (_, script) => {
      scripts.push(script);
      return Promise.reject(new Error('down'));
    },
    { assets, tool: 'test', probe: { askPage } },
  );
  expect(seen.probes).toMatchObject({ notAsked: 'what they rest on is not sound' });
  expect(scripts.some((script) => script.includes('create --filename'))).toBe(false);
});

test('announcements: what was said before and after somebody waits for it', async () => {
  const heard = announcements('B');
  heard.line('B pod one');
  heard.line('something else');
  const waiting = heard.until('pods', 'refused');
  heard.line('B pod two');
  heard.line('B pods');
  await waiting;
  expect(heard.said('pod')).toEqual(['one', 'two']);
  const never = heard.until('all');
  heard.end();
  await never;
  expect(heard.said('all')).toEqual([]);
});
