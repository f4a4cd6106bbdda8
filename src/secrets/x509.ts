/**
 * `@peculiar/x509` finds its algorithms through a container that keeps metadata of classes with `Reflect`. Node has no
 * such methods, and the library leaves the choice of a polyfill to its users; these three are all it calls.
 * Source: https://github.com/PeculiarVentures/x509#-reflect-polyfill-required
 */
function provideMetadata(): void {
  if ('getMetadata' in Reflect) return;
  const kept = new WeakMap<object, Map<unknown, unknown>>();
  const getOwnMetadata = (key: unknown, target: object): unknown => kept.get(target)?.get(key);
  const getMetadata = (key: unknown, target: object): unknown => {
    for (let at: object | null = target; at !== null; at = Reflect.getPrototypeOf(at)) {
      if (kept.get(at)?.has(key)) return getOwnMetadata(key, at);
    }
    return undefined;
  };
  const defineMetadata = (key: unknown, value: unknown, target: object): void => {
    const own = kept.get(target) ?? new Map<unknown, unknown>();
    kept.set(target, own.set(key, value));
  };
  Object.assign(Reflect, { getOwnMetadata, getMetadata, defineMetadata });
}

/** The certificate library, loaded when the first certificate is made: it takes a while, and most commands need none. */
export async function loadX509(): Promise<typeof import('@peculiar/x509')> {
  provideMetadata();
  return import('@peculiar/x509');
}
