import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { isAlive, ownProcess, processOf } from './vboxmanage/processes.js';

test('a process runs until it ends', () => {
  expect(isAlive(ownProcess())).toBe(true);
  const { pid } = spawnSync('true');
  expect(isAlive(processOf(pid))).toBe(false);
});

test('a number that another process has got since is not the process that had it', () => {
  expect(isAlive({ ...ownProcess(), started: '1' })).toBe(false);
});

test('no process does not run', () => {
  expect(isAlive(undefined)).toBe(false);
});
