import { test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { loadChecks } from '../../../src/collect/loadChecks.js';
import { evaluate } from '../../../src/report/evaluate.js';
import { reportText } from '../../../src/report/text.js';
import { snapshotOf } from '../checks/fixtures.js';
test('x', async () => {
  const checks = await loadChecks();
  const a = snapshotOf('1cp-2w');
  let out = reportText(evaluate(a.cluster, a.snapshot, checks));
  const b = snapshotOf('1cp-2w', [
    { path: '/snapshot/machines/worker1/system/swap', value: ['/dev/sda2 partition'] },
    { path: '/snapshot/machines/worker1/kubelet/active', value: 'activating' },
    { path: '/snapshot/machines/worker1/kubelet/log', value: ['"command failed" err="failed to run Kubelet: running with swap on is not supported"'] },
    { path: '/snapshot/cluster/nodes/1/ready', value: false },
    { path: '/snapshot/cluster/nodes/1/readyReason', value: 'NodeStatusUnknown' },
    { path: '/snapshot/cluster/nodes/1/annotations/projectcalico.org~1IPv4Address', value: '10.0.2.15/24' },
    { path: '/snapshot/cluster/nodes/2/annotations/projectcalico.org~1IPv4Address', value: '10.0.2.15/24' },
    { path: '/snapshot/machines/worker2/system/modules', value: null },
  ]);
  out += '\n' + reportText(evaluate(b.cluster, b.snapshot, checks), { width: 100 });
  writeFileSync('/tmp/verify-show.txt', out);
});
