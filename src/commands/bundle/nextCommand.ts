import { shellQuote } from '../../vagrant/shell.js';

/**
 * The command that makes the lab to start with from a bundle. `components` are those that the bundle has; `location` is its folder
 * or URL, as a person wrote it. Without Calico it is the same lab with flannel.
 */
export function nextCommand(components: readonly string[], location: string): string {
  const cni = !components.includes('calico') && components.includes('flannel') ? ' --set cni=flannel' : '';
  return `k8slab create 1cp-2w${cni} --bundle ${shellQuote(location)}`;
}
