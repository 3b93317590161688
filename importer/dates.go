package importer

import (
	"cmp"
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
	shortNames = `Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec`
	fullMonth  = `(?P<month>` + monthNames + `)\b`
	month      = `(?P<month>(?i:` + monthNames + `)\b|(?:` + shortNames + `)\b)\.?`
	day        = `(?P<day>[0-3]?[0-9])(?:\s?[-–]\s?[0-3]?[0-9])?(?:st|nd|rd|th)?\b`
	dayInWords = `(?P<day>(?:[Tt]wenty[- ]|[Tt]hirty[- ])?[A-Za-z]+)(?:\s+day)?\s+of\s+`
	year       = `(?P<year>1[5-9][0-9]{2}|20[0-9]{2})\b`
	yearWords  = `(?:in the year\s+)?(?P<year>(?:one|two|nineteen|eighteen)\s+(?:thousand|hundred)\b(?:[\s-]+(?:` + numberWord + `)\b)*)`
	numberWord = `hundred|and|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty`
)

// dateForms is the grammar of dates, from what says most to a year alone:
// where two forms match, the first has it.
var dateForms = []*regexp.Regexp{
	regexp.MustCompile(`\b(?P<year>1[5-9][0-9]{2}|20[0-9]{2})-(?P<month>[01][0-9])-(?P<day>[0-3][0-9])(?:T[0-9:.]+Z?)?\b`),
	regexp.MustCompile(`\b` + day + `(?:\s+day)?(?:\s+of)?\s+` + month + `,?\s+` + year),
	regexp.MustCompile(`\b` + month + `\s+` + day + `,?\s+` + year),
	regexp.MustCompile(`\b` + dayInWords + month + `,?\s+` + year),
	regexp.MustCompile(`\b` + dayInWords + month + `,?\s+` + yearWords),
	regexp.MustCompile(`\b` + month + `(?:\s+of)?,?\s+` + year),
	regexp.MustCompile(`\b` + day + `(?:\s+of)?\s+` + fullMonth),
	regexp.MustCompile(`\b` + fullMonth + `\s+` + day),
	regexp.MustCompile(`\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Ee]arly|[Ll]ate|[Mm]id|[Ff]rom|[Bb]y)[\s-]` + fullMonth),
	regexp.MustCompile(`\b` + year),
}

// A namedDate is a date as a sentence names it; what it leaves out is 0.
type namedDate struct {
	Span
	year, month, day int
}

// Dates finds the dates that a sentence names, in order. A day or month without
// a year takes that of the date it is joined to ("between 20 July and 16 August
// 1974"), else the last year named before it, else the year in which the
// document was published; where that is unknown too, it is left out. A range
// gives its first date.
func Dates(d *Document, s Sentence) []DateMention {
	text := s.Text(d)
	named := namedDates(text)
	joinYears(text, named)
	last, _ := strconv.Atoi(d.Published.Year())
	var dates []DateMention
	for _, n := range named {
		if n.year == 0 {
			n.year = last
		} else if !ofName.MatchString(text[max(0, n.Start-maxBefore):n.Start]) {
			last = n.year
		}
		if date := n.date(); date != "" {
			dates = append(dates, DateMention{n.Span, date})
		}
	}
	dates = append(dates, anniversaries(text, dates)...)
	dates = append(dates, relativeDates(text, d.Published)...)
	slices.SortFunc(dates, func(a, b DateMention) int { return cmp.Compare(a.Start, b.Start) })
	for i := range dates {
		dates[i].Start += s.Start
		dates[i].End += s.Start
	}
	return dates
}

// date is the date in full, "" where its year is unknown or there is no such day.
func (n namedDate) date() graph.Date {
	text := fmt.Sprintf("%04d", n.year)
	if n.month > 0 {
		text += fmt.Sprintf("-%02d", n.month)
	}
	if n.day > 0 {
		text += fmt.Sprintf("-%02d", n.day)
	}
	date, err := graph.ParseDate(text)
	if err != nil || n.year == 0 {
		return ""
	}
	return date
}

// mayDate is what every sentence holds that names a date by dateForms.
var mayDate = regexp.MustCompile(`[0-9]|` + monthNames + `|hundred`)

