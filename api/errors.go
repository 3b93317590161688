package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"pacta/graph"
)

// statuses says which HTTP status each sentinel becomes. What is not here is
// an internal error, whose text stays in the log.
var statuses = []struct {
	err    error
	status int
}{
	{graph.ErrInvalid, http.StatusUnprocessableEntity},
	{graph.ErrNotFound, http.StatusNotFound},
	{graph.ErrConflict, http.StatusConflict},
	{graph.ErrTooCostly, http.StatusUnprocessableEntity},
	{graph.ErrLocked, http.StatusServiceUnavailable},
	{graph.ErrUnreachable, http.StatusServiceUnavailable},
	{graph.ErrDenied, http.StatusServiceUnavailable},
	{graph.ErrClosed, http.StatusServiceUnavailable},
	{context.DeadlineExceeded, http.StatusGatewayTimeout},
	{context.Canceled, http.StatusServiceUnavailable},
}

// problem is the RFC 9457 problem for an error.
func (s *server) problem(ctx context.Context, err error) error {
	for _, row := range statuses {
		if errors.Is(err, row.err) {
			return huma.NewError(row.status, err.Error())
		}
	}
	s.options.Logger.LogAttrs(ctx, slog.LevelError, "internal error", slog.Any("error", err))
	return huma.NewError(http.StatusInternalServerError, "internal error; the server's log has more")
}
