package neo4jtest

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
)

// FreePort is the first of the wanted loopback ports on which nobody listens,
// else some such port. That one lies below those that systems give to outgoing
// connections, so that none of these takes it before the server does.
func FreePort(wanted ...int) (int, error) {
	for range 100 {
		wanted = append(wanted, 20000+rand.IntN(12000))
	}
	for _, port := range wanted {
		if free(port) {
			return port, nil
		}
	}
	return 0, errors.New("neo4j: no free port between 20000 and 32000")
}

func free(port int) bool {
	var listen net.ListenConfig
	listener, err := listen.Listen(context.Background(), "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return false
	}
	return listener.Close() == nil
}
