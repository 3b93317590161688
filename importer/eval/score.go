// Package eval scores extracted claims against a gold annotation. It gives the
// numbers of the project's score.py: facts are taken apart into atoms, and an
// atom counts once.
package eval

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"pacta/importer"
)

// A Pair is what a careful reader and an extractor found in one document.
type Pair struct {
	Name      string // of the document, for reports
	Gold      *importer.Claims
	Predicted *importer.Claims
	Text      string // the document; where given, a fact counts only with a quote in it
}

// Counts are the atoms that were found, missed and wrongly given. Optional
// gold atoms are in none of them.
type Counts struct {
	Hit    int `json:"hit"`
	Missed int `json:"missed"`
	Wrong  int `json:"wrong"`
}

// Figures are a precision, a recall and their harmonic mean.
type Figures struct {
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// Figures of the counts; a share of nothing is 0.
func (c Counts) Figures() Figures {
	var f Figures
	if c.Hit > 0 {
		f.Precision = float64(c.Hit) / float64(c.Hit+c.Wrong)
		f.Recall = float64(c.Hit) / float64(c.Hit+c.Missed)
		f.F1 = 2 * f.Precision * f.Recall / (f.Precision + f.Recall)
	}
	return f
}

func (c Counts) plus(d Counts) Counts {
	return Counts{c.Hit + d.Hit, c.Missed + d.Missed, c.Wrong + d.Wrong}
}

// A Difference is an atom on which gold and prediction differ.
type Difference struct {
	Type Type   `json:"type"`
	Atom string `json:"atom"`
}

// A DocumentScore is the score of one document.
type DocumentScore struct {
	Name    string          `json:"name"`
	Types   map[Type]Counts `json:"types"`
	Overall Counts          `json:"overall"` // of the scored types
	Missed  []Difference    `json:"missed,omitempty"`
	Wrong   []Difference    `json:"wrong,omitempty"`
	Dropped int             `json:"dropped,omitempty"` // predicted facts without a quote in the text
}

// A Report is the score of several documents. Documents is the headline: the
// mean of each document's overall figures, so that a long treaty weighs no
// more than a short statement.
type Report struct {
	Types     map[Type]Counts `json:"types"`
	Overall   Counts          `json:"overall"`
	Documents Figures         `json:"documents"`
	Each      []DocumentScore `json:"each"`
}

// Score compares every pair. Each's order is that of the pairs.
func Score(pairs []Pair) Report {
	report := Report{Types: map[Type]Counts{}}
	for _, p := range pairs {
		d := scoreDocument(p)
		for _, t := range Types {
			report.Types[t] = report.Types[t].plus(d.Types[t])
		}
		report.Overall = report.Overall.plus(d.Overall)
		f := d.Overall.Figures()
		report.Documents.Precision += f.Precision / float64(len(pairs))
		report.Documents.Recall += f.Recall / float64(len(pairs))
		report.Documents.F1 += f.F1 / float64(len(pairs))
		report.Each = append(report.Each, d)
	}
	return report
}

func scoreDocument(p Pair) DocumentScore {
	gold, _ := reduce(p.Gold, nil, "")
	predicted, dropped := reduce(p.Predicted, align(p.Gold, p.Predicted), squeeze(p.Text))
	keepBeneficiaries(gold, predicted)

	d := DocumentScore{Name: p.Name, Types: map[Type]Counts{}, Dropped: dropped}
	for _, t := range Types {
		counts := Counts{}
		for a, optional := range gold[t] {
			if optional {
				continue
			}
			if _, hit := predicted[t][a]; hit {
				counts.Hit++
			} else {
				counts.Missed++
				d.Missed = append(d.Missed, Difference{t, a.String()})
			}
		}
		for a := range predicted[t] {
			if _, known := gold[t][a]; !known {
				counts.Wrong++
				d.Wrong = append(d.Wrong, Difference{t, a.String()})
			}
		}
		d.Types[t] = counts
		if slices.Contains(Scored, t) {
			d.Overall = d.Overall.plus(counts)
		}
	}
	slices.SortFunc(d.Missed, compareDifferences)
	slices.SortFunc(d.Wrong, compareDifferences)
	return d
}

func compareDifferences(a, b Difference) int {
	return cmp.Or(
		cmp.Compare(slices.Index(Types, a.Type), slices.Index(Types, b.Type)),
		cmp.Compare(a.Atom, b.Atom))
}

// keepBeneficiaries drops the beneficiaries of obligations that gold and
// prediction do not share.
func keepBeneficiaries(gold, predicted atoms) {
	for _, side := range []atoms{gold, predicted} {
		for a := range side[Beneficiaries] {
			obligation := atom{a[0], a[1], a[2]}
			_, inGold := gold[Obligations][obligation]
			_, inPredicted := predicted[Obligations][obligation]
			if !inGold || !inPredicted {
				delete(side[Beneficiaries], a)
			}
		}
	}
}

// WriteTable writes a line for every document and for every type of fact, the
// overall figures and the mean over documents.
func (r Report) WriteTable(w io.Writer) error {
	var b strings.Builder
	for _, d := range r.Each {
		f := d.Overall.Figures()
		fmt.Fprintf(&b, "  P %.3f  R %.3f  F1 %.3f   %s", f.Precision, f.Recall, f.F1, d.Name)
		if d.Dropped > 0 {
			fmt.Fprintf(&b, ", %d facts dropped: their quote is not in the document", d.Dropped)
		}
		b.WriteByte('\n')
	}
	line := func(name string, f Figures, note string) {
		fmt.Fprintf(&b, "%-14s P %.3f  R %.3f  F1 %.3f   %s\n", name, f.Precision, f.Recall, f.F1, note)
	}
	for _, t := range Types {
		line(string(t), r.Types[t].Figures(), r.Types[t].note())
	}
	line("overall", r.Overall.Figures(), r.Overall.note())
	line("documents", r.Documents, fmt.Sprintf("mean of %d", len(r.Each)))
	_, err := io.WriteString(w, b.String())
	return err
}

func (c Counts) note() string {
	return fmt.Sprintf("hit %d missed %d wrong %d", c.Hit, c.Missed, c.Wrong)
}
