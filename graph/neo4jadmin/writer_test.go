package neo4jadmin

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pacta/graph"
)

// hostile are texts that a careless writer or reader loses.
var hostile = []string{
	"plain", "", `a "quoted" word`, `"`, `""`, "a,b", "a;b", "line\nbreak", "\n", "\r", "crlf\r\n", `C:\folder\`, `\"`, `\n`,
	"  around  ", "\u202eright to left\u2066\u2069", "nul\x00", "\ufeffmark", "\uffff", "tab\t", "\u2028", "null", "true", "1",
	"=1+1", "x'}) DETACH DELETE n //", strings.Repeat("long, \"long\"\n", 1000),
}

// field is what stands between two commas; missing is nothing at all.
type field struct {
	text   string
	quoted bool
}

// readCSV reads rows as neo4j-admin does: a quoted empty text is a text, and
// line ends within quotes stay as they are.
func readCSV(t *testing.T, path string) [][]field {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]field
	var row []field
	for rest := string(data); rest != ""; {
		var f field
		if f.quoted = rest[0] == '"'; f.quoted {
			for rest = rest[1:]; ; {
				before, after, ok := strings.Cut(rest, `"`)
				if !ok {
					t.Fatalf("%s: a quote does not end", path)
				}
				f.text, rest = f.text+before, after
				if !strings.HasPrefix(rest, `"`) {
					break
				}
				f.text, rest = f.text+`"`, rest[1:]
			}
		} else {
			end := strings.IndexAny(rest, ",\n")
			f.text, rest = rest[:end], rest[end:]
		}
		row = append(row, f)
		if rest[0] == '\n' {
			rows, row = append(rows, row), nil
		}
		rest = rest[1:]
	}
	return rows
}

// readBack reads the rows of a file by its header. Keys are under the names of
// their columns.
func readBack(t *testing.T, w *Writer, name string) []map[string]any {
	t.Helper()
	header := readCSV(t, filepath.Join(w.folder, name+".header.csv"))
	if len(header) != 1 {
		t.Fatalf("%s: a header of %d lines", name, len(header))
	}
	var nodes []map[string]any
	for _, row := range readCSV(t, filepath.Join(w.folder, name+".csv")) {
		if len(row) > len(header[0]) {
			t.Fatalf("%s: %d columns in a row, %d in the header", name, len(row), len(header[0]))
		}
		node := map[string]any{}
		for i, f := range row {
			property, kind, _ := strings.Cut(header[0][i].text, ":")
			if f == (field{}) {
				continue
			}
			switch kind {
			case "long":
				node[property], _ = strconv.Atoi(f.text)
			case "double":
				node[property], _ = strconv.ParseFloat(f.text, 64)
			case "string[]":
				node[property] = strings.Split(f.text, string(w.separator))
			case "string":
				node[property] = f.text
			default:
				node[":"+kind] = f.text
			}
		}
		nodes = append(nodes, node)
	}
	return nodes
}

func create(t interface {
	Helper()
	Fatal(...any)
}, folder string) *Writer {
	t.Helper()
	w, err := Create(folder, '\x1f')
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestEveryTextSurvives(t *testing.T) {
	w := create(t, t.TempDir())
	var want []map[string]any
	for i, s := range hostile {
		key := fmt.Sprint(i, s)
		list := []string{s, "between", s}
		if err := w.Node(key, []string{"Actor", "State"}, graph.Properties{graph.Name: s, graph.Names: list, graph.Start: i}); err != nil {
			t.Fatal(err)
		}
		want = append(want, map[string]any{":ID": key, "name": s, "names": list, "start": i})
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, readBack(t, w, "Actor.State")); diff != "" {
		t.Error(diff)
	}
}

func TestAnyTextSurvives(t *testing.T) {
	folder := t.TempDir()
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		w := create(r, filepath.Join(folder, strconv.Itoa(n)))
		values := rapid.SliceOfN(rapid.String(), 1, 5).Draw(r, "values")
		var want []map[string]any
		for _, value := range values {
			properties, row := graph.Properties{}, map[string]any{":START_ID": value, ":END_ID": "end"}
			for _, name := range []graph.Property{graph.Name, graph.Quote} {
				if rapid.Bool().Draw(r, "present") {
					properties[name], row[string(name)] = value, value
				}
			}
			if err := w.Relationship(value, "OWES", "end", properties); err != nil {
				r.Fatal(err)
			}
			want = append(want, row)
		}
		if err := w.Close(); err != nil {
			r.Fatal(err)
		}
		if diff := cmp.Diff(want, readBack(t, w, "OWES")); diff != "" {
			r.Error(diff)
		}
	})
}

