/**
 * A manifest of Calico's shape, in our own words: the objects, names, containers and environment variables that the
 * overlay of provision-scripts/cni/calico changes, with values that are not the lab's.
 */
export const calicoBase = `
apiVersion: v1
kind: ConfigMap
metadata:
  name: calico-config
  namespace: kube-system
data:
  typha_service_name: none
  calico_backend: bird
  veth_mtu: "1111"
  cni_network_config: "{}"
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: calico-node
  namespace: kube-system
spec:
  selector:
    matchLabels: { k8s-app: calico-node }
  template:
    metadata:
      labels: { k8s-app: calico-node }
    spec:
      hostNetwork: true
      initContainers:
        - name: install-cni
          image: example.org/cni:1
          env:
            - name: CNI_MTU
              valueFrom: { configMapKeyRef: { name: calico-config, key: veth_mtu } }
      containers:
        - name: calico-node
          image: example.org/node:1
          env:
            - name: CALICO_NETWORKING_BACKEND
              valueFrom: { configMapKeyRef: { name: calico-config, key: calico_backend } }
            - name: CLUSTER_TYPE
              value: k8s,bgp
            - name: IP
              value: autodetect
            - name: CALICO_IPV4POOL_IPIP
              value: Always
            - name: CALICO_IPV4POOL_VXLAN
              value: Never
          livenessProbe:
            exec: { command: [/bin/calico-node, -felix-live, -bird-live] }
            periodSeconds: 10
          readinessProbe:
            exec: { command: [/bin/calico-node, -felix-ready, -bird-ready] }
            periodSeconds: 10
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: calico-kube-controllers
  namespace: kube-system
spec:
  selector:
    matchLabels: { k8s-app: calico-kube-controllers }
  template:
    metadata:
      labels: { k8s-app: calico-kube-controllers }
    spec:
      containers:
        - name: calico-kube-controllers
          image: example.org/kube-controllers:1
`;
