import { test } from '@jest/globals';
import { loadAssets } from '../../../src/assets/load.js';
import { parseLab } from '../../../src/lab/parse.js';
import { planCluster } from '../../../src/plan/plan.js';
import { planText } from '../../../src/plan/text.js';
import { laptop } from './assets.js';
test('t', async () => {
  const assets = await loadAssets();
  for (const n of ['1cp-2w', 'cni-2n']) {
    const c = planCluster(parseLab(assets.presets[n]?.text ?? '', 'lab.yaml', assets), { ...laptop }, assets);
    process.stdout.write(planText(c));
    process.stdout.write(
      JSON.stringify(
        c.machines[0]?.settings.map((s) => s.group + ': ' + s.name + '=' + s.value),
        null,
        1,
      ) +
        c.machines[0]?.steps.map((s) => s.id).join(' ') +
        JSON.stringify(c.sources.map((s) => s.id)),
    );
  }
});
