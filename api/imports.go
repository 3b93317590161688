package api

import (
	"context"
	"io"
	"net/http"
	"path"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"pacta/importer"
)

const importsPath = "/v1/imports"

type importInput struct {
	RawBody huma.MultipartFormFiles[struct {
		Files []huma.FormFile `form:"files" required:"true" doc:"Documents and claims files"`
	}]
}

type importOutput struct {
	Body importer.Report
}

func (s *server) registerImports(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "import", Method: http.MethodPost, Path: importsPath, Summary: "Import documents and claims files",
		Description:  "Answers when all files are read. Each file ends as imported, replaced, unchanged, skipped or refused, with the reason.",
		Errors:       []int{http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity},
		MaxBodyBytes: s.options.UploadBytes,
	}, func(ctx context.Context, in *importInput) (*importOutput, error) {
		var sources []importer.Source
		for _, file := range in.RawBody.Data().Files {
			sources = append(sources, importer.Source{
				URI: baseName(file.Filename),
				Open: func() (io.ReadCloser, error) {
					_, err := file.Seek(0, io.SeekStart)
					return io.NopCloser(file), err
				},
			})
		}
		report, err := s.options.Importer.Import(ctx, sources)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return &importOutput{report}, nil
	})
}

// baseName is the last part of an uploaded file's name, whatever system it
// comes from.
func baseName(name string) string {
	return path.Base(strings.ReplaceAll(name, `\`, "/"))
}
