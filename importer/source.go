package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pacta/graph"
)

// A Source is something to import: a document or a file of claims.
type Source struct {
	// URI names the source to people and in the graph.
	URI string
	// Open opens its bytes.
	Open func() (io.ReadCloser, error)
	// Near opens the document of that file name that belongs to this source, or
	// says fs.ErrNotExist. It is nil where there is nowhere to look.
	Near func(name string) (Source, error)
}

// isClaims reports whether the source is a file of claims by its name.
func (s Source) isClaims() bool {
	switch strings.ToLower(filepath.Ext(s.URI)) {
	case ".json", ".jsonl":
		return true
	}
	return false
}

// Bytes is a source that is already in memory.
func Bytes(uri string, data []byte) Source {
	return Source{URI: uri, Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
}

// Files finds the sources at the paths: files, all files in folders below
// them, and globs. Hidden files and folders are passed over. What cannot be
// read is a result with its reason; a path that matches nothing is an error.
func Files(paths []string) ([]Source, []Result, error) {
	var found []string
	var unreadable []Result
	for _, path := range paths {
		matches := []string{path}
		if _, err := os.Lstat(path); err != nil {
			if matches, err = filepath.Glob(path); err != nil || len(matches) == 0 {
				return nil, nil, fmt.Errorf("%w: %s: no such file or folder", graph.ErrNotFound, path)
			}
		}
		for _, match := range matches {
			err := filepath.WalkDir(match, func(p string, entry fs.DirEntry, err error) error {
				switch {
				case err != nil:
					unreadable = append(unreadable, Result{Source: p, Outcome: Skipped, Reason: "cannot be read: " + reason(err)})
					if entry != nil && entry.IsDir() {
						return fs.SkipDir
					}
				case p != match && strings.HasPrefix(entry.Name(), "."):
					if entry.IsDir() {
						return fs.SkipDir
					}
				case entry.Type().IsRegular():
					found = append(found, filepath.Clean(p))
				case entry.Type()&fs.ModeSymlink != 0:
					if info, err := os.Stat(p); err == nil && info.Mode().IsRegular() {
						found = append(found, filepath.Clean(p))
					}
				}
				return nil
			})
			if err != nil {
				return nil, nil, err
			}
		}
	}
	slices.Sort(found)
	var sources []Source
	for _, path := range slices.Compact(found) {
		sources = append(sources, file(path))
	}
	return sources, unreadable, nil
}

// file is the source at a path. A claims file's document stands beside it or
// in a folder "documents" beside its folder.
func file(path string) Source {
	return Source{
		URI:  path,
		Open: func() (io.ReadCloser, error) { return os.Open(path) },
		Near: func(name string) (Source, error) {
			folder := filepath.Dir(path)
			for _, near := range []string{filepath.Join(folder, name), filepath.Join(folder, "..", "documents", name)} {
				if info, err := os.Stat(near); err == nil && info.Mode().IsRegular() && near != path {
					return file(near), nil
				}
			}
			return Source{}, fs.ErrNotExist
		},
	}
}

// reason is what went wrong with a file, without its path.
func reason(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err.Error()
	}
	return err.Error()
}
