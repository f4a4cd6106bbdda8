import { ofFamily } from '../advice.js';
import type { Check, Finding } from '../check.js';
import { judgeMachines, onMachine } from '../look.js';

/** Seconds; certificates are checked against the clock, and etcd warns from one second on. */
const tolerated = 5;

/** Seconds that a look at a machine may take when the snapshot does not say. */
const longestLook = 40;

export const check: Check = {
  id: 'clock',
  title: "Machines have this host's time",
  layer: 'machine',
  applies: () => true,
  evaluate: (cluster, snapshot) => {
    const began = Date.parse(snapshot.takenAt) / 1000;
    return judgeMachines(
      cluster,
      snapshot,
      () => true,
      ({ name }, { system, seconds = longestLook }): Finding[] | undefined => {
        if (!system?.clock) return undefined;
        const { epochSeconds } = system.clock;
        // Its clock was read at some moment of the look.
        const skew =
          epochSeconds < began ? epochSeconds - began : Math.max(0, epochSeconds - began - seconds);
        if (Math.abs(skew) <= tolerated) return [];
        return [
          {
            code: 'GUEST_CLOCK_SKEW',
            severity: 'failed',
            machine: name,
            message: `The clock of ${name} is ${duration(skew)} ${skew < 0 ? 'behind' : 'ahead of'} this host's.`,
            evidence: [
              `${name}: ${new Date(epochSeconds * 1000).toISOString()}`,
              `this host, when it began to look: ${snapshot.takenAt}`,
            ],
            fix: [
              onMachine(
                name,
                `'sudo systemctl restart ${ofFamily[cluster.box.family].clock} && sudo chronyc waitsync 30 1'`,
              ),
              onMachine(
                name,
                'sudo date --set "@$(date +%s)"   # without a time server: sets this host\'s time',
              ),
            ],
          },
        ];
      },
    );
  },
};

function duration(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  if (whole < 120) return `${whole} s`;
  return whole < 7200 ? `${Math.round(whole / 60)} min` : `${Math.round(whole / 3600)} h`;
}
