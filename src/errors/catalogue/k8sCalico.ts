import type { CatalogueEntry } from './entry.js';

/** What is wrong with Calico once it has an address: its sessions, its daemons, its routes. */
export const k8sCalicoEntries = {
  K8S_BIRD_DOWN: {
    title: 'BIRD does not run on a node',
    exit: 1,
    meaning: 'The others lose the routes to its pods: "BIRD is not ready: Error querying BIRD".',
    why: 'calico-node is not there or has just been started, or its backend is not bird.',
    fix: [
      'k8slab kubectl -- -n kube-system delete pods -l k8s-app=calico-node --field-selector spec.nodeName=<machine>',
    ],
    see: ['k8slab kubectl -- -n kube-system get pods -l k8s-app=calico-node -o wide'],
  },
  K8S_BGP_PORT_SILENT: {
    title: 'BGP does not get through to a node',
    exit: 1,
    meaning:
      '"BIRD is not ready: BGP not established with …": the nodes do not learn where each other’s pods are.',
    why: 'Something drops TCP 179: a firewall on the machine or between machines.',
    fix: ['k8slab ssh <machine> -- sudo iptables -S INPUT'],
    see: ['k8slab ssh <machine> -- timeout 3 bash -c "exec 3<>/dev/tcp/<address>/179"'],
    source: 'https://docs.tigera.io/calico/latest/getting-started/kubernetes/requirements',
  },
  K8S_BGP_REFUSED: {
    title: 'A node refuses BGP',
    exit: 1,
    meaning: 'The machine is reached, and nothing listens at TCP 179 there.',
    why: 'BIRD does not run there, or listens on another address.',
    fix: [
      'k8slab kubectl -- -n kube-system delete pods -l k8s-app=calico-node --field-selector spec.nodeName=<machine>',
    ],
  },
  K8S_BGP_WRONG_ADDRESS: {
    title: 'BGP peers look for a node at a wrong address',
    exit: 1,
    meaning:
      '"BIRD is not ready: BGP not established with 10.0.2.15": BIRD has a peer at an address that no machine of the lab is planned to have, and none at the planned one.',
    why: 'calico-node chose another adapter’s address for its node when it started (k8slab then names that first), or the address was put right and BIRD still has the old one.',
    fix: [
      'k8slab kubectl -- -n kube-system delete pods -l k8s-app=calico-node --field-selector spec.nodeName=<machine>',
      'k8slab verify --wait 5m',
    ],
    see: ['k8slab kubectl -- get nodes -o yaml | grep projectcalico.org/IPv4Address'],
    source: 'https://docs.tigera.io/calico/latest/networking/ipam/ip-autodetection',
  },
  K8S_BGP_NOT_ESTABLISHED: {
    title: 'A BGP session is not established',
    exit: 1,
    meaning: 'The port answers, but the nodes have not agreed: routes to pods are missing.',
    why: 'calico-node was started less than a minute ago, or the two do not agree, on their AS numbers say.',
    fix: [
      'k8slab verify --wait 2m',
      'k8slab kubectl -- -n kube-system rollout restart daemonset/calico-node',
    ],
    source: 'https://docs.tigera.io/calico/latest/networking/configuring/bgp',
  },
  K8S_BGP_MESH_OFF: {
    title: 'Calico’s mesh of nodes is switched off',
    exit: 1,
    meaning:
      'Without route reflectors no node has a peer: pods of different machines do not reach each other.',
    why: 'A BGPConfiguration with nodeToNodeMeshEnabled: false was applied.',
    fix: [
      'k8slab kubectl -- patch bgpconfigurations.crd.projectcalico.org default --type merge --patch \'{"spec":{"nodeToNodeMeshEnabled":true}}\'',
    ],
    source:
      'https://docs.tigera.io/calico/latest/networking/configuring/bgp#disable-the-default-bgp-node-to-node-mesh',
  },
  K8S_CALICO_NODE_NAME: {
    title: 'Calico’s file with the node’s name is missing or wrong',
    exit: 1,
    meaning:
      'New pods hang in ContainerCreating: "stat /var/lib/calico/nodename: no such file or directory".',
    why: 'calico-node has not started there, or /var/lib/calico was deleted under it.',
    fix: [
      'k8slab kubectl -- -n kube-system delete pods -l k8s-app=calico-node --field-selector spec.nodeName=<machine>',
    ],
    source: 'https://github.com/projectcalico/calico/issues/2699',
  },
  K8S_FELIX_NOT_LIVE: {
    title: 'Felix is not live',
    exit: 1,
    meaning:
      '"calico/node is not ready: felix is not ready": rules and routes of pods are not kept up to date.',
    why: 'It has just been started, does not reach the API, or cannot program the kernel.',
    fix: ['k8slab kubectl -- -n kube-system logs -l k8s-app=calico-node -c calico-node --tail 20'],
    see: ['k8slab ssh <machine> -- curl -i http://127.0.0.1:9099/readiness'],
  },
  K8S_POD_ROUTE_MISSING: {
    title: 'A node has no route to the pods of another',
    exit: 1,
    meaning: 'Packets for those pods leave through the default route, and are lost.',
    why: 'The CNI has not told it: BGP is down, the node’s subnet is not known, or a route was deleted by hand.',
    fix: ['k8slab verify --wait 2m', 'k8slab ssh <machine> -- ip route'],
  },
} satisfies Record<string, CatalogueEntry>;
