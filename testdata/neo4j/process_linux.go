package neo4jtest

import "syscall"

// bound makes a process die when the thread that started it does.
func bound() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
