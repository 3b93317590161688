// Package neo4jadmin writes a graph as the files that "neo4j-admin database
// import full" reads, for graphs that would take long to write over the wire.
package neo4jadmin

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"pacta/graph"
)

// errSeparator is returned for a list with a value that holds the separator.
var errSeparator = fmt.Errorf("%w: a value holds the character that separates values", graph.ErrInvalid)

// A Writer writes nodes and relationships into the files of one folder: those
// with the same labels or the same type into one, and its header beside it.
// Every text survives, whatever stands in it; an empty text is not a missing
// one.
type Writer struct {
	folder    string
	made      bool // the folder was missing
	separator rune
	nodes     map[string]*file // by labels
	edges     map[string]*file // by type
	line      []byte
	longest   int // line, in bytes
}

// Create makes the folder where it is missing, and refuses one that holds
// something. Values of lists are separated by the separator.
func Create(folder string, separator rune) (*Writer, error) {
	_, err := os.Stat(folder)
	made := errors.Is(err, os.ErrNotExist)
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	if len(entries) > 0 {
		return nil, fmt.Errorf("%w: folder %s is not empty; name another", graph.ErrInvalid, folder)
	}
	return &Writer{folder: folder, made: made, separator: separator, nodes: map[string]*file{}, edges: map[string]*file{}}, nil
}

// Node adds a node. The key is what relationships call it by, and is not
// stored; no other node has it. Labels and the names of properties are words of
// a vocabulary.
func (w *Writer) Node(key string, labels []string, properties graph.Properties) error {
	name := strings.Join(labels, ":")
	f, err := w.file(w.nodes, name, []string{":ID"})
	if err == nil {
		err = w.row(f, []string{key}, properties)
	}
	if err != nil {
		return fmt.Errorf("node %s: %w", key, err)
	}
	return nil
}

// Relationship adds a relationship between the nodes with these keys. Its type
// and the names of properties are words of a vocabulary.
func (w *Writer) Relationship(from, kind, to string, properties graph.Properties) error {
	f, err := w.file(w.edges, kind, []string{":START_ID", ":END_ID"})
	if err == nil {
		err = w.row(f, []string{from, to}, properties)
	}
	if err != nil {
		return fmt.Errorf("relationship %s -%s-> %s: %w", from, kind, to, err)
	}
	return nil
}

// Close finishes the files.
func (w *Writer) Close() error {
	var faults []error
	for _, f := range w.all() {
		faults = append(faults, f.rows.Flush(), f.disk.Close(),
			os.WriteFile(filepath.Join(w.folder, f.name+".header.csv"), []byte(f.header()), 0o666))
	}
	return errors.Join(faults...)
}

// Discard removes the files, so that the folder is empty or missing again.
func (w *Writer) Discard() error {
	var faults []error
	for _, f := range w.all() {
		_ = f.disk.Close() // it may be closed already
		for _, end := range []string{".csv", ".header.csv"} {
			if err := os.Remove(filepath.Join(w.folder, f.name+end)); !errors.Is(err, os.ErrNotExist) {
				faults = append(faults, err)
			}
		}
	}
	if w.made {
		faults = append(faults, os.Remove(w.folder))
	}
	return errors.Join(faults...)
}

// Nodes is how many nodes were added.
func (w *Writer) Nodes() int { return count(w.nodes) }

// Relationships is how many relationships were added.
func (w *Writer) Relationships() int { return count(w.edges) }

func count(files map[string]*file) int {
	n := 0
	for _, f := range files {
		n += f.count
	}
	return n
}

// buffer is the longest line that neo4j-admin takes without being told, in bytes.
const buffer = 4 << 20

// Command is how neo4j-admin imports the files into a database, in the folder.
func (w *Writer) Command(database string) []string {
	// the database comes first: what follows files is taken for one
	command := []string{"neo4j-admin", "database", "import", "full", database,
		"--multiline-fields=true", fmt.Sprintf("--array-delimiter=%U", w.separator)}
	if w.longest > buffer {
		command = append(command, fmt.Sprintf("--read-buffer-size=%d", w.longest))
	}
	for _, group := range []struct {
		option string
		files  map[string]*file
	}{{"nodes", w.nodes}, {"relationships", w.edges}} {
		for _, name := range slices.Sorted(maps.Keys(group.files)) {
			f := group.files[name]
			command = append(command, fmt.Sprintf("--%s=%s=%s.header.csv,%[3]s.csv", group.option, name, f.name))
		}
	}
	return command
}

