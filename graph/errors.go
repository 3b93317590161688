package graph

import "errors"

// The errors that a caller may want to tell apart. Every layer adds what it
// was doing and keeps these in the chain for errors.Is.
var (
	// ErrInvalid is returned when what was asked or given breaks a rule of the model.
	ErrInvalid = errors.New("invalid")
	// ErrNotFound is returned when a node, document or question does not exist.
	ErrNotFound = errors.New("not found")
	// ErrConflict is returned when the same document comes with another text.
	ErrConflict = errors.New("conflict")
	// ErrLocked is returned when another process is writing to the store.
	ErrLocked = errors.New("locked by another writer")
	// ErrUnreachable is returned when the store's server does not answer.
	ErrUnreachable = errors.New("the store's server does not answer")
	// ErrDenied is returned when the store refuses the user or password.
	ErrDenied = errors.New("the store refuses the user or password")
	// ErrVersion is returned when a newer program wrote a store, or its server is
	// too old.
	ErrVersion = errors.New("store is of another version")
	// ErrCorrupt is returned when a store's file is damaged or is something else.
	ErrCorrupt = errors.New("store is damaged")
	// ErrTooCostly is returned when a query reaches its bound before it is answered.
	ErrTooCostly = errors.New("query is too costly")
	// ErrClosed is returned when a store is used after Close.
	ErrClosed = errors.New("store is closed")
)
