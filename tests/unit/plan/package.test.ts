import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadAssets } from '../../../src/assets/load.js';
import type { Assets } from '../../../src/assets/manifests.js';
import { K8slabErrors } from '../../../src/errors/error.js';
import { parseLab } from '../../../src/lab/parse.js';
import type { Cluster } from '../../../src/plan/cluster.js';
import { planCluster } from '../../../src/plan/plan.js';
import { planText } from '../../../src/plan/text.js';
import { laptop } from './assets.js';

let assets: Assets;
beforeAll(async () => {
  assets = await loadAssets();
});

/** The plan with values set from outside; undefined where an error says that the lab's parts are not made for each other's versions. */
function plan(text: string, ...set: string[]): Cluster | undefined {
  try {
    return planCluster(parseLab(text, 'lab.yaml', assets, { set }), laptop, assets);
  } catch (error) {
    const errors: readonly unknown[] = error instanceof K8slabErrors ? error.errors : [error];
    const code = expect.stringMatching(/^(PLAN_VERSIONS_UNFIT|LAB_(CNI|RUNTIME)_VERSION)$/);
    for (const one of errors) expect(one).toMatchObject({ code });
    return undefined;
  }
}

/** Presets, and what the shorthand makes of more machines. */
function labTexts(): string[] {
  const counts = ['controlPlanes: 3\nworkers: 2', 'controlPlanes: 1\nworkers: 2\nloadBalancers: 1'];
  const larger = [...counts, 'controlPlanes: 3\nworkers: 2\nloadBalancers: 2'].map(
    (roles) => `name: large\n${roles}\n`,
  );
  return [...Object.values(assets.presets).map(({ text }) => text), ...larger];
}

describe('with the folders of this package', () => {
  test('every preset plans for every provider and every Kubernetes minor, the same each time', () => {
    for (const text of labTexts()) {
      for (const provider of Object.keys(assets.providers)) {
        const provided = `provider=${provider}`;
        expect(plan(text, provided)).toMatchObject({ provider });
        for (const version of ['1.35', '1.36', '1.37']) {
          const wanted = [provided, `kubernetes.version="${version}"`];
          const cluster = plan(text, ...wanted);
          if (cluster === undefined) continue;
          expect(JSON.stringify(plan(text, ...wanted))).toBe(JSON.stringify(cluster));
          expect(
            planText(cluster)
              .split('\n')
              .filter((line) => line.length > 100),
          ).toEqual([]);
          for (const { steps } of cluster.machines) expect(steps.length).toBeGreaterThan(3);
        }
      }
    }
  });
});