// namedDates finds what matches dateForms, in order.
func namedDates(text string) []namedDate {
	if !mayDate.MatchString(text) {
		return nil
	}
	var named []namedDate
	for _, form := range dateForms {
		for _, m := range form.FindAllStringSubmatchIndex(text, -1) {
			n, ok := parts(text, form, m)
			overlaps := func(other namedDate) bool { return n.Start < other.End && other.Start < n.End }
			if ok && !slices.ContainsFunc(named, overlaps) {
				named = append(named, n)
			}
		}
	}
	slices.SortFunc(named, func(a, b namedDate) int { return cmp.Compare(a.Start, b.Start) })
	return named
}

// parts reads a match of a form. It reports false for what is no date.
func parts(text string, form *regexp.Regexp, m []int) (namedDate, bool) {
	n := namedDate{Span: Span{Start: m[1], End: m[1]}}
	for i, name := range form.SubexpNames() {
		if name == "" {
			continue
		}
		n.Start = min(n.Start, m[2*i])
		part := text[m[2*i]:m[2*i+1]]
		var value int
		switch name {
		case "year":
			value = numberOf(part)
			n.year = value
		case "month":
			value = monthOf(part)
			n.month = value
		case "day":
			value = dayOf(part)
			n.day = value
		}
		if value == 0 {
			return n, false
		}
	}
	if n.month == 0 {
		return n, isYear(text, n.Span)
	}
	return n, true
}

// joiner stands between two dates of which the second gives the year of both.
var joiner = regexp.MustCompile(`^,?\s*(?:and|or|to|until|till|[-–—])\s*(?:on\s+)?$`)

// joinYears gives the dates without a year that of the date they are joined to.
func joinYears(text string, named []namedDate) {
	for i := len(named) - 2; i >= 0; i-- {
		n, next := &named[i], named[i+1]
		if n.year > 0 || next.year == 0 || next.month == 0 || !joiner.MatchString(text[n.End:next.Start]) {
			continue
		}
		n.year = next.year
		if n.month > next.month {
			n.year-- // from December to January 2015
		}
	}
}

var (
	// ofName is how a sentence goes on to a year that is part of a name: "the
	// Treaty of Guarantee of 1960". What follows need not be of that year.
	ofName = regexp.MustCompile(`(?:[A-Z][\w-]* of |\()$`)
	// decade is how a year ends that stands for ten, from its last digit on.
	decade = regexp.MustCompile(`^0['’]s\b`)
	// amount is how a sentence goes on from a number that counts something.
	amount = regexp.MustCompile(`(?i)^(?:-strong|\s?%|[,.][0-9]|[\s-](?:km|kilomet|met(?:re|er)s|miles|mm|kg|tons?|tonnes|kilotons|megawatts|hectares|` +
		`million|billion|percent|per cent|dollars|euros|pounds|hours|days|men|women|people|persons|civilians|troops|soldiers|` +
		`personnel|peacekeepers|observers|prisoners|refugees|inhabitants|delegates|tanks|aircraft|missiles|warheads|` +
		`vehicles|ships|pages|words|votes)\b)`)
	// numbered is how a sentence goes on to the number of something or to an amount.
	numbered = regexp.MustCompile(`(?i)(?:[/$€£#№=]|\b(?:resolutions?|decisions?|decrees?|directives?|regulations?|orders?|article|art\.|chapter|` +
		`section|paragraphs?|paras?\.|pages?|pp?\.|nos?\.?|numbers?|flight|nearly|almost|some|about|over|around|approximately|roughly|` +
		`(?:more|fewer|less) than)\s\(?)$`)
	// listed is how a sentence goes on from one number of something to the next:
	// "resolutions 1695 (2006) and 1718 (2006)".
	listed = regexp.MustCompile(`(?i)\bresolutions(?:\s[0-9]+(?:\s\([0-9]{4}\))?,?(?:\sand)?)+\s$`)
	// ranged is how a sentence goes on to the end of a range of years.
	ranged = regexp.MustCompile(`[0-9]{4}\s?[-–—]\s?$`)
)

// maxBefore is how much of what comes before a number is looked at.
const maxBefore = 100

