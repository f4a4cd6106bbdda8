/** Parts of a plan that no check looks at: what provisioners are made of. */
const unseen = { steps: [], settings: [], library: [], secretGroups: [] };

/** A saved snapshot cut to what checks look at: the same shape, without the steps and settings of the plan. */
export function trimmed(text: string): string {
  const document = JSON.parse(text) as { cluster: { machines: object[] } & Record<string, unknown> };
  const { cluster } = document;
  const machines = cluster.machines.map((machine) => ({ ...machine, ...unseen }));
  const small = { ...cluster, machines, sources: [], images: [], ports: [], secrets: [] };
  for (const key of ['bundle', 'adaptations']) Reflect.deleteProperty(small, key);
  return `${JSON.stringify({ ...document, cluster: small }, null, 2)}\n`;
}
