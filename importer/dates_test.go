package importer

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDates(t *testing.T) {
	for text, want := range map[string][]string{
		"It was signed in 1925.":                                 {"1925"},
		"On 1 December 1925 it was signed.":                      {"1925-12-01"},
		"On December 1st, 1925, it was signed.":                  {"1925-12-01"},
		"In March 1938 and on 15 March 1939 troops came.":        {"1938-03", "1939-03-15"},
		"Signed in 1938, it was broken on 15 March.":             {"1938", "1938-03-15"},
		"On 15 March they came.":                                 {"1990-03-15"},
		"In January aid was frozen.":                             {"1990-01"},
		"From 1839–1914 it held.":                                {"1839", "1914"},
		"In the 1930s nothing was done.":                         nil,
		"Resolution 1874 was adopted.":                           nil,
		"They sent 1900 troops.":                                 nil,
		"The text of 1974-07-20 stands.":                         {"1974-07-20"},
		"On 31 February 1925 nothing happened.":                  nil,
		"the 1839 Treaty of London":                              {"1839"},
		"Under the Treaty of Lima of 1960, on 15 March it came.": {"1960", "1990-03-15"},
		"March 1949 marked ten years since Peru invaded.":        {"1949-03", "1939-03"},
		"May they come.":                                         nil,
		"Law 20/1999 of the land, adopted in 2001 (2002).":       {"2001", "2002"},
	} {
		d := &Document{Text: text, Published: "1990-05-06"}
		var got []string
		for _, date := range Dates(d, Sentence{Span: Span{0, len(text)}}) {
			got = append(got, string(date.Date))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s\n%s", text, diff)
		}
	}
}
