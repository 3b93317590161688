package neo4jtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// patience is how long one probe may take, pause the time between two.
const (
	patience = 5 * time.Second
	pause    = 100 * time.Millisecond
)

// await returns when the server answers, or with the reason why it will not.
func (s *Server) await(ctx context.Context, p *process) error {
	for {
		err := s.Ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("it ended: %w", errors.Join(p.err, err))
		case <-ctx.Done():
			return fmt.Errorf("%w; last: %w", context.Cause(ctx), err)
		case <-time.After(pause):
		}
	}
}

// Ready is nil where the server answers a bolt handshake and, by HTTP, a
// question to its database.
func (s *Server) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := s.shakeHands(ctx); err != nil {
		return err
	}
	_, err := s.query(ctx, "RETURN 1")
	return err
}

// shakeHands opens a bolt connection as far as the choice of a version: magic
// bytes and four proposals out, the chosen version back.
func (s *Server) shakeHands(ctx context.Context) error {
	var dialer net.Dialer
	connection, err := dialer.DialContext(ctx, "tcp", strings.TrimPrefix(s.URI, "bolt://"))
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close() }()
	if deadline, ok := ctx.Deadline(); ok {
		if err := connection.SetDeadline(deadline); err != nil {
			return err
		}
	}
	hello := []byte{
		0x60, 0x60, 0xB0, 0x17,
		0, 4, 4, 5, // 5.4 down to 5.0
		0, 0, 4, 4,
		0, 0, 0, 0,
		0, 0, 0, 0,
	}
	if _, err := connection.Write(hello); err != nil {
		return err
	}
	var version [4]byte
	if _, err := io.ReadFull(connection, version[:]); err != nil {
		return fmt.Errorf("bolt handshake: %w", err)
	}
	if version == [4]byte{} {
		return errors.New("bolt handshake: the server knows no version that was proposed")
	}
	return nil
}

// query asks the database by HTTP. It returns the first value of the first
// row, nil where there is none.
func (s *Server) query(ctx context.Context, cypher string) (any, error) {
	type statement struct {
		Statement string `json:"statement"`
	}
	body, err := json.Marshal(map[string][]statement{"statements": {{cypher}}})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.HTTP+"/db/neo4j/tx/commit", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.SetBasicAuth(s.User, s.Password)
	request.Header.Set("Content-Type", "application/json")
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var answer struct {
		Results []struct {
			Data []struct {
				Row []any `json:"row"`
			} `json:"data"`
		} `json:"results"`
		Errors []struct {
			Message string `json:"message"`
		} `json:"errors"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return nil, fmt.Errorf("%s: %w", response.Status, err)
	}
	switch {
	case len(answer.Errors) > 0:
		return nil, fmt.Errorf("%s: %s", response.Status, answer.Errors[0].Message)
	case response.StatusCode != http.StatusOK:
		return nil, errors.New(response.Status)
	case len(answer.Results) == 0 || len(answer.Results[0].Data) == 0 || len(answer.Results[0].Data[0].Row) == 0:
		return nil, nil
	}
	return answer.Results[0].Data[0].Row[0], nil
}
