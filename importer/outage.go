package importer

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"pacta/graph"
)

// The pauses between two tries of a store that does not answer: each is twice
// the one before.
const (
	firstPause = 500 * time.Millisecond
	lastPause  = 10 * time.Second
)

// patiently does what needs the store, again and again while the store's
// server does not answer, as long as Options.Patience allows.
func (im *Importer) patiently(ctx context.Context, do func() error) error {
	err := do()
	began := time.Now()
	for pause := firstPause; errors.Is(err, graph.ErrUnreachable); pause = min(2*pause, lastPause) {
		left := im.options.Patience - time.Since(began)
		if left <= 0 {
			return fmt.Errorf("%w; import again when it does", err)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		im.outage.set(true, im.options.Waiting)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(min(pause, left)):
		}
		if err = do(); !errors.Is(err, graph.ErrUnreachable) {
			im.outage.set(false, im.options.Waiting)
		}
	}
	return err
}

// An outage is a time in which the store does not answer.
type outage struct {
	mutex sync.Mutex
	now   bool
}

// set tells of the outage's begin and end, each once however many workers wait.
func (o *outage) set(now bool, tell func(bool)) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if o.now == now {
		return
	}
	o.now = now
	if tell != nil {
		tell(now)
	}
}
