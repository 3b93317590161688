package graph

import (
	"fmt"
	"strings"
	"time"
)

// A Date is an ISO 8601 date of the precision that a source gives: "1994",
// "1994-12" or "1994-12-05". The empty Date means that no date is known.
type Date string

// ParseDate checks that s is empty or a date of one of the three precisions.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return "", nil
	}
	for _, layout := range []string{"2006", "2006-01", time.DateOnly} {
		if _, err := time.Parse(layout, s); err == nil {
			return Date(s), nil
		}
	}
	return "", fmt.Errorf("%w: date %q: want YYYY, YYYY-MM or YYYY-MM-DD", ErrInvalid, s)
}

// Year is the date's first four digits, or "" where no date is known.
func (d Date) Year() string {
	return string(d[:min(4, len(d))])
}

// Precision is "day", "month", "year" or "".
func (d Date) Precision() string {
	switch len(d) {
	case 10:
		return "day"
	case 7:
		return "month"
	case 4:
		return "year"
	}
	return ""
}

// First is the first day that the date can mean, as YYYY-MM-DD.
func (d Date) First() string {
	switch d.Precision() {
	case "year":
		return string(d) + "-01-01"
	case "month":
		return string(d) + "-01"
	}
	return string(d)
}

// Last is the last day that the date can mean, as YYYY-MM-DD.
func (d Date) Last() string {
	switch d.Precision() {
	case "year":
		return string(d) + "-12-31"
	case "month":
		first, err := time.Parse("2006-01", string(d))
		if err != nil {
			return string(d)
		}
		return first.AddDate(0, 1, -1).Format(time.DateOnly)
	}
	return string(d)
}

// Before reports whether d certainly lies before other: its last day precedes
// the other's first. It is false where either is unknown.
func (d Date) Before(other Date) bool {
	return d != "" && other != "" && d.Last() < other.First()
}

// Within reports whether d says the same as other, or the same more precisely.
func (d Date) Within(other Date) bool {
	return strings.HasPrefix(string(d), string(other))
}
