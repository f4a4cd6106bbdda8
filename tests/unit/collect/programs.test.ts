import { expect, test } from '@jest/globals';
import { parsePrograms } from '../../../src/collect/parse/programs.js';

const section = (output: string) => ({ output, errors: '', status: 0 });

test('programs are read with what starts them, whether they run, and the words of those that do not', () => {
  const sections = new Map([
    ['programs', section('etcd present activating stopped\nkube-proxy missing - running\nnonsense\n')],
    ['program-logs', section('etcd {"msg":"one"}\netcd two\nother three\n')],
  ]);
  expect(parsePrograms(sections)).toEqual([
    { name: 'etcd', present: true, active: 'activating', running: false, log: ['{"msg":"one"}', 'two'] },
    { name: 'kube-proxy', present: false, active: null, running: true, log: [] },
  ]);
});

test('nothing is known of them when the machine did not answer in time', () => {
  expect(parsePrograms(new Map())).toBeNull();
});
