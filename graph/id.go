package graph

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"sort"
	"strings"
	"unicode"
)

// Unattached takes the instrument's place in the id of an obligation that no
// instrument creates.
const Unattached = "promise"

// nobody takes the place of an actor that a fact does not name.
const nobody = "-"

var (
	actorID      = regexp.MustCompile(`^(state:([A-Z]{3}|[a-z0-9]+(-[a-z0-9]+)*)|(org|person|group):[a-z0-9]+(-[a-z0-9]+)*)$`)
	instrumentID = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	eventID      = regexp.MustCompile(`^event:[a-z0-9-]+\.[A-Za-z0-9-]+$`)
	digest       = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// Slug turns a name into the part of an id that people can read: lower case
// ASCII letters and digits, with a hyphen for every run of anything else.
// Letters with accents lose them; other scripts are kept out, so the slug can
// be empty. A slug of more than 100 bytes is cut, and ends with a digest.
func Slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		if plain, ok := unaccented[r]; ok {
			b.WriteString(plain)
			continue
		}
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '\'' || r == '’' || r == '.' || unicode.Is(unicode.Mn, r):
			// "U.S." is "us", and "Côte d’Ivoire" "cote-divoire"
		default:
			if s := b.String(); s != "" && !strings.HasSuffix(s, "-") {
				b.WriteByte('-')
			}
		}
	}
	return bounded(strings.Trim(b.String(), "-"), 100)
}

// MaxIDLength bounds the ids of actors and instruments, in bytes, so that all
// ids that are made of them fit an index. MaxNameLength bounds names.
const (
	MaxIDLength   = 200
	MaxNameLength = 16 << 10
)

// bounded cuts what is longer than size, and marks it with a digest of it all.
func bounded(s string, size int) string {
	if len(s) <= size {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	const mark = 12
	return strings.TrimRight(s[:size-mark-1], "-~") + "-" + hex.EncodeToString(sum[:])[:mark]
}

var unaccented = func() map[rune]string {
	m := map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ı': "i"}
	for plain, accented := range map[string]string{
		"a": "àáâãäåāăą", "c": "çćĉċč", "d": "ď", "e": "èéêëēĕėęě", "g": "ĝğġģ", "h": "ĥħ", "i": "ìíîïĩīĭį",
		"j": "ĵ", "k": "ķ", "l": "ĺļľ", "n": "ñńņň", "o": "òóôõöōŏő", "r": "ŕŗř", "s": "śŝşšș", "t": "ţťțŧ",
		"u": "ùúûüũūŭůűų", "w": "ŵ", "y": "ýÿŷ", "z": "źżž",
	} {
		for _, r := range accented {
			m[r] = plain
		}
	}
	return m
}()

// ObligationID is the identity of an obligation: instrument, kind and bearer
// and, where no instrument creates it, its beneficiaries. Instrument and
// bearer may be empty.
func ObligationID(instrument string, kind ObligationKind, bearer string, beneficiaries []string) string {
	if instrument != "" {
		return instrument + "." + string(kind) + "." + actorKey(bearer)
	}
	keys := make([]string, len(beneficiaries))
	for i, b := range beneficiaries {
		keys[i] = actorKey(b)
	}
	sort.Strings(keys)
	if len(keys) == 0 {
		keys = []string{nobody}
	}
	return Unattached + "." + string(kind) + "." + actorKey(bearer) + "." + bounded(strings.Join(keys, "~"), MaxIDLength)
}

// ViolationID is the identity of a violation: perpetrator, kind, victim and
// year. Victim and date may be empty.
func ViolationID(perpetrator string, kind ViolationKind, victim string, date Date) string {
	id := violationGroup(perpetrator, kind, victim)
	if date != "" {
		id += "." + date.Year()
	}
	return id
}

// violationGroup is what the dated and undated mentions of an act share.
func violationGroup(perpetrator string, kind ViolationKind, victim string) string {
	return "violation:" + actorKey(perpetrator) + "." + string(kind) + "." + actorKey(victim)
}

// kindOf is the kind of a group's violations.
func kindOf(group string) ViolationKind {
	_, rest, _ := strings.Cut(group, ".")
	kind, _, _ := strings.Cut(rest, ".")
	return ViolationKind(kind)
}

var violationYear = regexp.MustCompile(`\.\d{4}$`)

func groupOf(violation string) string {
	return violationYear.ReplaceAllString(violation, "")
}

func isInstrument(id string) bool { return instrumentID.MatchString(id) }

// DocumentID is the identity of a document, from the SHA-256 of its bytes.
func DocumentID(sha256 string) string { return "doc:" + sha256 }

// PassageID is the identity of the span of a document.
func PassageID(document string, start, end int) string {
	return fmt.Sprintf("passage:%s:%d-%d", strings.TrimPrefix(document, "doc:"), start, end)
}

// EventID is the identity of a dataset's event.
func EventID(dataset, id string) string { return "event:" + dataset + "." + id }

// LabelOf is the label of the node with that id, as the forms of ids tell it.
func LabelOf(id string) Label {
	prefix, _, found := strings.Cut(id, ":")
	switch {
	case found && prefix == "doc":
		return DocumentLabel
	case found && prefix == "passage":
		return PassageLabel
	case found && prefix == "violation":
		return ViolationLabel
	case found && prefix == "event":
		return EventLabel
	case found:
		return ActorLabel
	case strings.Contains(id, "."):
		return ObligationLabel
	}
	return InstrumentLabel
}

// actorKey is an actor's id as a part of another id: "RUS" for state:RUS,
// "org-nato" for org:nato.
func actorKey(actor string) string {
	if actor == "" {
		return nobody
	}
	return strings.ReplaceAll(strings.TrimPrefix(actor, "state:"), ":", "-")
}