// isYear reports whether the number at the span is a year, and not the end of a
// range of years.
func isYear(text string, at Span) bool {
	before := text[max(0, at.Start-maxBefore):at.Start]
	return !decade.MatchString(text[at.End-1:]) && !amount.MatchString(text[at.End:]) &&
		!numbered.MatchString(before) && !listed.MatchString(before) && !ranged.MatchString(before)
}

// anniversary is how a sentence tells of something by the time since: "March
// 1949 marked ten years since".
var anniversary = regexp.MustCompile(`^\s+marks?(?:ed)?\s+(?:the\s+)?(\d+|[a-z-]+)\s+years?\s+(since)\b`)

// anniversaries are the dates of what happened whole years before a date that
// the sentence names. Their span is the word "since".
func anniversaries(text string, dates []DateMention) []DateMention {
	var found []DateMention
	for _, d := range dates {
		m := anniversary.FindStringSubmatchIndex(text[d.End:])
		if m == nil {
			continue
		}
		year, _ := strconv.Atoi(d.Date.Year()) // a Date has a year
		if then := yearsBefore(year, text[d.End+m[2]:d.End+m[3]]); then != "" {
			found = append(found, DateMention{Span{d.End + m[4], d.End + m[5]}, then + d.Date[4:]})
		}
	}
	return found
}

// yearsBefore is the year that lies the written number of years before another,
// "" where that is no number.
func yearsBefore(year int, written string) graph.Date {
	if years := numberOf(written); years > 0 && years < year {
		return graph.Date(fmt.Sprintf("%04d", year-years))
	}
	return ""
}

// ago is a year told from the day of the document.
var ago = regexp.MustCompile(`\b(?i:(\d+|[a-z]+(?:-[a-z]+)?)\s+years?\s+ago|(last|this)\s+year)\b`)

// relativeDates are the years that a sentence tells from the day on which its
// document was published.
func relativeDates(text string, published graph.Date) []DateMention {
	year, err := strconv.Atoi(published.Year())
	if err != nil {
		return nil
	}
	var found []DateMention
	for _, m := range ago.FindAllStringSubmatchIndex(text, -1) {
		var then graph.Date
		switch {
		case m[2] >= 0:
			then = yearsBefore(year, text[m[2]:m[3]])
		case strings.HasSuffix(strings.ToLower(text[:m[0]]), "the "):
		case strings.EqualFold(text[m[4]:m[5]], "last"):
			then = yearsBefore(year, "one")
		default:
			then = graph.Date(published.Year())
		}
		if then != "" {
			found = append(found, DateMention{Span{m[0], m[1]}, then})
		}
	}
	return found
}

// monthOf is the number of a month by its digits or name, 0 of anything else.
func monthOf(written string) int {
	if n, err := strconv.Atoi(written); err == nil {
		return n
	}
	return slices.IndexFunc(strings.Split(monthNames, "|"), func(name string) bool {
		return strings.EqualFold(name[:3], written[:min(3, len(written))])
	}) + 1
}

var (
	ordinals = strings.Fields(`first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
		fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third
		twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first`)
	units = strings.Fields(`zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
		sixteen seventeen eighteen nineteen`)
	tens = strings.Fields(`zero ten twenty thirty forty fifty sixty seventy eighty ninety`)
)

// dayOf is a day of a month by its digits or in words, "twenty-third", 0 of
// anything else.
func dayOf(written string) int {
	if n, err := strconv.Atoi(written); err == nil {
		return n
	}
	return slices.Index(ordinals, strings.ToLower(strings.ReplaceAll(written, " ", "-"))) + 1
}

// numberOf is a number in digits or in words, "one thousand nine hundred and
// ninety-one", 0 of anything else.
func numberOf(written string) int {
	if n, err := strconv.Atoi(written); err == nil {
		return n
	}
	sum, part := 0, 0
	for _, word := range strings.Fields(strings.ToLower(strings.ReplaceAll(written, "-", " "))) {
		unit, ten := slices.Index(units, word), slices.Index(tens, word)
		switch {
		case unit >= 0:
			part += unit
		case ten >= 0:
			part += 10 * ten
		case word == "hundred":
			part *= 100
		case word == "thousand":
			sum, part = sum+1000*part, 0
		case word != "and":
			return 0
		}
	}
	return sum + part
}
