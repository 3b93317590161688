package neo4jtest

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
)

// freePort is a loopback port on which nobody listens. It lies below those
// that systems give to outgoing connections, so that none of these takes it
// before the server does.
func freePort() (int, error) {
	for range 100 {
		if port := 20000 + rand.IntN(12000); Free(port) {
			return port, nil
		}
	}
	return 0, errors.New("neo4j: no free port between 20000 and 32000")
}

// Free reports whether nobody listens on the loopback port.
func Free(port int) bool {
	var listen net.ListenConfig
	listener, err := listen.Listen(context.Background(), "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return false
	}
	return listener.Close() == nil
}
