package importer

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pacta/graph"
)

// A DateMention is a span of a document that names a date.
type DateMention struct {
	Span
	Date graph.Date
}

const (
	monthNames = `January|February|March|April|May|June|July|August|September|October|November|December`
	dayOfMonth = `([0-3]?[0-9])(?:st|nd|rd|th)?`
	yearNumber = `(1[5-9][0-9]{2}|20[0-9]{2})`
)

// datePattern is the grammar of dates: an ISO date; day, month and year in
// either order, with parts left out; a year where the words around it say that
// it is one.
var datePattern = regexp.MustCompile(`(?:^|[^\w])(?:` + strings.Join([]string{
	yearNumber + `-([01][0-9])-([0-3][0-9])`,                                                           // 1 2 3
	dayOfMonth + `(?: of)?\s+(` + monthNames + `)(?:,?\s+` + yearNumber + `)?`,                         // 4 5 6
	`(` + monthNames + `)\s+` + dayOfMonth + `(?:,?\s+` + yearNumber + `)?`,                            // 7 8 9
	`(` + monthNames + `)(?:,?\s+(?:of\s+)?` + yearNumber + `)`,                                        // 10 11
	`(?:[Ii]n|[Ee]arly|[Ll]ate|[Mm]id)[\s-](` + monthNames + `)(?:,?\s+(?:of\s+)?` + yearNumber + `)?`, // 12 13
	yearNumber, // 14
}, "|") + `)(?:[^\w]|$)`)

// notYears follow a number that is no year.
var notYears = regexp.MustCompile(`^\s*(?:-?s\b|km|kilomet|miles|men\b|troops|soldiers|people|tons|tonnes|million|billion|percent|per cent|%)`)

var months = func() map[string]int {
	numbers := map[string]int{}
	for i, name := range strings.Split(monthNames, "|") {
		numbers[name] = i + 1
	}
	return numbers
}()

// Dates finds the dates that a sentence names, in order. A day or month without
// a year takes the last year that the sentence named before it or, where it
// named none, the year in which the document was published; where that is
// unknown too, it is left out.
func Dates(d *Document, s Sentence) []DateMention {
	text := strings.ReplaceAll(s.Text(d), "\n", " ")
	year := d.Published.Year()
	var dates []DateMention
	for at := 0; at < len(text); {
		m := datePattern.FindStringSubmatchIndex(text[at:])
		if m == nil {
			break
		}
		group := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return text[at+m[2*i] : at+m[2*i+1]]
		}
		start, end := at+m[1], at+m[0]
		for i := 1; i <= 14; i++ {
			if m[2*i] >= 0 {
				start, end = min(start, at+m[2*i]), max(end, at+m[2*i+1])
			}
		}
		date := dateOf(group, year)
		if explicit := group(14); explicit != "" && (notYears.MatchString(text[end:]) || numbered(text[:start])) {
			date = ""
		}
		if date != "" {
			dates = append(dates, DateMention{Span{s.Start + start, s.Start + end}, date})
			if !ofName.MatchString(text[:start]) {
				year = date.Year()
			}
		}
		at = end
	}
	return append(dates, anniversaries(text, s.Start, dates)...)
}

// anniversary is how a sentence tells of something by the time since: "March
// 1949 marked ten years since".
var anniversary = regexp.MustCompile(`^ marks?(?:ed)? (?:the )?(\d+|[a-z-]+) years? (since)\b`)

var numerals = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty")

// anniversaries are the dates of what happened whole years before a date that
// the sentence names. Their span is the word "since".
func anniversaries(text string, offset int, dates []DateMention) []DateMention {
	var found []DateMention
	for _, d := range dates {
		end := d.End - offset
		m := anniversary.FindStringSubmatchIndex(text[end:])
		if m == nil {
			continue
		}
		word := text[end+m[2] : end+m[3]]
		years, err := strconv.Atoi(word)
		if err != nil {
			years = slices.Index(numerals, word)
		}
		year, _ := strconv.Atoi(d.Date.Year()) // a Date has a year
		if years > 0 && years < year {
			then := fmt.Sprintf("%04d", year-years) + string(d.Date[4:])
			found = append(found, DateMention{Span{d.End + m[4], d.End + m[5]}, graph.Date(then)})
		}
	}
	return found
}

// ofName is how a sentence goes on to a year that is part of a name: "the
// Treaty of Guarantee of 1960". What follows need not be of that year.
var ofName = regexp.MustCompile(`(?:[A-Z][\w-]* of |\()$`)

// numbered reports whether the words before a number make it the number of
// something, as in "resolution 1874".
func numbered(before string) bool {
	words := strings.Fields(strings.ToLower(before))
	if len(words) == 0 {
		return false
	}
	switch strings.Trim(words[len(words)-1], "(") {
	case "resolution", "resolutions", "no.", "article", "page", "paragraph", "nearly", "some", "about", "over":
		return true
	}
	last := before[len(before)-1]
	return last == '/' || last == '$' || last == '#'
}

func dateOf(group func(int) string, year string) graph.Date {
	switch {
	case group(1) != "":
		return checked(group(1), group(2), group(3))
	case group(5) != "":
		return checked(or(group(6), year), number(months[group(5)]), group(4))
	case group(7) != "":
		return checked(or(group(9), year), number(months[group(7)]), group(8))
	case group(10) != "":
		return checked(group(11), number(months[group(10)]), "")
	case group(12) != "":
		return checked(or(group(13), year), number(months[group(12)]), "")
	}
	return graph.Date(group(14))
}

func or(first, second string) string {
	if first != "" {
		return first
	}
	return second
}

func number(n int) string { return fmt.Sprintf("%02d", n) }

// checked is the date of the parts, "" where there is no such day.
func checked(year, month, day string) graph.Date {
	if year == "" {
		return ""
	}
	text := year + "-" + month
	if day != "" {
		text += "-" + fmt.Sprintf("%02s", strings.TrimLeft(day, "0"))
	}
	text = strings.ReplaceAll(text, " ", "0")
	date, err := graph.ParseDate(text)
	if err != nil {
		return ""
	}
	return date
}
