/** Namespaces whose pods are the cluster's own, as bootstrappers and CNIs name them. */
export const systemNamespaces: readonly string[] = [
  'kube-system',
  'calico-system',
  'calico-apiserver',
  'tigera-operator',
  'kube-flannel',
];
