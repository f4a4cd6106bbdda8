/** The objects of flannel's manifest that the overlay touches, in the shape they have there; the words are our own. */
export const flannelBase = `apiVersion: v1
kind: ConfigMap
metadata:
  name: kube-flannel-cfg
  namespace: kube-flannel
data:
  cni-conf.json: '{"plugins": []}'
  net-conf.json: '{"Network": "10.244.0.0/16", "Backend": {"Type": "vxlan"}}'
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: kube-flannel-ds
  namespace: kube-flannel
spec:
  selector:
    matchLabels: { app: flannel }
  template:
    metadata:
      labels: { app: flannel }
    spec:
      containers:
        - name: kube-flannel
          image: example.org/flannel:1
          args: [--ip-masq, --kube-subnet-mgr]
`;
