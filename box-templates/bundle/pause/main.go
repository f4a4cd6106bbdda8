// Holds a pod's namespaces open: waits for the end, and buries orphans when the pod shares its process namespace.
// With -v it tells its version instead, as upstream's does: `kubectl exec` can be tried with it.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"
)

// Set by the linker.
var version string

func main() {
	if slices.Contains(os.Args[1:], "-v") {
		fmt.Println("pause", version)
		return
	}
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGCHLD)
	for received := range signals {
		if received != syscall.SIGCHLD {
			return
		}
		for pid, err := 1, error(nil); pid > 0 && err == nil; {
			pid, err = syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
		}
	}
}
