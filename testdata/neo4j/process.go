package neo4jtest

import (
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// process is a program that was started; it is waited for until it ends.
type process struct {
	command *exec.Cmd
	done    chan struct{} // closed when it has ended
	err     error         // how it ended, once done is closed
}

// start starts the program. The signal that a bound process gets when its
// parent dies is tied to the thread that forked it, so one thread does that
// and then waits for the program.
func start(command *exec.Cmd) (*process, error) {
	p := &process{command: command, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := command.Start()
		started <- err
		if err == nil {
			p.err = command.Wait()
			close(p.done)
		}
	}()
	return p, <-started
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

func (p *process) kill() {
	_ = p.command.Process.Kill() // it fails only where the process has ended
	<-p.done
}

// stop asks the process to end, and kills it where it does not within grace.
func (p *process) stop(grace time.Duration) {
	_ = p.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(grace):
		p.kill()
	}
}
