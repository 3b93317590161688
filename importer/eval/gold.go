package eval

import (
	"fmt"
	"os"

	"pacta/importer"
)

// ReadGold reads the one annotation in a file of the claims format, or of its
// short form.
func ReadGold(path string) (*importer.Claims, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading gold: %w", err)
	}
	defer file.Close()
	var gold *importer.Claims
	err = importer.ReadClaims(file, func(c *importer.Claims) error {
		if gold != nil {
			return fmt.Errorf("a second annotation; put each document's in a file of its own")
		}
		gold = c
		return nil
	})
	if err == nil && gold == nil {
		err = fmt.Errorf("the file holds no annotation")
	}
	if err != nil {
		return nil, fmt.Errorf("reading gold %s: %w", path, err)
	}
	return gold, nil
}
