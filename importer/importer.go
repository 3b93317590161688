package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"pacta/graph"
	"pacta/importer/lexicon"
)

// Options are what an Importer works with.
type Options struct {
	Store      graph.Store // nil: nothing is written
	Lexicon    *lexicon.Lexicon
	Extractors []Extractor
	Workers    int // sources read at once; at least 1
	// Progress is called after each source, from one goroutine at a time.
	Progress func(Result)
	// Patience is how long the import waits for a store that returns
	// graph.ErrUnreachable to answer again; 0 means not at all.
	Patience time.Duration
	// Waiting is called with true when the import begins to wait for the store,
	// and with false when it goes on, from one goroutine at a time.
	Waiting func(bool)
}

// An Importer turns sources into facts of a graph.
type Importer struct {
	options Options
	results chan struct{} // holds one token, so that Progress is called in turn
	outage  outage
}

// New returns an importer. It is safe for concurrent use.
func New(o Options) *Importer {
	o.Workers = max(1, o.Workers)
	return &Importer{options: o, results: make(chan struct{}, 1)}
}

// Import reads the sources and applies what they say, a document at a time,
// each whole or not at all. What cannot be read or breaks a rule is a result
// with its reason, not an error; the error is of the store or the context, and
// then the report holds what was done before. Importing again, in any order,
// changes nothing. A store whose server does not answer is waited for.
func (im *Importer) Import(ctx context.Context, sources []Source) (Report, error) {
	report := Report{Results: make([]Result, len(sources))}
	// Claims files come last: their documents may be among the sources.
	for _, claims := range []bool{false, true} {
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(im.options.Workers)
		for i, source := range sources {
			report.Results[i].Source = source.URI
			if source.isClaims() != claims {
				continue
			}
			group.Go(func() error {
				result, err := im.one(ctx, source, sources)
				if err != nil {
					return fmt.Errorf("import %s: %w", source.URI, err)
				}
				report.Results[i] = result
				im.progress(result)
				return nil
			})
		}
		if err := group.Wait(); err != nil {
			return done(report), err
		}
	}
	return report, nil
}

// done leaves out the sources that were not reached.
func done(r Report) Report {
	var reached Report
	for _, result := range r.Results {
		if result.Outcome != "" {
			reached.Results = append(reached.Results, result)
		}
	}
	return reached
}

func (im *Importer) progress(r Result) {
	if im.options.Progress == nil {
		return
	}
	im.results <- struct{}{}
	defer func() { <-im.results }()
	im.options.Progress(r)
}

// one imports one source.
func (im *Importer) one(ctx context.Context, source Source, all []Source) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	var batches []*graph.Batch
	result := Result{Source: source.URI}
	var err error
	if source.isClaims() {
		batches, err = im.readClaims(ctx, source, all)
	} else {
		batches, result.NotFacts, err = im.readDocument(ctx, source)
	}
	if err == nil {
		err = im.write(ctx, batches, &result)
	}
	return sorted(result, err)
}

// sorted tells what became of a source from what is the store's trouble.
func sorted(result Result, err error) (Result, error) {
	var skip *SkipError
	switch {
	case err == nil:
	case errors.As(err, &skip):
		result.Outcome, result.Reason = Skipped, skip.Error()
	case errors.Is(err, graph.ErrInvalid), errors.Is(err, graph.ErrConflict):
		result.Outcome, result.Reason = Refused, err.Error()
	default:
		return Result{}, err
	}
	return result, nil
}

// readDocument parses a document and lets every extractor read it.
func (im *Importer) readDocument(ctx context.Context, source Source) ([]*graph.Batch, map[string]int, error) {
	document, err := open(source)
	if err != nil {
		return nil, nil, err
	}
	var batches []*graph.Batch
	var notFacts map[string]int
	for _, extractor := range im.options.Extractors {
		claims, refused, err := extractor.Extract(ctx, document)
		if err != nil {
			return nil, nil, err
		}
		notFacts = merge(notFacts, refused)
		batch, err := Resolve(claims, document, extractor.Name(), im.options.Lexicon)
		if err != nil {
			return nil, nil, err
		}
		batches = append(batches, batch)
	}
	return batches, notFacts, nil
}

// Extract reads one document's claims with every extractor, without a store.
func (im *Importer) Extract(ctx context.Context, source Source) ([]*Claims, map[string]int, error) {
	batches, notFacts, err := im.readDocument(ctx, source)
	if err != nil {
		return nil, nil, err
	}
	var claims []*Claims
	for _, batch := range batches {
		c := ClaimsOf(batch)
		c.Document.Text = "" // it stands at the URI
		claims = append(claims, c)
	}
	return claims, notFacts, nil
}