func (w *Writer) all() []*file {
	return slices.Concat(slices.Collect(maps.Values(w.nodes)), slices.Collect(maps.Values(w.edges)))
}

// file is the file of the rows with that name, made where it is new.
func (w *Writer) file(files map[string]*file, name string, ends []string) (*file, error) {
	if f := files[name]; f != nil {
		return f, nil
	}
	f := &file{name: strings.ReplaceAll(name, ":", "."), ends: ends, types: map[graph.Property]string{}}
	var err error
	if f.disk, err = os.Create(filepath.Join(w.folder, f.name+".csv")); err != nil {
		return nil, err
	}
	f.rows = bufio.NewWriter(f.disk)
	files[name] = f
	return f, nil
}

func (w *Writer) row(f *file, ends []string, properties graph.Properties) error {
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if !slices.Contains(f.columns, name) {
			f.columns = append(f.columns, name) // rows before this one end earlier
		}
	}
	w.line = w.line[:0]
	for i, end := range ends {
		if i > 0 {
			w.line = append(w.line, ',')
		}
		w.line = appendQuoted(w.line, end)
	}
	for _, name := range f.columns {
		w.line = append(w.line, ',')
		value, ok := properties[name]
		if !ok {
			continue
		}
		kind, err := w.appendValue(value)
		if err == nil {
			err = f.is(name, kind)
		}
		if err != nil {
			return fmt.Errorf("property %s: %w", name, err)
		}
	}
	// neo4j-admin goes on into the next row where one ends with a missing value
	w.line = append(bytes.TrimRight(w.line, ","), '\n')
	w.longest = max(w.longest, len(w.line))
	f.count++
	_, err := f.rows.Write(w.line)
	return err
}

// The types of columns.
const (
	text     = "string"
	texts    = "string[]"
	whole    = "long"
	fraction = "double"
	instant  = "datetime"
)

// appendValue appends a value to the line and returns its type.
func (w *Writer) appendValue(value any) (string, error) {
	switch v := value.(type) {
	case string:
		w.line = appendQuoted(w.line, v)
		return text, nil
	case []string:
		if slices.ContainsFunc(v, func(s string) bool { return strings.ContainsRune(s, w.separator) }) {
			return "", errSeparator
		}
		joined := strings.Join(v, string(w.separator))
		if joined == "" {
			return "", fmt.Errorf("%w: it is a list of nothing", graph.ErrInvalid)
		}
		w.line = appendQuoted(w.line, joined)
		return texts, nil
	case int:
		w.line = strconv.AppendInt(w.line, int64(v), 10)
		return whole, nil
	case float64:
		w.line = strconv.AppendFloat(w.line, v, 'g', -1, 64)
		return fraction, nil
	case time.Time:
		w.line = v.AppendFormat(w.line, time.RFC3339Nano)
		return instant, nil
	}
	return "", fmt.Errorf("%w: it is a %T", graph.ErrInvalid, value)
}

// appendQuoted appends a text in quotes, those within it doubled. The
// package encoding/csv writes an empty text as a missing one.
func appendQuoted(line []byte, s string) []byte {
	line = append(line, '"')
	line = append(line, strings.ReplaceAll(s, `"`, `""`)...)
	return append(line, '"')
}

// A file holds rows with the same columns.
type file struct {
	name    string
	ends    []string // columns of keys
	columns []graph.Property
	types   map[graph.Property]string
	count   int // rows
	disk    *os.File
	rows    *bufio.Writer
}

// is gives a column its type. A column of whole numbers that meets a fraction
// becomes one of fractions.
func (f *file) is(name graph.Property, kind string) error {
	switch known := f.types[name]; {
	case known == "", known == whole && kind == fraction:
		f.types[name] = kind
	case known != kind && !(known == fraction && kind == whole):
		return fmt.Errorf("%w: it is a %s here and a %s elsewhere", graph.ErrInvalid, kind, known)
	}
	return nil
}

func (f *file) header() string {
	names := slices.Clone(f.ends)
	for _, name := range f.columns {
		names = append(names, string(name)+":"+f.types[name])
	}
	return strings.Join(names, ",") + "\n"
}
