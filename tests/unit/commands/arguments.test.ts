import { expect, test } from '@jest/globals';
import { protectForeignArguments } from '../../../src/commands/arguments.js';

test.each([
  ['kubectl get nodes -o wide', 'kubectl -- get nodes -o wide'],
  ['kubectl -- get nodes', 'kubectl -- get nodes'],
  ['kubectl exec web -- sh -c ls', 'kubectl -- exec web -- sh -c ls'],
  ['ssh worker1 -- uptime', 'ssh worker1 -- uptime'],
  ['kubectl', 'kubectl'],
  ['kubectl --help', 'kubectl --help'],
  ['kubectl --dir lab get pods --json', 'kubectl --dir lab -- get pods --json'],
  ['--dir=lab kubectl logs x -f', '--dir=lab kubectl -- logs x -f'],
  ['ssh worker1', 'ssh worker1'],
  ['ssh worker1 uptime -p', 'ssh worker1 -- uptime -p'],
  ['ssh -C lab worker1 ls', 'ssh -C lab worker1 -- ls'],
  ['ssh worker1 --help', 'ssh worker1 --help'],
  ['create 1cp-2w --set kubectl=1', 'create 1cp-2w --set kubectl=1'],
])('%s', (typed, parsed) => {
  expect(protectForeignArguments(typed.split(' ')).join(' ')).toBe(parsed);
});