// readClaims resolves every claims object of a file. All of them are checked
// before any is written.
func (im *Importer) readClaims(ctx context.Context, source Source, all []Source) ([]*graph.Batch, error) {
	file, err := source.Open()
	if err != nil {
		return nil, unreadable(err)
	}
	defer file.Close()
	var batches []*graph.Batch
	var mistakes []error
	err = ReadClaims(file, func(c *Claims) error {
		document, err := im.documentOf(ctx, c, source, all)
		if err == nil {
			name := c.Extractor
			if name == "" {
				name = "claims:" + filepath.Base(source.URI)
			}
			var batch *graph.Batch
			if batch, err = Resolve(c, document, name, im.options.Lexicon); err == nil {
				batches = append(batches, batch)
				return nil
			}
		}
		if errors.Is(err, graph.ErrInvalid) {
			mistakes = append(mistakes, fmt.Errorf("claims about %s: %w", c.Document.URI, err))
			return nil
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return batches, errors.Join(mistakes...)
}

// documentOf finds the document that claims are about: its text in the claims
// themselves, the store by its hash, a file near the claims, or another source
// of the same import.
func (im *Importer) documentOf(ctx context.Context, c *Claims, source Source, all []Source) (*Document, error) {
	if c.Document.Text != "" {
		published, err := graph.ParseDate(c.Document.Published)
		if err != nil {
			return nil, err
		}
		return &Document{
			URI: c.Document.URI, SHA256: cmp.Or(c.Document.SHA256, digest([]byte(c.Document.Text))), MediaType: c.Document.MediaType,
			Title: c.Document.Title, Author: c.Document.Author, Published: published, Language: c.Document.Language, Text: c.Document.Text,
		}, nil
	}
	if sha := c.Document.SHA256; sha != "" && im.options.Store != nil {
		var known graph.Document
		err := im.patiently(ctx, func() (err error) {
			known, err = im.options.Store.Document(ctx, graph.DocumentID(sha))
			return err
		})
		if err == nil {
			return &Document{
				URI: known.URI, SHA256: known.SHA256, MediaType: known.MediaType, Title: known.Title,
				Author: known.Author, Published: known.Published, Language: known.Language, Text: known.Text,
			}, nil
		}
		if !errors.Is(err, graph.ErrNotFound) {
			return nil, err
		}
	}
	document, err := findDocument(filepath.Base(c.Document.URI), source, all)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: document %q is not at hand, so no quote can be checked; put it beside the claims file, in a folder \"documents\" next to its folder, or import it in the same run", graph.ErrInvalid, c.Document.URI)
	}
	if err != nil {
		return nil, err
	}
	if sha := c.Document.SHA256; sha != "" && !strings.EqualFold(sha, document.SHA256) {
		return nil, fmt.Errorf("%w: document %s is not the one that was read: its sha256 is %s, the claims say %s", graph.ErrInvalid, document.URI, document.SHA256, sha)
	}
	return document, nil
}

func findDocument(name string, source Source, all []Source) (*Document, error) {
	if source.Near != nil {
		near, err := source.Near(name)
		if err == nil {
			return open(near)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	for _, other := range all {
		if !other.isClaims() && filepath.Base(other.URI) == name {
			return open(other)
		}
	}
	return nil, fs.ErrNotExist
}

// open parses a source's document.
func open(source Source) (*Document, error) {
	file, err := source.Open()
	if err != nil {
		return nil, unreadable(err)
	}
	defer file.Close()
	return Read(source.URI, file)
}

// write applies the batches and records in the result what became of them.
func (im *Importer) write(ctx context.Context, batches []*graph.Batch, result *Result) error {
	result.Outcome = Unchanged
	for _, batch := range batches {
		result.Document, result.Title = batch.Document.ID(), batch.Document.Title
		result.Claims += batch.ClaimCount()
		if im.options.Store == nil {
			result.Outcome = Imported
			continue
		}
		var change graph.Change
		err := im.patiently(ctx, func() (err error) {
			change, err = im.options.Store.Apply(ctx, batch)
			return err
		})
		switch {
		case err != nil:
			return err
		case change.Replaced:
			result.Outcome = Replaced
		case !change.Unchanged && result.Outcome == Unchanged:
			result.Outcome = Imported
		}
	}
	return nil
}
