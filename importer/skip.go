package importer

import (
	"errors"
	"io/fs"
)

// A SkipReason says why a source is nothing that Pacta reads.
type SkipReason string

// The reasons to skip a source.
const (
	SkipEmpty      SkipReason = "it is empty"
	SkipTooLarge   SkipReason = "it is larger than 64 MiB; split it"
	SkipBinary     SkipReason = "it is no text; Pacta reads plain text, Markdown, HTML and claims files, so convert it to one of these"
	SkipEncoding   SkipReason = "its bytes are no text in UTF-8, and its encoding cannot be told; save it as UTF-8"
	SkipNoText     SkipReason = "there is no text in it"
	SkipUnreadable SkipReason = "it cannot be read"
)

// A SkipError is returned for a source that is skipped, with the reason.
type SkipError struct {
	Reason SkipReason
	Detail string
}

func (e *SkipError) Error() string {
	if e.Detail == "" {
		return string(e.Reason)
	}
	return string(e.Reason) + ": " + e.Detail
}

// unreadable makes a SkipError of what the file system says.
func unreadable(err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return &SkipError{SkipUnreadable, pathError.Err.Error()}
	}
	return err
}
