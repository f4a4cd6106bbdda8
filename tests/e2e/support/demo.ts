import { expect } from '@jest/globals';
import { eventually } from './eventually.js';
import type { KubernetesLab, Pod } from './kubernetesLab.js';

/** What students try first: nginx of three replicas behind a NodePort; and one more pod on every machine, the control plane too. */
const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web, demo: 'yes' } }
    spec:
      containers:
        - name: nginx
          image: nginx:1
          readinessProbe: { httpGet: { path: /, port: 80 }, periodSeconds: 1 }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: everywhere }
spec:
  selector: { matchLabels: { app: everywhere } }
  template:
    metadata: { labels: { app: everywhere, demo: 'yes' } }
    spec:
      tolerations: [{ operator: Exists }]
      containers:
        - name: nginx
          image: nginx:1
          readinessProbe: { httpGet: { path: /, port: 80 }, periodSeconds: 1 }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { type: NodePort, selector: { app: web }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: everywhere }
spec: { selector: { app: everywhere }, ports: [{ port: 80 }] }
`;

/** Starts the demo pods, or does nothing when they run, and waits until every one is ready. */
export async function startDemo(lab: KubernetesLab): Promise<void> {
  await lab.apply(manifest);
  for (const what of ['deployment/web', 'daemonset/everywhere'])
    await lab.kubectl('rollout', 'status', what, '--timeout', '180s');
}

const demoPods = (lab: KubernetesLab): Promise<Pod[]> => lab.pods('demo=yes', 'default');

/** nginx answers this host through the NodePort of every node. */
export async function expectNodePorts(lab: KubernetesLab): Promise<void> {
  const port = await lab.kubectl('get', 'service', 'web', '--output', 'jsonpath={.spec.ports[0].nodePort}');
  const nodes = lab.plan.machines.filter(({ role }) => role !== 'load-balancer');
  const answers: Record<string, string> = {};
  for (const { name, address } of nodes) {
    answers[name] = await fetch(`http://${address}:${port}/`, { signal: AbortSignal.timeout(5000) }).then(
      async (response) => `${response.status} ${/nginx/.exec(await response.text())?.[0] ?? 'another page'}`,
      (error: unknown) => String(error),
    );
  }
  expect(answers).toEqual(Object.fromEntries(nodes.map(({ name }) => [name, '200 nginx'])));
}

/** Every demo pod, one on each machine at least, reaches every other by address, and both Services by name. */
export async function expectPodsReachPods(lab: KubernetesLab): Promise<void> {
  const pods = await demoPods(lab);
  expect(new Set(pods.map(({ spec }) => spec.nodeName))).toEqual(
    new Set(lab.plan.machines.map(({ name }) => name)),
  );
  const { dnsDomain } = lab.plan.networking;
  const targets = [
    ...pods.map(({ status }) => status.podIP),
    'web',
    `web.default.svc.${dnsDomain}`,
    'everywhere',
  ];
  const script = `for target in ${targets.join(' ')}; do
    printf '%s ' "$target"
    curl --silent --show-error --output /dev/null --max-time 5 --write-out '%{http_code}\\n' "http://$target/" 2>&1 || true
  done`;
  const lost: string[] = [];
  for (const pod of pods) {
    const lines = (await lab.inPod(pod, script)).trim().split('\n');
    const from = `${pod.metadata.name} on ${pod.spec.nodeName}`;
    for (const line of lines) if (!line.endsWith(' 200')) lost.push(`${from} → ${line}`);
    expect(lines.filter((line) => line.endsWith(' 200')).length + lost.length).toBeGreaterThanOrEqual(
      targets.length,
    );
  }
  expect(lost).toEqual([]);
}

/** `k8slab kubectl logs` and `exec` work for a pod on every machine, so the API reaches every kubelet. */
export async function expectLogsAndExec(lab: KubernetesLab): Promise<void> {
  const pods = await lab.pods('app=everywhere', 'default');
  expect(pods.map(({ spec }) => spec.nodeName).sort()).toEqual(
    lab.plan.machines.map(({ name }) => name).sort(),
  );
  for (const { metadata } of pods) {
    expect(await lab.kubectl('logs', metadata.name, '--tail', '5')).toContain('kube-probe/');
    expect(await lab.kubectl('exec', metadata.name, '--', 'hostname')).toBe(`${metadata.name}\n`);
  }
}

/**
 * All that the demo pods prove of a lab, within a minute or so: a NodePort answers once kube-proxy has heard of its pods, and right
 * after machines have booted, the API still tells of their pods what was true before.
 */
export async function expectDemo(lab: KubernetesLab): Promise<void> {
  await eventually(async () => {
    await startDemo(lab);
    await expectNodePorts(lab);
    await expectPodsReachPods(lab);
    await expectLogsAndExec(lab);
  });
}
