package importer

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDates(t *testing.T) {
	for text, want := range map[string][]string{
		"It was signed in 1925.":                                                                       {"1925"},
		"On 1 December 1925 it was signed.":                                                            {"1925-12-01"},
		"On December 1st, 1925, it was signed.":                                                        {"1925-12-01"},
		"In March 1938 and on 15 March 1939 troops came.":                                              {"1938-03", "1939-03-15"},
		"Signed in 1938, it was broken on 15 March.":                                                   {"1938", "1938-03-15"},
		"On 15 March they came.":                                                                       {"1990-03-15"},
		"In January aid was frozen.":                                                                   {"1990-01"},
		"From 1839–1914 it held.":                                                                      {"1839"},
		"It was signed on Jan. 5, 2022, not 3 Feb 2021.":                                               {"2022-01-05", "2021-02-03"},
		"On the 4th day of April, 1949, and the twenty-third of May 1950.":                             {"1949-04-04", "1950-05-23"},
		"Done this thirtieth day of October one thousand nine hundred and ninety-one.":                 {"1991-10-30"},
		"Done on the first of June, two thousand and four.":                                            {"2004-06-01"},
		"At the end of July 1974 it fell.":                                                             {"1974-07"},
		"LIMA, 22 NOVEMBER 1937":                                                                       {"1937-11-22"},
		"On 18–21 July 1974 they met.":                                                                 {"1974-07-18"},
		"In 1973, and between 20 July and 16 August 1974, it came.":                                    {"1973", "1974-07-20", "1974-08-16"},
		"From December to January 2015 it froze.":                                                      {"2014-12", "2015-01"},
		"It is 1500 km, 2000-strong, and costs $1999 or 1800 tonnes.":                                  nil,
		"Resolutions 1695 (2006), 1718 (2006) and 1874 (2009) stand.":                                  {"2006", "2006", "2009"},
		"See Law No. 1805, S/RES/1874 and 1,000 km.":                                                   nil,
		"Twenty years ago Peru disarmed; 3 years ago Chile did; last year, all; some years ago, none.": {"1970", "1987", "1989"},
		"Over the last year nothing changed.":                                                          nil,
		"In the 1990's and mid-1960s it held.":                                                         nil,
		"It came at 2022-03-24T10:00:00Z.":                                                             {"2022-03-24"},
		"They may 5 times try.":                                                                        nil,
		"In the 1930s nothing was done.":                                                               nil,
		"Resolution 1874 was adopted.":                                                                 nil,
		"They sent 1900 troops.":                                                                       nil,
		"The text of 1974-07-20 stands.":                                                               {"1974-07-20"},
		"On 31 February 1925 nothing happened.":                                                        nil,
		"the 1839 Treaty of London":                                                                    {"1839"},
		"Under the Treaty of Lima of 1960, on 15 March it came.":                                       {"1960", "1990-03-15"},
		"March 1949 marked ten years since Peru invaded.":                                              {"1949-03", "1939-03"},
		"May they come.":                                                                               nil,
		"Law 20/1999 of the land, adopted in 2001 (2002).":                                             {"2001", "2002"},
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