func TestMissingAndEmptyAndNumbers(t *testing.T) {
	w := create(t, t.TempDir())
	rows := []graph.Properties{
		{"key": ""},
		{},
		{graph.Confidence: 1},
		{"key": "y"},
		{graph.Confidence: 0.1, graph.Start: -7},
		{"key": "x", graph.Names: []string{"", ""}},
	}
	for _, properties := range rows {
		if err := w.Relationship("a", "EVIDENCED_BY", "b", properties); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	header, err := os.ReadFile(filepath.Join(w.folder, "EVIDENCED_BY.header.csv"))
	if want := ":START_ID,:END_ID,key:string,confidence:double,start:long,names:string[]\n"; err != nil || string(header) != want {
		t.Errorf("header %q, want %q", header, want)
	}
	if data, err := os.ReadFile(filepath.Join(w.folder, "EVIDENCED_BY.csv")); err != nil || strings.Contains(string(data), ",\n") {
		t.Errorf("a row ends with a missing value, which neo4j-admin does not see: %q, %v", data, err)
	}
	want := []map[string]any{
		{"key": ""}, {}, {"confidence": 1.0}, {"key": "y"}, {"confidence": 0.1, "start": -7}, {"key": "x", "names": []string{"", ""}},
	}
	for _, row := range want {
		row[":START_ID"], row[":END_ID"] = "a", "b"
	}
	if diff := cmp.Diff(want, readBack(t, w, "EVIDENCED_BY")); diff != "" {
		t.Error(diff)
	}
}

func TestWhatCannotBeWritten(t *testing.T) {
	w := create(t, t.TempDir())
	for _, properties := range []graph.Properties{
		{graph.Names: []string{"a\x1fb"}},
		{graph.Names: []string{}},
		{graph.Names: []string{""}},
		{graph.Name: true},
		{graph.Start: "three"},
	} {
		if err := w.Node("n", []string{"Passage"}, graph.Properties{graph.Start: 3}); err != nil {
			t.Fatal(err)
		}
		if err := w.Node("n", []string{"Passage"}, properties); !errors.Is(err, graph.ErrInvalid) {
			t.Errorf("%v: %v", properties, err)
		}
	}
}

func TestFolders(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a", "b")
	w := create(t, folder)
	if err := w.Node("n", []string{"Actor"}, nil); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(folder, '\x1f'); !errors.Is(err, graph.ErrInvalid) || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("a folder with files: %v", err)
	}
	if err := w.Discard(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder was missing before: %v", err)
	}
	create(t, folder)
}

func TestCommand(t *testing.T) {
	w := create(t, t.TempDir())
	for _, labels := range [][]string{{"Passage"}, {"Actor", "State"}} {
		if err := w.Node("n"+labels[0], labels, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Relationship("nActor", "OWES", "nPassage", nil); err != nil {
		t.Fatal(err)
	}
	want := []string{"neo4j-admin", "database", "import", "full", "people", "--multiline-fields=true", "--array-delimiter=U+001F",
		"--nodes=Actor:State=Actor.State.header.csv,Actor.State.csv", "--nodes=Passage=Passage.header.csv,Passage.csv",
		"--relationships=OWES=OWES.header.csv,OWES.csv"}
	if diff := cmp.Diff(want, w.Command("people")); diff != "" {
		t.Error(diff)
	}
	if err := w.Node("long", []string{"Passage"}, graph.Properties{graph.Quote: strings.Repeat("x", buffer)}); err != nil {
		t.Fatal(err)
	}
	if option := fmt.Sprint("--read-buffer-size=", buffer+len(`"long",""`)+1); !slices.Contains(w.Command("people"), option) {
		t.Errorf("no %s in %q", option, w.Command("people"))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}
