//go:build !linux

package neo4jtest

import "syscall"

// bound is nothing where the system has no signal for a parent's death: a test
// process that is killed leaves its server behind.
func bound() *syscall.SysProcAttr { return nil }
