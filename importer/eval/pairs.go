package eval

import (
	"context"
	"fmt"
	"path/filepath"

	"pacta/importer"
)

// Pairs reads each annotation and lets the importer's extractors read the
// document that it is about, which stands near the annotation.
func Pairs(ctx context.Context, im *importer.Importer, annotations []importer.Source) ([]Pair, error) {
	var pairs []Pair
	for _, annotation := range annotations {
		if filepath.Ext(annotation.URI) != ".json" && filepath.Ext(annotation.URI) != ".jsonl" {
			continue
		}
		file, err := annotation.Open()
		if err != nil {
			return nil, err
		}
		err = importer.ReadClaims(file, func(gold *importer.Claims) error {
			pair, err := pairOf(ctx, im, annotation, gold)
			pairs = append(pairs, pair)
			return err
		})
		if closeError := file.Close(); err == nil {
			err = closeError
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", annotation.URI, err)
		}
	}
	return pairs, nil
}

func pairOf(ctx context.Context, im *importer.Importer, annotation importer.Source, gold *importer.Claims) (Pair, error) {
	name := filepath.Base(gold.Document.URI)
	source, err := annotation.Near(name)
	if err != nil {
		return Pair{}, fmt.Errorf("its document %s: %w", name, err)
	}
	predicted, _, err := im.Extract(ctx, source)
	if err != nil {
		return Pair{}, fmt.Errorf("its document %s: %w", name, err)
	}
	all := predicted[0]
	for _, other := range predicted[1:] {
		all.Instruments = append(all.Instruments, other.Instruments...)
		all.Parties = append(all.Parties, other.Parties...)
		all.Obligations = append(all.Obligations, other.Obligations...)
		all.Violations = append(all.Violations, other.Violations...)
		all.Responses = append(all.Responses, other.Responses...)
	}
	return Pair{Name: name, Gold: gold, Predicted: all}, nil
}
