/**
 * The beginning of a container's id that `crictl ps` shows, from a whole one with or without `containerd://` before it;
 * an empty list when it is none.
 */
export function shortId(text: string | null): string[] {
  const id = /^(?:[a-z-]+:\/\/)?([0-9a-f]{13})[0-9a-f]{51}$/.exec(text ?? '')?.[1];
  return id === undefined ? [] : [id];
}
