package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestHealthOfAServer(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	t.Setenv("PACTA_STORE", "local:"+filepath.Join(t.TempDir(), "graph.db"))
	t.Setenv("PACTA_SERVE_CONTAINER", "true")
	t.Setenv("PACTA_SERVE_ADDRESS", "0.0.0.0:0")
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	served := make(chan int)
	go func() {
		served <- run(ctx, []string{"serve"}, strings.NewReader(""), in, io.Discard)
		in.Close()
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	url, _, _ := strings.Cut(strings.TrimPrefix(line, "serving on http://"), ",")
	_, port, err := net.SplitHostPort(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PACTA_SERVE_ADDRESS", "0.0.0.0:"+port)
	health := func() (int, string) {
		var said strings.Builder
		return run(t.Context(), []string{"health"}, strings.NewReader(""), &said, &said), said.String()
	}
	code, said := health()
	for end := time.Now().Add(time.Minute); code != exitOK && time.Now().Before(end); {
		code, said = health()
	}
	if code != exitOK || said != "ready\n" {
		t.Errorf("while it serves: %d, %s", code, said)
	}
	stop()
	if code := <-served; code != exitOK {
		t.Errorf("serve ended with %d", code)
	}
	if code, said := health(); code != exitFailure || !strings.Contains(said, "not ready") {
		t.Errorf("when it has ended: %d, %s", code, said)
	}
}

func TestHealthOfAStoreThatDoesNotAnswer(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/readyz" {
			t.Errorf("asked for %s", r.URL)
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer server.Close()
	var said strings.Builder
	address := strings.TrimPrefix(server.URL, "http://")
	if code := run(t.Context(), []string{"health", "--address", address}, strings.NewReader(""), &said, &said); code != exitFailure || !strings.Contains(said.String(), "503") {
		t.Errorf("%d, %s", code, said.String())
	}
	if code := run(t.Context(), []string{"health", "--address", "8080"}, strings.NewReader(""), &said, &said); code != exitUsage {
		t.Errorf("without a host: %d", code)
	}
}
