import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { builtProgram } from './place.js';
import { timed } from './programs.js';
import { summary } from './statistics.js';

/**
 * In the place of ssh: keeps what a machine answers; with SECONDS_EACH, gives that again after so long, with the boundary and the
 * time of day that belong to this run.
 */
const standIn = `#!/bin/bash
args=("$@")
for index in "\${!args[@]}"; do
  if [ "\${args[index]}" = -- ]; then machine=\${args[index - 1]}; fi
done
input=$(cat)
boundary=$(grep --max-count 1 '^readonly BOUNDARY=' <<<"$input" | cut --delimiter "'" --fields 2)
file=$ANSWERS/$machine
if [ -n "$SECONDS_EACH" ]; then
  sleep "$SECONDS_EACH"
else
  started=$EPOCHREALTIME
  PATH=$REAL_PATH ssh "$@" <<<"$input" | sed "s/$boundary/@BOUNDARY@/" >"$file"
  awk "BEGIN { print $EPOCHREALTIME - $started }" >"$file.seconds"
fi
sed -E "s/@BOUNDARY@/$boundary/; s/^[0-9]{10}\\.[0-9]{9}$/$(date +%s.%N)/" "$file"
`;

/**
 * Times of `k8slab verify`, in seconds and so many for each lab, as if every machine had a processor of its own: machines answer what they
 * just answered, each after the seconds that the first lab's took in the median. The rounds of the labs take turns.
 */
export async function ownProcessors(labs, rounds) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'k8slab-answers-'));
  const environments = labs.map(({ machines }) => ({
    PATH: `${folder}:${process.env.PATH}`,
    REAL_PATH: process.env.PATH,
    ANSWERS: path.join(folder, String(machines.length)),
    SECONDS_EACH: '',
  }));
  const verify = (index, env) =>
    timed(process.execPath, [builtProgram, 'verify'], {
      cwd: labs[index].folder,
      env: { ...environments[index], ...env },
    });
  try {
    await writeFile(path.join(folder, 'ssh'), standIn);
    await chmod(path.join(folder, 'ssh'), 0o755);
    for (const [index, { ANSWERS }] of environments.entries()) {
      await timed('mkdir', [ANSWERS]);
      await verify(index);
    }
    const took = labs[0].machines.map(async (machine) =>
      Number(await readFile(path.join(environments[0].ANSWERS, `${machine}.seconds`), 'utf8')),
    );
    const seconds = summary(await Promise.all(took)).median;
    const times = labs.map(() => []);
    for (let round = 0; round < rounds; round++)
      for (const index of labs.keys())
        times[index].push((await verify(index, { SECONDS_EACH: String(seconds) })).seconds);
    return { seconds, times };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
