package graph

import (
	"bytes"
	"context"
	"encoding/json"
)

// ApplyBatch is what [Store.Apply] does within the ledger's transaction. The
// batch is valid.
func ApplyBatch(ctx context.Context, l Ledger, b *Batch) (Change, error) {
	change := Change{Claims: b.ClaimCount()}
	before, err := l.Batch(ctx, b.Document.ID(), b.Extractor)
	if err != nil {
		return Change{}, err
	}
	after := *b
	if before != nil {
		// The same bytes can come from two places: the smaller name stays,
		// whichever came first.
		after.Document.URI = min(before.Document.URI, after.Document.URI)
		if change.Unchanged, err = equal(before, &after); change.Unchanged || err != nil {
			return change, err
		}
		change.Replaced = true
	}
	return change, Settle(ctx, l, before, &after)
}

func equal(a, b *Batch) (bool, error) {
	first, err := json.Marshal(a)
	if err != nil {
		return false, err
	}
	second, err := json.Marshal(b)
	return bytes.Equal(first, second), err
}

// WithdrawBatches is what [Store.Withdraw] does within the ledger's
// transaction: the batches are all those of the document.
func WithdrawBatches(ctx context.Context, l Ledger, batches []*Batch) error {
	if len(batches) == 0 {
		return ErrNotFound
	}
	for _, b := range batches {
		if err := Settle(ctx, l, b, nil); err != nil {
			return err
		}
	}
	return nil
}
